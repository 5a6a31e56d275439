import type { Command } from 'commander';
import type { LossRecord } from '../../app/ledger/loss-record.ts';
import { deploymentRoutes } from '../../contract/deployment.ts';
import { lossRoutes } from '../../contract/loss.ts';
import type { ShownLossAnswer } from '../../contract/loss.ts';
import { digestWords } from '../../domain/approval/digest-words.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { isTypedId } from '../../domain/shared/ids.ts';
import { confirmAct, confirmOptions } from '../confirm-act.ts';
import type { ConfirmFlags } from '../confirm-act.ts';
import { lossLines } from '../loss-lines.ts';
import { openKey } from '../open-key.ts';
import { requireDigest } from '../require-ids.ts';
import { sendYes } from '../send-yes.ts';
import type { Session } from '../session.ts';
import { pairs } from '../table.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

interface Flags extends ConfirmFlags {
  readonly digest?: string;
  readonly key?: string;
}

export function addLedgerApproveRestored(parent: Command, verbs: Verbs): void {
  addVerb<Flags>(parent, verbs, {
    usage: 'approve-restored',
    summary:
      'signs your yes to accepting that commits of the database are lost, as it was put forward on the server; two sign',
    example: 'allclear ledger approve-restored --digest 5e0b... --key ~/ada.key --yes --total 110 --as ada',
    options: [
      ['--digest <digest>', "the digest as it was said to you by whoever sits at the server's machine"],
      ['--key <file>', 'your key file'],
      ...confirmOptions,
    ],
    async run(session, _args, flags) {
      const { api, out } = session;
      const shown = await api.call(lossRoutes.waiting, {});
      const record = readRecord(session, shown);
      const { loss, digest, total } = shown;
      if (!isTypedId('loss', loss)) throw new Failure('internal', 'The server named no loss.');
      if (flags.yes !== true) out.data({ ...shown, record }, () => lines(shown, record));
      confirmAct(flags, total, `allclear ledger approve-restored --digest ${digest} --key FILE`);
      if (requireDigest(flags.digest) !== digest)
        throw new Failure(
          'digest-mismatch',
          `${loss} has the digest ${digest}; you typed another. Nothing was signed.`,
        );
      const { deployment, directory } = await api.call(deploymentRoutes.show, {});
      if (record.deployment !== deployment || record.directory !== directory)
        throw new Failure(
          'environment-mismatch',
          `${loss} is about ${record.deployment} and the directory ${record.directory}, not about this server's. Nothing was signed.`,
        );
      const key = await openKey(session, flags.key);
      await sendYes(session, loss, key, { deployment, directory, digest, total, decision: 'accept-loss' });
      const { have, required } = await api.call(lossRoutes.waiting, {});
      out.data({ loss, digest, total, have, required }, () => [
        `Your yes is recorded: ${have} of ${required}.`,
        have < required
          ? 'Another person has to sign the same; nothing is accepted yet.'
          : "Now on the server's own machine, as it was put forward: allclear ledger accept-restored --yes",
      ]);
    },
  });
}

/** What is signed is what this person reads: the digest is computed here, from the text that is shown. */
function readRecord({ world }: Session, { loss, record, digest, total }: ShownLossAnswer): LossRecord {
  const read = JSON.parse(record) as LossRecord;
  if (world.local.signing.digests.sha256(record) !== digest || read.people !== total)
    throw new Failure('digest-mismatch', `The digest of ${loss} is not that of what it says. Nothing was signed.`);
  return read;
}

function lines({ loss, digest, total, have, required }: ShownLossAnswer, record: LossRecord): readonly string[] {
  return [
    ...pairs([
      ['loss', loss],
      ['digest, computed here', digest],
      ['  said', digestWords(digest)],
      ['deployment', `${record.deployment}, directory ${record.directory}`],
      ['become unknown', total],
      ['everyone', record.everyone ? 'yes: whoever was not told for certain becomes unknown' : 'no'],
      ['vouched', record.vouched],
      ['journals heard of', record.hosts.join(', ')],
      ['signed by', `${have} of ${required}`],
    ]),
    '',
    ...lossLines(record),
  ];
}
