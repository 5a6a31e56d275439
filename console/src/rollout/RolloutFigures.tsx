import type { ReactNode } from 'react';
import type { Answer } from '../api/routes.ts';
import { Figures } from '../design/Figures.tsx';
import { Moment } from '../design/Moment.tsx';
import { number } from '../design/words.ts';
import { laneWords } from './untold-words.ts';

interface Props {
  readonly status: Answer<'get /api/v1/rollouts/{subject}'>;
}

/** The few numbers that one looks for first. */
export function RolloutFigures({ status }: Props): ReactNode {
  const { tracks, disputes, containedUntold } = status;
  const inFlight = tracks.reduce((sum, track) => sum + track.inFlight, 0);
  return (
    <Figures
      figures={[
        { label: 'In flight', value: number(inFlight), hint: 'inside permits that are open now' },
        {
          label: 'Disputes',
          value: number(disputes.counted),
          hint:
            disputes.scanners === 0
              ? 'presses of “this is not right”'
              : `${number(disputes.scanners)} more look like scanners`,
          ...(disputes.counted > 0 ? { tone: 'wrong' as const } : {}),
        },
        ...(containedUntold === null
          ? []
          : [
              {
                label: 'Contained, untold',
                value: number(containedUntold.count),
                hint: (
                  <>
                    {containedUntold.deadline === null ? (
                      'nobody whom the plan means to tell'
                    ) : (
                      <>
                        to be told <Moment at={containedUntold.deadline} short />
                      </>
                    )}{' '}
                    {laneWords(containedUntold.lanes)}
                  </>
                ),
                ...(containedUntold.overdue ? { tone: 'wrong' as const } : {}),
              },
            ]),
      ]}
    />
  );
}
