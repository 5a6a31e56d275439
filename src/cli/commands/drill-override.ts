import type { Command } from 'commander';
import { deploymentRoutes } from '../../contract/deployment.ts';
import { drillRoutes } from '../../contract/drill.ts';
import type { DrillOverrideAnswer } from '../../contract/drill.ts';
import { isDecision } from '../../domain/approval/approval-statement.ts';
import { decisionToOverride } from '../../domain/approval/drill-override.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { confirmAct, confirmOptions } from '../confirm-act.ts';
import type { ConfirmFlags } from '../confirm-act.ts';
import { openKey } from '../open-key.ts';
import { requirePlan } from '../require-ids.ts';
import { sendYes } from '../send-yes.ts';
import { pairs } from '../table.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

interface Flags extends ConfirmFlags {
  readonly reason?: string;
  readonly key?: string;
}

export function addDrillOverride(parent: Command, verbs: Verbs): void {
  addVerb<Flags>(parent, verbs, {
    usage: 'override <plan>',
    summary:
      'in a live attack: gives the reason why one plan is to be started without a recent drill, or signs your yes to it; two who did not write the plan, for 24 hours',
    example:
      'allclear drill override plan_81 --reason "thieves are signing in right now" --key ~/ada.key --yes --total 380 --as ada',
    options: [
      ['--reason <text>', 'why it cannot wait for a drill; without it you sign the reason that was given last'],
      ['--key <file>', 'your key file'],
      ...confirmOptions,
    ],
    async run(session, args, flags) {
      const { api, out, world } = session;
      const plan = requirePlan(args[0]);
      const { reason } = flags;
      if (reason !== undefined && flags.yes !== true)
        throw new Failure(
          'needs-confirmation',
          `Nothing was done. To give this reason and sign it: allclear drill override ${plan} --reason TEXT --key FILE --yes --total N`,
        );
      const asked =
        reason === undefined
          ? await api.call(drillRoutes.readOverride, { params: { plan } })
          : await api.call(drillRoutes.askOverride, { params: { plan }, body: { reason } });
      if (flags.yes !== true) out.data(asked, () => overrideLines(asked));
      confirmAct(flags, asked.total, `allclear drill override ${plan} --key FILE`);
      const { decision, digest, total } = asked;
      // What is signed names the reason that this person read, whatever the server says it names.
      const read = decisionToOverride(world.local.signing.digests.sha256(asked.reason));
      if (decision !== read || !isDecision(decision))
        throw new Failure(
          'digest-mismatch',
          'The decision does not name the reason that is shown. Nothing was signed.',
        );
      const { deployment, directory } = await api.call(deploymentRoutes.show, {});
      await sendYes(session, plan, await openKey(session, flags.key), {
        deployment,
        directory,
        digest,
        total,
        decision,
      });
      out.data(asked, () => [
        'Your yes is recorded. When a second person has signed the same reason:',
        `  allclear rollout start ${plan} --yes --total ${total}`,
      ]);
    },
  });
}

function overrideLines({ plan, total, digest, reason }: DrillOverrideAnswer): readonly string[] {
  return pairs([
    ['plan', plan],
    ['people', total],
    ['digest', digest],
    ['reason', reason],
  ]);
}
