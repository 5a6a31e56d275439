import type { Command } from 'commander';
import type { LossAcceptance } from '../../app/ledger/accept-loss.ts';
import type { LossPreview } from '../../app/ledger/preview-loss.ts';
import { digestWords } from '../../domain/approval/digest-words.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { confirmAct, confirmOptions } from '../confirm-act.ts';
import type { ConfirmFlags } from '../confirm-act.ts';
import { lossLines } from '../loss-lines.ts';
import { pairs } from '../table.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

interface Flags extends ConfirmFlags {
  readonly everyone?: boolean;
  readonly vouch?: string;
  readonly journal?: string;
}

const leastWordsOfVouch = 10;

export function addLedgerAcceptRestored(parent: Command, verbs: Verbs): void {
  addVerb<Flags>(parent, verbs, {
    usage: 'accept-restored',
    summary:
      "accepts, on the server's own machine, that this database is older than the world: whoever may have been reached meanwhile becomes unknown. With --yes --total N it puts this forward; it accepts once two people have signed it",
    example: 'allclear ledger accept-restored',
    options: [
      [
        '--everyone',
        'everyone who was not told for certain becomes unknown: for when the end of the loss is not known',
      ],
      [
        '--vouch <text>',
        'your word that no more is lost than is known here, and how you know; it stands in the ledger',
      ],
      ['--journal <folders>', 'state folders of other hosts, copied here, separated by commas'],
      ...confirmOptions,
    ],
    async run({ out, world }, _args, flags) {
      if (flags.vouch !== undefined && flags.vouch.trim().length < leastWordsOfVouch)
        throw new Failure('usage', 'Say with --vouch how you know that no more is lost: others will read it.');
      const request = {
        isEveryone: flags.everyone === true,
        vouched: flags.vouch ?? null,
        journals: flags.journal?.split(',') ?? [],
      };
      const preview = await world.local.previewLoss(request);
      if (flags.yes !== true) out.data(preview, () => previewLines(preview));
      if (preview.behind === null && preview.chains.length === 0) return;
      confirmAct(flags, preview.people, 'allclear ledger accept-restored');
      const done = await world.local.acceptLoss(request, preview.people);
      if (done.kind === 'waiting') {
        out.data(done, () => waitingLines(done));
        const { loss, digest, total, have } = done;
        throw new Failure(
          'needs-approval',
          `Nothing is accepted yet. ${loss} is put forward, and ${have} of 2 people have signed it. Each signs with: allclear ledger approve-restored --digest ${digest} --key FILE --yes --total ${total} --as NAME. Then repeat this command, with the same options`,
          { loss, digest, total, have },
        );
      }
      const { people } = done.loss;
      out.data(done.loss, () => [
        `Accepted: ${people} people (counted on each track) are unknown now, and not written to again. Everything is halted.`,
        'Look at it (allclear ledger verify, allclear rollout status PLAN); then two may resume: allclear rollout resume PLAN',
      ]);
    },
  });
}

function previewLines(loss: LossPreview): readonly string[] {
  if (loss.behind === null && loss.chains.length === 0)
    return ['This database lacks nothing that is known outside of it.'];
  return [
    loss.behind === null ? 'No server has looked at this database yet.' : `Nothing is sent: ${loss.behind.reason}`,
    '',
    ...lossLines(loss),
    ...(loss.doubts.length === 0
      ? []
      : [
          'So either --everyone, or --vouch "how you know that there is no more"; --journal adds what other hosts know.',
        ]),
  ];
}

function waitingLines(asked: LossAcceptance & { readonly kind: 'waiting' }): readonly string[] {
  const { loss, digest, total, have, required } = asked;
  return [
    ...pairs([
      ['loss', loss],
      ['digest', digest],
      ['  said', digestWords(digest)],
      ['people', total],
      ['signed by', `${have} of ${required}`],
    ]),
  ];
}
