import { useCallback } from 'react';
import type { ReactNode } from 'react';
import { call } from '../api/call.ts';
import type { Answer } from '../api/routes.ts';
import { SayYes } from '../approval/SayYes.tsx';
import { useWhere } from '../api/where.ts';
import { people, spaced } from '../design/words.ts';
import { useStanding } from '../digest/use-standing.ts';
import type { ComputeMeant } from '../digest/use-standing.ts';
import { decisionToResume, recomputeResumed } from './recompute-resume.ts';
import type { useSubject } from './use-subject.ts';

type Status = Answer<'get /api/v1/rollouts/{subject}'>;

interface Props {
  readonly status: Status;
  readonly of: NonNullable<ReturnType<typeof useSubject>>;
  /** Go on over what the gates say now, and not only from the halt. */
  readonly isOver: boolean;
  readonly onClose: () => void;
}

/** One person's yes to resuming exactly this halted state. With the last one that is needed it goes on. */
export function ResumeRollout({ status, of, isOver, onClose }: Props): ReactNode {
  const { subject, kind, digest, goOn } = status;
  const { total, directory } = of;
  const where = useWhere();
  const decision = decisionToResume(status, isOver);
  // The page reads both again every few seconds; what is the same text is the same thing.
  const shown = JSON.stringify({ ...of.shown, digest });
  const compute = useCallback<ComputeMeant>(
    (onRead, signal, from) => recomputeResumed(JSON.parse(shown) as typeof of.shown, decision, onRead, signal, from),
    [shown, decision],
  );
  const standing = useStanding(compute);
  return (
    <SayYes
      title={`Resume ${subject}`}
      what={
        <>
          <p>
            It goes on where it stood, for {people(total)} in all, once enough people said yes to exactly this state.
            Another halt or pause meanwhile makes the yes void.
          </p>
          {isOver && goOn !== null ? (
            <>
              <p>You go on over what these gates say, each for its own wave and no further:</p>
              <ul>
                {goOn.over.map(({ track, wave, gate, cause, count }) => (
                  <li key={`${track} ${wave} ${gate}`}>
                    {spaced(track)}, wave {wave}, gate {spaced(gate)}: {spaced(cause)} ({count})
                  </li>
                ))}
              </ul>
            </>
          ) : (
            <p>The gates judge as before: what one of them holds, it goes on holding.</p>
          )}
        </>
      }
      to={{ kind, subject, digest, total, decision }}
      directory={directory}
      isSpoken
      standing={standing}
      actLabel="Say yes to resuming"
      give={async (yes) => {
        if (kind === 'plan')
          await call('post /api/v1/plans/{plan}/approvals', { params: { plan: subject }, body: yes }, { where });
        else
          await call(
            'post /api/v1/retractions/{retraction}/approvals',
            { params: { retraction: subject }, body: yes },
            { where },
          );
        return call('post /api/v1/rollouts/{subject}/resumptions', { params: { subject } }, { where });
      }}
      done={(result) =>
        result.kind === 'resumed' ? (
          <p>
            <strong>It goes on:</strong> {result.tracks.map(spaced).join(' and ')}.
          </p>
        ) : (
          <p>
            <strong>Your yes is recorded.</strong> {result.have} of {result.required} said yes to exactly this state. It
            stays as it is until then.
          </p>
        )
      }
      onClose={onClose}
    />
  );
}
