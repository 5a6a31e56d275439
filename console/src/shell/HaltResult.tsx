import { useQueries } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { call } from '../api/call.ts';
import { useWhere } from '../api/where.ts';
import { keyOf } from '../api/read.ts';
import type { Answer } from '../api/routes.ts';
import { Figures } from '../design/Figures.tsx';
import { number, people, spaced } from '../design/words.ts';
import { laneWords } from '../rollout/untold-words.ts';

/** Until nothing is in flight any more. */
const followMs = 1_000;

interface Props {
  readonly halted: Answer<'post /api/v1/halts'>;
}

/** What stopped, what is still in flight, what the mail server still holds, and who is contained but untold. */
export function HaltResult({ halted }: Props): ReactNode {
  const { rollouts, alreadyHalted, entered } = halted;
  const where = useWhere();
  const states = useQueries({
    queries: rollouts.map(({ subject }) => {
      const input = { params: { subject: subject } };
      return {
        queryKey: keyOf('get /api/v1/rollouts/{subject}', input, where),
        queryFn: () => call('get /api/v1/rollouts/{subject}', input, { where }),
        refetchInterval: followMs,
      };
    }),
  });
  if (rollouts.length === 0 && entered)
    return (
      <p>
        <strong>Nothing is running.</strong> Nothing will start by itself either.
      </p>
    );
  return (
    <>
      <p>
        <strong>
          {entered
            ? alreadyHalted
              ? 'It was halted already, and stays so.'
              : 'Halted.'
            : 'Halted on the server’s own machine. The database does not answer; it is entered there as soon as it does.'}
        </strong>{' '}
        Nothing resumes by itself.
      </p>
      {rollouts.map((rollout, at) => {
        const state = states[at]?.data;
        const inFlight = state?.tracks.reduce((sum, track) => sum + track.inFlight, 0) ?? rollout.inFlight;
        const untold = state?.containedUntold ?? null;
        // Counting half a million takes the server two seconds; that it is being counted is said at once.
        const isCounting = state === undefined && rollout.subject.startsWith('plan_');
        return (
          <section key={rollout.subject} aria-label={rollout.subject} className="halted-one">
            <h3>
              {rollout.subject}
              <span className="soft">
                {rollout.halted.length === 0
                  ? ' was halted before'
                  : `: ${rollout.halted.map(spaced).join(' and ')} stopped`}
              </span>
            </h3>
            <Figures
              figures={[
                {
                  label: 'In flight now',
                  value: number(inFlight),
                  hint: inFlight === 0 ? 'nothing more can happen' : `of ${people(rollout.inFlight)}; seconds`,
                  ...(inFlight === 0 ? {} : { tone: 'waits' as const }),
                },
                {
                  label: 'Handed to the mail server',
                  value: number(rollout.handedOver),
                  hint: 'what it still holds is beyond a halt',
                },
                ...(isCounting ? [{ label: 'Contained, untold', value: '…', hint: 'being counted' }] : []),
                ...(untold === null
                  ? []
                  : [
                      {
                        label: 'Contained, untold',
                        value: number(untold.count),
                        hint: (
                          <>
                            {untold.count === 0 ? 'nobody whom the plan means to tell' : 'whom the plan means to tell'}{' '}
                            {laneWords(untold.lanes)}
                          </>
                        ),
                        ...(untold.count === 0 ? {} : { tone: 'wrong' as const }),
                      },
                    ]),
              ]}
            />
          </section>
        );
      })}
    </>
  );
}
