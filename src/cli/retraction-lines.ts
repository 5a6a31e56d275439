import type { RetractionLineAnswer, ShownRetractionAnswer } from '../contract/retraction.ts';
import { approvalLines, section } from './plan-lines.ts';
import { countsInWords, pairs, table } from './table.ts';

/** Of a long list the first: the whole is in --json, page by page. */
const listed = 20;

/** A retraction for a person: what each account gets and why, where it stands, and who is left over. */
export function retractionLines(shown: ShownRetractionAnswer): readonly string[] {
  const { tally } = shown;
  return [
    ...pairs([
      ['retraction', `${shown.retraction} of ${shown.plan}${shown.started ? ' (started)' : ''}`],
      ['digest', shown.digest],
      ['  said', shown.digestWords],
      ['author', `${shown.author}, ${shown.createdAt}`],
      ['affected', shown.affected],
      ['decisions', countsInWords(shown.decisions)],
      ['reasons', countsInWords(shown.reasons)],
      ['passwords', countsInWords(tally.credentials)],
      ['letters', countsInWords(tally.letters)],
      ['ended', shown.started ? tally.terminal : null],
      ['left over', shown.started ? tally.remainder : null],
    ]),
    ...section('Account by account', lineTable(shown.lines, `allclear retract accounts ${shown.retraction}`)),
    ...leftOver(shown),
    ...section('Approvals', approvalLines(shown.approvals)),
  ];
}

/** Before the start everything is open; what counts then is whom the retraction itself leaves to a person. */
function leftOver({ retraction, started, remainder }: ShownRetractionAnswer): readonly string[] {
  const whole = `allclear retract accounts ${retraction}${started ? ' --left-over' : ''}`;
  if (started) return section('Left over: somebody has to close each of these', lineTable(remainder, whole));
  const people = remainder.filter((line) => line.credential === 'needs-a-person');
  return section('Needs a person: nothing is done for these', lineTable(people, whole));
}

function lineTable(lines: readonly RetractionLineAnswer[], whole: string): readonly string[] {
  const rows = lines
    .slice(0, listed)
    .map((one) => [one.accountId, one.decision, one.reason, one.owed ?? '', one.credential, one.letter]);
  const more = lines.length > listed ? [`... and more: ${whole}`] : [];
  return [...table(['account', 'decision', 'reason', 'letter', 'password', 'told'], rows), ...more];
}
