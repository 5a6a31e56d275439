import type { ReactNode } from 'react';
import type { Answer } from '../api/routes.ts';
import { Card } from '../design/Card.tsx';
import { SmallTable } from '../design/SmallTable.tsx';
import { number, percent, unbroken } from '../design/words.ts';
import { SignInBars } from './SignInBars.tsx';
import { isTaken, SignInsTable } from './SignInsTable.tsx';

type Status = Answer<'get /api/v1/rollouts/{subject}'>;
type Wave = Status['recoveries'][number];
type SignIns = NonNullable<Status['signIns']>;

interface Props {
  readonly recoveries: readonly Wave[];
  readonly signIns: SignIns | null;
}

/** How people get back in, wave by wave, beside people to whom nothing happened: where they stop is where something is broken. */
export function RecoveriesCard({ recoveries, signIns }: Props): ReactNode {
  if (recoveries.length === 0 && signIns === null) return null;
  const isHeld = signIns?.counts.some(({ verdict }) => verdict?.kind === 'hold') === true;
  return (
    <Card title="Back in again" tone={isHeld ? 'wrong' : 'plain'}>
      {signIns === null ? null : <BesideControl signIns={signIns} />}
      {recoveries.length === 0 ? null : <Funnel recoveries={recoveries} />}
    </Card>
  );
}

function BesideControl({
  signIns: { control, notMeasured, shareLeast, counts },
}: {
  readonly signIns: SignIns;
}): ReactNode {
  if (notMeasured !== null) return <p className="soft">Who signs in again is not measured: {notMeasured}.</p>;
  const taken = counts.filter(isTaken);
  return (
    <>
      {taken.length === 0 ? null : <SignInBars counts={taken} />}
      <SignInsTable counts={counts} />
      <p className="soft">
        The control group is {number(control)} unaffected people like these, drawn with the plan. Nothing is done to
        them and nobody tells them. The next wave is held where surely fewer than {unbroken(percent(shareLeast))} of
        their rate came back.
      </p>
    </>
  );
}

function Funnel({ recoveries }: Pick<Props, 'recoveries'>): ReactNode {
  return (
    <>
      <SmallTable
        caption="Recovery on our own pages, by wave of contain"
        rows={recoveries}
        keyOf={({ wave }) => String(wave)}
        none=""
        columns={[
          { label: 'Wave', cell: ({ wave }) => number(wave) },
          { label: 'Contained', isNumber: true, cell: ({ contained }) => number(contained) },
          { label: 'Asked for a code', isNumber: true, cell: (wave) => of(wave.asked, wave.contained) },
          { label: 'Typed it', isNumber: true, cell: (wave) => of(wave.typed, wave.asked) },
          { label: 'New password', isNumber: true, cell: (wave) => of(wave.done, wave.typed) },
        ]}
      />
      <p className="soft">Each share is of the step before it.</p>
    </>
  );
}

function of(count: number, before: number): ReactNode {
  return <bdi>{before === 0 ? number(count) : `${number(count)} (${percent(count / before)})`}</bdi>;
}
