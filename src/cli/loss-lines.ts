import type { LossPreview } from '../app/ledger/preview-loss.ts';
import { table } from './table.ts';

/** What is lost as far as it is known, and who becomes unknown by accepting it. */
export function lossLines(
  loss: Pick<LossPreview, 'chains' | 'tracks' | 'lostLetters' | 'lostStarts' | 'doubts'>,
): readonly string[] {
  return [
    ...table(
      ['chain', 'agreed up to', 'seen up to', 'by'],
      loss.chains.map((one) => [one.chain, one.agreedSeq, one.seenThrough, one.seenBy]),
    ),
    ...(loss.tracks.length === 0 ? ['Nobody is known to have been reached in the lost part.'] : []),
    ...table(
      ['would become unknown', 'track', 'people'],
      loss.tracks.map((one) => [one.subject, one.track, one.people]),
    ),
    ...loss.lostLetters.map(
      (one) =>
        `${one.subject}: up to ${one.people} people got a ${one.track} letter that this database does not know; it is never sent again.`,
    ),
    ...(loss.lostStarts.length === 0
      ? []
      : [`Started in the lost part, and never started again: ${loss.lostStarts.join(', ')}`]),
    '',
    ...loss.doubts.map((doubt) => `More may be lost: ${doubt}.`),
  ];
}
