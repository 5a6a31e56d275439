import type { ReactNode } from 'react';
import { Card } from '../design/Card.tsx';
import { Facts } from '../design/Facts.tsx';
import { Figures } from '../design/Figures.tsx';
import { number, span } from '../design/words.ts';
import type { Drill } from './words.ts';
import { Named } from '../design/Named.tsx';

interface Props {
  readonly state: Drill['state'];
  readonly report: NonNullable<Drill['report']>;
}

/** What was measured past the product: in the tables of the made-up accounts, and in the rehearsal's mailbox. */
export function DrillFigures({ state, report }: Props): ReactNode {
  const { figures, agreedBy, haltedBy, approvedBy, reasons } = report;
  const { restored, contained, kept, corrected, told, wrong, strayMails } = figures;
  return (
    <>
      {reasons.length === 0 ? null : (
        <Card title="Why it was not passed" tone="wrong">
          <ul className="list">
            {reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
          <p className="soft">The right to start a rollout is as it was before. Mend the reason, and begin another.</p>
        </Card>
      )}
      <Card title={state === 'passed' ? 'Passed: the right to start is renewed' : 'What was measured'}>
        <Figures
          figures={[
            { label: 'Told', value: number(told) },
            { label: 'Given back', value: `${number(restored)} of ${number(contained - kept)}` },
            { label: 'Kept protected', value: number(kept) },
            { label: 'Told of our mistake', value: number(corrected) },
            { label: 'Not as they have to be', value: number(wrong), ...(wrong > 0 ? { tone: 'wrong' as const } : {}) },
            {
              label: 'Mails to anybody else',
              value: number(strayMails),
              ...(strayMails > 0 ? { tone: 'wrong' as const } : {}),
            },
          ]}
        />
        <Facts
          facts={[
            { label: 'Yes to its plan', value: agreedBy ?? 'nobody' },
            { label: 'Halted by', value: <Named>{haltedBy ?? 'nobody'}</Named> },
            { label: 'After the first mail', value: orNever(figures.haltedAfterSeconds, span) },
            { label: 'Until the halt stood', value: orNever(figures.haltMs, inMs) },
            { label: 'Last mail after that', value: orNever(figures.lastDotMs, inMs) },
            {
              label: 'Mails after that',
              value: orNever(
                figures.dotsAfterHalt,
                (dots) => `${number(dots)} of ${number(figures.inFlightAtHalt ?? 0)} in flight`,
              ),
            },
            { label: 'Approved by', value: approvedBy.length === 0 ? 'nobody' : approvedBy.join(', ') },
            { label: 'Second yes after', value: orNever(figures.approvedAfterSeconds, span) },
            { label: 'Put right after', value: orNever(figures.restoredAfterSeconds, span) },
          ]}
        />
      </Card>
    </>
  );
}

function orNever(measured: number | null, words: (measured: number) => string): string {
  return measured === null ? 'it never came to that' : words(measured);
}

function inMs(ms: number): string {
  return `${number(ms)} ms`;
}
