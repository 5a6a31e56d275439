import type { Command } from 'commander';
import { deploymentRoutes } from '../../contract/deployment.ts';
import { planRoutes } from '../../contract/plan.ts';
import { retractionRoutes } from '../../contract/retraction.ts';
import { rolloutRoutes } from '../../contract/rollout.ts';
import { decisionToGoOn } from '../../domain/rollout/held-verdict.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { isTypedId } from '../../domain/shared/ids.ts';
import type { PlanId, RetractionId } from '../../domain/shared/ids.ts';
import { openKey } from '../open-key.ts';
import { requireDigest, requireSubject, requireTotal } from '../require-ids.ts';
import { heldInWords, rolloutLines } from '../rollout-lines.ts';
import { sendYes } from '../send-yes.ts';
import type { Session } from '../session.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

interface Flags {
  readonly digest?: string;
  readonly total?: string;
  readonly key?: string;
  readonly yes?: boolean;
  readonly over?: boolean;
}

export function addRolloutResume(parent: Command, verbs: Verbs): void {
  addVerb<Flags>(parent, verbs, {
    usage: 'resume <plan>',
    summary:
      'signs your yes to resuming exactly this halted or paused state; with the last yes that is needed it resumes',
    example: 'allclear rollout resume plan_81 --digest 9f2c... --total 412 --key ~/ada.key --yes --as ada',
    options: [
      ['--digest <digest>', 'the digest of the plan or retraction, as you know it'],
      ['--total <n>', 'how many people it concerns, as you know it'],
      ['--key <file>', 'your key file'],
      ['--over', 'go on over the verdicts that hold now, for their waves only; without it they go on holding'],
      ['--yes', 'sign and ask to resume; without it the command only shows where it stands'],
    ],
    async run(session, args, flags) {
      const { api, out } = session;
      const subject = requireSubject(args[0]);
      const status = await api.call(rolloutRoutes.status, { params: { subject } });
      // A finished track with this time is one of which mails are held in a queue.
      if (status.pause == null && !status.tracks.some((track) => track.haltedAt !== null)) {
        throw new Failure(
          'not-halted',
          `${subject} is neither halted nor paused: it is ${status.phase}. Nothing was signed.`,
        );
      }
      const digest = requireDigest(flags.digest);
      if (status.digest !== digest) {
        throw new Failure(
          'digest-mismatch',
          `${subject} runs under the digest ${status.digest}; you typed another. Nothing was signed.`,
        );
      }
      const total = await totalOf(session, subject);
      if (requireTotal(flags.total) !== total) {
        throw new Failure(
          'total-mismatch',
          `${subject} concerns ${total} people; you typed ${flags.total}. Nothing was signed.`,
        );
      }
      if (flags.over === true && status.goOn === null) {
        throw new Failure(
          'usage',
          `Nothing that two people may go on over holds ${subject}. Leave --over out. Nothing was signed.`,
        );
      }
      if (flags.yes !== true) {
        out.data(status, () => rolloutLines(status));
        throw new Failure(
          'needs-confirmation',
          `Nothing was signed. To say yes to resuming it as it stands (epoch ${status.epoch}), repeat the command with --yes: allclear rollout resume ${subject} ...`,
        );
      }
      const { deployment, directory } = await api.call(deploymentRoutes.show, {});
      const key = await openKey(session, flags.key);
      // Made here from the list that was shown: a server that lies about its decision gets no yes to another.
      const decision =
        flags.over === true && status.goOn !== null
          ? decisionToGoOn(status.epoch, status.goOn.over)
          : (`resume-epoch-${status.epoch}` as const);
      await sendYes(session, subject, key, { deployment, directory, digest, total, decision });
      const resumed = await api.call(rolloutRoutes.resume, { params: { subject } });
      if (resumed.kind === 'resumed') {
        out.data(resumed, () => [
          `${subject} goes on: ${resumed.tracks.join(', ')}.`,
          ...resumed.over.map((one) => `gone on over: ${heldInWords(one)}`),
        ]);
        return 0;
      }
      out.data(resumed, () => [
        `Your yes is recorded: ${resumed.have} of ${resumed.required}. ${subject} stays as it is until another person says yes to this state.`,
      ]);
      return 3;
    },
  });
}

async function totalOf({ api }: Session, subject: PlanId | RetractionId): Promise<number> {
  if (isTypedId('plan', subject)) return (await api.call(planRoutes.show, { params: { plan: subject } })).counts.total;
  return (await api.call(retractionRoutes.show, { params: { subject } })).affected;
}
