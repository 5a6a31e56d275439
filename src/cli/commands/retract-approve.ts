import type { Command } from 'commander';
import { deploymentRoutes } from '../../contract/deployment.ts';
import { retractionRoutes } from '../../contract/retraction.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { recomputeRetraction } from '../../domain/retraction/recompute-retraction.ts';
import type { RetractionExportLine } from '../../domain/retraction/recompute-retraction.ts';
import { isTypedId } from '../../domain/shared/ids.ts';
import type { RetractionId } from '../../domain/shared/ids.ts';
import { confirmAct, confirmOptions } from '../confirm-act.ts';
import type { ConfirmFlags } from '../confirm-act.ts';
import { openKey } from '../open-key.ts';
import { requireDigest, requireSubject } from '../require-ids.ts';
import { retractionLines } from '../retraction-lines.ts';
import { sendYes } from '../send-yes.ts';
import type { Session } from '../session.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

interface Flags extends ConfirmFlags {
  readonly digest?: string;
  readonly key?: string;
}

export function addRetractApprove(parent: Command, verbs: Verbs): void {
  addVerb<Flags>(parent, verbs, {
    usage: 'approve <retraction>',
    summary:
      'recomputes the digest on this machine and signs your yes to a retraction; with the last yes that is needed it starts: passwords back, final letters',
    example: 'allclear retract approve retraction_4 --digest 77ab... --total 380 --key ~/ada.key --yes --as ada',
    options: [
      ['--digest <digest>', 'the digest as you know it from its author'],
      ['--key <file>', 'your key file'],
      ...confirmOptions,
    ],
    async run(session, args, flags) {
      const { api, out } = session;
      const { shown, tag } = await api.read(retractionRoutes.show, { params: { subject: requireSubject(args[0]) } });
      const { retraction, digest, affected } = shown;
      if (!isTypedId('retraction', retraction)) throw new Failure('internal', 'The server named no retraction.');
      if (requireDigest(flags.digest) !== digest) {
        throw new Failure(
          'digest-mismatch',
          `${retraction} has the digest ${digest}; you typed another. Nothing was signed.`,
        );
      }
      if (flags.yes !== true) out.data(shown, () => retractionLines(shown));
      confirmAct(flags, affected, `allclear retract approve ${retraction} --digest ${digest} --key FILE`);
      const { deployment, directory } = await refuseOther(session, retraction, { digest, affected });
      const key = await openKey(session, flags.key);
      const yes = { deployment, directory, digest, total: affected, decision: 'approve' } as const;
      await sendYes(session, retraction, key, yes, tag);
      const started = await api.call(retractionRoutes.start, { params: { retraction } });
      if (started.kind === 'started') {
        out.data({ retraction, ...started }, () => [
          `${retraction} is started.`,
          `  allclear rollout watch ${retraction}`,
        ]);
        return;
      }
      out.data({ retraction, ...started }, () => [
        `Your yes is recorded: ${started.have} of ${started.required}. Another person has to say yes; then it starts.`,
      ]);
    },
  });
}

/** What is signed is what this machine computed from every line of it, whatever the server says. */
async function refuseOther(
  { api, out, world }: Session,
  retraction: RetractionId,
  shown: { readonly digest: string; readonly affected: number },
): Promise<{ readonly deployment: string; readonly directory: string }> {
  out.progress('reading the export and computing its digest here');
  const lines = api.stream<RetractionExportLine>(retractionRoutes.export, { params: { retraction } });
  const { digest, affected, header } = await recomputeRetraction(world.local.signing.digests, lines);
  const { deployment } = await api.call(deploymentRoutes.show, {});
  const isOther = header.retraction !== retraction || header.deployment !== deployment;
  if (isOther || digest !== shown.digest || affected !== shown.affected)
    throw new Failure(
      'digest-mismatch',
      `Computed here, ${header.retraction} has the digest ${digest} and concerns ${affected} people. That is not what the server shows. Nothing was signed; tell whoever runs it.`,
    );
  return { deployment, directory: header.directory };
}
