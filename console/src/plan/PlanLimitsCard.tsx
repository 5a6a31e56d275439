import type { ReactNode } from 'react';
import type { Answer } from '../api/routes.ts';
import { Card } from '../design/Card.tsx';
import { Facts } from '../design/Facts.tsx';
import { SmallTable } from '../design/SmallTable.tsx';
import { number, people, percent, span } from '../design/words.ts';

interface Props {
  readonly plan: Answer<'get /api/v1/plans/{plan}'>;
}

interface WaveRow {
  readonly wave: number;
  readonly contained: number | null;
  readonly told: number | null;
  readonly soak: string;
}

/** How it would run: waves, what stops it, and how much of the service it may reach. */
export function PlanLimitsCard({ plan }: Props): ReactNode {
  const { limits, budgets, counts } = plan;
  return (
    <Card title="How it would run">
      <SmallTable
        caption={
          limits.order === 'interlocked'
            ? 'Waves, interlocked: each is told before the next is contained'
            : 'Waves, contain first'
        }
        rows={waveRows(plan)}
        keyOf={({ wave }) => String(wave)}
        none="No wave."
        columns={[
          { label: 'Wave', cell: ({ wave }) => number(wave) },
          { label: 'Contained', isNumber: true, cell: ({ contained }) => size(contained) },
          { label: 'Told', isNumber: true, cell: ({ told }) => size(told) },
          { label: 'Then watched for', isNumber: true, cell: ({ soak }) => soak },
        ]}
      />
      {budgets === null ? (
        <p className="soft">
          The directory does not answer, so the budgets cannot be counted. It is asked again at the start.
        </p>
      ) : (
        <SmallTable
          caption={`Budgets (${limits.budgetProfile})`}
          rows={budgets}
          keyOf={({ name }) => name}
          none="No budget."
          columns={[
            { label: 'In', cell: ({ name }) => (name === 'day' ? '24 hours' : '30 days') },
            { label: 'May reach', isNumber: true, cell: ({ limit }) => number(limit) },
            { label: 'Reached', isNumber: true, cell: ({ used }) => number(used) },
            { label: 'This plan asks for', isNumber: true, cell: ({ asked }) => number(asked) },
            { label: 'Too many', isNumber: true, cell: ({ over }) => (over === 0 ? 'none' : number(over)) },
          ]}
        />
      )}
      <Facts
        facts={[
          {
            label: 'Notices stop',
            value: `when disputes are surely above ${limits.disputeFactor} times the usual ${percent(limits.disputeBaseline)}, or above ${percent(limits.disputeCeiling)}; bounces above ${percent(limits.bounceCeiling)}; complaints above ${percent(limits.complaintCeiling)}`,
          },
          {
            label: 'Who comes back',
            value:
              counts.control === 0 || limits.signInShareLeast === undefined
                ? 'is not measured: there is no control group'
                : `is counted beside ${people(counts.control)} unaffected, who are only looked at; the next wave is held where surely fewer than ${percent(limits.signInShareLeast)} of their rate sign in again`,
          },
          {
            label: 'Hours',
            value:
              limits.holderHours === null
                ? 'at any hour of the day'
                : `from waves of ${number(limits.holderHours.fromWaveSize)} on between ${limits.holderHours.from} and ${limits.holderHours.to} h where people live`,
          },
          {
            label: 'A permit',
            value: `at most ${number(limits.permitSize)} people or ${span(limits.permitSeconds)}; in waves below ${number(limits.smallWaveBelow)}: ${number(limits.smallPermitSize)} and ${span(limits.smallPermitSeconds)}`,
          },
          { label: 'Contained, untold', value: `is overdue after ${span(limits.untoldHours * 3_600)}` },
          { label: 'Pace', value: limits.pace === 'sample' ? 'sample: soaks of seconds' : 'standard' },
        ]}
      />
    </Card>
  );
}

function waveRows({ waves, limits }: Props['plan']): readonly WaveRow[] {
  const count = Math.max(waves.containEnds.length, waves.tellEnds.length);
  return Array.from({ length: count }, (_, at) => {
    const soak = limits.tellSoakSeconds[at] ?? limits.tellSoakSeconds.at(-1) ?? 0;
    return {
      wave: at + 1,
      contained: sizeAt(waves.containEnds, at),
      told: sizeAt(waves.tellEnds, at),
      soak: at < waves.tellEnds.length ? span(soak) : '',
    };
  });
}

function sizeAt(ends: readonly number[], at: number): number | null {
  const end = ends[at];
  return end === undefined ? null : end - (ends[at - 1] ?? 0);
}

function size(people: number | null): string {
  return people === null ? '' : number(people);
}
