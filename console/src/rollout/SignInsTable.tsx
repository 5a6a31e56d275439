import type { ReactNode } from 'react';
import type { Answer } from '../api/routes.ts';
import { Moment } from '../design/Moment.tsx';
import { SmallTable } from '../design/SmallTable.tsx';
import { Tag } from '../design/Tag.tsx';
import { number, percent, span, unbroken } from '../design/words.ts';

type SignIns = NonNullable<Answer<'get /api/v1/rollouts/{subject}'>['signIns']>;
type Count = SignIns['counts'][number];

/** A count that was taken. */
export interface CountedWave extends Count {
  readonly taken: NonNullable<Count['taken']>;
  readonly verdict: NonNullable<Count['verdict']>;
}

export function isTaken(count: Count): count is CountedWave {
  return count.taken !== null && count.verdict !== null;
}

/** Every count of every wave: taken, or when it will be. */
export function SignInsTable({ counts }: { readonly counts: readonly Count[] }): ReactNode {
  return (
    <SmallTable
      caption="Signed in again, by wave of notices"
      rows={counts}
      keyOf={({ wave, ageSeconds }) => `${wave} ${ageSeconds}`}
      none="Nobody was told yet: it is counted from the first notices on."
      columns={[
        { label: 'Wave, after', cell: ({ wave, ageSeconds }) => unbroken(`Wave ${number(wave)}, ${span(ageSeconds)}`) },
        {
          label: 'Of the wave',
          isNumber: true,
          cell: (count) => (isTaken(count) ? of(count.taken.signedIn, count.taken.people) : ''),
        },
        {
          label: 'Of the control group',
          isNumber: true,
          cell: (count) => (isTaken(count) ? of(count.taken.controlSignedIn, count.taken.control) : ''),
        },
        { label: 'Difference, in points', isNumber: true, cell: (count) => (isTaken(count) ? difference(count) : '') },
        {
          label: 'Says',
          cell: (count) => (isTaken(count) ? <Verdict count={count} /> : <Due at={count.dueAt} />),
        },
      ]}
    />
  );
}

function Due({ at }: { readonly at: string }): ReactNode {
  return (
    <span className="soft">
      due <Moment at={at} short />
    </span>
  );
}

function Verdict({ count: { verdict } }: { readonly count: CountedWave }): ReactNode {
  const { kind, reason, short, power } = verdict;
  if (kind === 'hold')
    return (
      <>
        <Tag tone="wrong">too few</Tag> <bdi>{number(short)} short: the next wave is held</bdi>
      </>
    );
  const caught = power.smallestGapCaught;
  if (reason !== 'within' || caught === null) return <span className="soft">so few cannot tell</span>;
  return (
    <>
      <Tag tone="good">they come back</Tag> <span className="soft">a gap of {points(caught)} would have shown</span>
    </>
  );
}

/** Of the wave less the control group: what is surely between. */
function difference({ verdict: { gap } }: CountedWave): ReactNode {
  return (
    <bdi>
      {signed(-gap.atMost)} to {signed(-gap.atLeast)}
    </bdi>
  );
}

function of(count: number, all: number): ReactNode {
  return <bdi>{all === 0 ? 'nobody' : `${number(count)} of ${number(all)} (${percent(count / all)})`}</bdi>;
}

function signed(share: number): string {
  const text = points(Math.abs(share));
  if (text === '0.0') return text;
  return `${share < 0 ? '−' : '+'}${text}`;
}

function points(share: number): string {
  return (share * 100).toFixed(1);
}
