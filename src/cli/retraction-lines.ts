import type { RetractionLineAnswer, ShownRetractionAnswer } from '../contract/retraction.ts';
import { credentialCounts, credentialHead, credentialWord } from './credential-words.ts';
import { approvalLines, section } from './plan-lines.ts';
import { countsInWords, pairs, table } from './table.ts';

type RetractionAction = ShownRetractionAnswer['action'];

/** Of a long list the first: the whole is in --json, page by page. */
const listed = 20;

/** A retraction for a person: what each account gets and why, where it stands, and who is left over. */
export function retractionLines(shown: ShownRetractionAnswer): readonly string[] {
  const { action, tally } = shown;
  return [
    ...pairs([
      ['retraction', `${shown.retraction} of ${shown.plan}${shown.started ? ' (started)' : ''}`],
      ['digest', shown.digest],
      ['  said', shown.digestWords],
      ['author', `${shown.author}, ${shown.createdAt}`],
      ['affected', shown.affected],
      ['decisions', countsInWords(shown.decisions)],
      ['reasons', countsInWords(shown.reasons)],
      [`${credentialHead(action)}s`, countsInWords(credentialCounts(action, tally.credentials))],
      ['letters', countsInWords(tally.letters)],
      ['ended', shown.started ? tally.terminal : null],
      ['left over', shown.started ? tally.remainder : null],
    ]),
    ...section('Account by account', lineTable(action, shown.lines, `allclear retract accounts ${shown.retraction}`)),
    ...leftOver(shown),
    ...section('Approvals', approvalLines(shown.approvals)),
  ];
}

/** Before the start everything is open; what counts then is whom the retraction itself leaves to a person. */
function leftOver({ action, retraction, started, remainder }: ShownRetractionAnswer): readonly string[] {
  const whole = `allclear retract accounts ${retraction}${started ? ' --left-over' : ''}`;
  if (started) return section('Left over: somebody has to close each of these', lineTable(action, remainder, whole));
  const people = remainder.filter((line) => line.credential === 'needs-a-person');
  return section('Needs a person: nothing is done for these', lineTable(action, people, whole));
}

function lineTable(action: RetractionAction, lines: readonly RetractionLineAnswer[], whole: string): readonly string[] {
  const more = lines.length > listed ? [`... and more: ${whole}`] : [];
  return [...retractionTable(action, lines.slice(0, listed)), ...more];
}

/** Account by account: what is decided, what is owed, and where both stand. */
export function retractionTable(action: RetractionAction, lines: readonly RetractionLineAnswer[]): readonly string[] {
  // The first column names the account, so what became of it is headed by its state.
  const head = action === 'reset' ? 'password' : 'now';
  return table(
    ['account', 'decision', 'reason', 'letter', head, 'told'],
    lines.map((one) => [
      one.accountId,
      one.decision,
      one.reason,
      one.owed ?? '',
      credentialWord(action, one.credential),
      one.letter,
    ]),
  );
}
