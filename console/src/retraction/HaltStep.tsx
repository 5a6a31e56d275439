import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Answer } from '../api/routes.ts';
import { Moment } from '../design/Moment.tsx';
import { people } from '../design/words.ts';
import { isAtRest, mayStillAct } from './standing.ts';
import { StepCard } from './StepCard.tsx';
import { Named } from '../design/Named.tsx';

interface Props {
  readonly plan: string;
  readonly status: Answer<'get /api/v1/rollouts/{subject}'>;
}

/** Nothing is put right while the plan may still act. */
export function HaltStep({ plan, status }: Props): ReactNode {
  const inFlight = status.tracks.reduce((sum, track) => sum + track.inFlight, 0);
  const halted = status.tracks.find((track) => track.haltedAt !== null);
  const rests = isAtRest(status.tracks);
  const isMoving = mayStillAct(status.tracks);
  return (
    <StepCard no={1} title="Halt" standing={rests ? 'done' : 'now'}>
      {isMoving ? (
        <p>
          <strong>{plan} is still running.</strong> Halt it with the control at the top, or with <kbd>Alt</kbd>{' '}
          <kbd>Shift</kbd> <kbd>H</kbd>: on this page it can halt this rollout alone.
        </p>
      ) : null}
      {!isMoving && !rests ? (
        <p role="status">Halted. {people(inFlight)} are still in flight; that ends within seconds.</p>
      ) : null}
      {rests ? (
        <p>
          Nothing of {plan} moves.
          {halted?.haltedAt == null ? null : (
            <>
              {' '}
              Halted <Moment at={halted.haltedAt} />
              {halted.haltedBy === null ? null : <Named>{` by ${halted.haltedBy}`}</Named>}.
            </>
          )}
        </p>
      ) : null}
      <p>
        <Link to="/rollouts/$subject" params={{ subject: plan }}>
          Its rollout, track by track
        </Link>
      </p>
    </StepCard>
  );
}
