import type { SignInsAnswer } from '../contract/rollout.ts';
import { aboutHowLong } from '../domain/shared/duration-in-words.ts';
import { grouped, table } from './table.ts';

type CountAnswer = SignInsAnswer['counts'][number];

/** Who came back, wave by wave, beside unaffected people in the same time. */
export function signInLines(signIns: SignInsAnswer | null): readonly string[] {
  if (signIns === null) return [];
  const { control, notMeasured, counts } = signIns;
  if (notMeasured !== null) return ['', `Who came back is not measured: ${notMeasured}.`];
  const head = `Signed in again after being contained, beside a control group of ${grouped(control)} unaffected people`;
  if (counts.length === 0) return ['', `${head}: counted from the first notices on.`];
  return [
    '',
    `${head}:`,
    ...table(
      ['wave', 'after', 'of the wave', 'of the control group', 'fewer by, in points', 'caught from'],
      counts.map((count) => [count.wave, aboutHowLong(count.ageSeconds), ...countCells(count)]),
    ).map((line) => `  ${line}`),
  ];
}

function countCells({ dueAt, taken, verdict }: CountAnswer): readonly string[] {
  if (taken === null || verdict === null) return [`due ${dueAt}`, '', '', ''];
  const { gap, power, kind } = verdict;
  return [
    share(taken.signedIn, taken.people),
    share(taken.controlSignedIn, taken.control),
    `${points(gap.atLeast)} to ${points(gap.atMost)}${kind === 'hold' ? ' HOLDS' : ''}`,
    power.smallestGapCaught === null ? 'cannot tell' : points(power.smallestGapCaught),
  ];
}

function share(count: number, of: number): string {
  return of === 0 ? 'nobody' : `${grouped(count)} of ${grouped(of)} (${points(count / of)} %)`;
}

function points(rate: number): string {
  return (rate * 100).toFixed(1);
}
