import { useCallback } from 'react';
import type { ReactNode } from 'react';
import { call } from '../api/call.ts';
import type { Answer } from '../api/routes.ts';
import { useWhere } from '../api/where.ts';
import { SayYes } from '../approval/SayYes.tsx';
import { Moment } from '../design/Moment.tsx';
import { people } from '../design/words.ts';
import { useStanding } from '../digest/use-standing.ts';
import type { ComputeMeant } from '../digest/use-standing.ts';
import { recomputeShownRetraction } from './recompute-retraction.ts';

interface Props {
  readonly shown: Pick<
    Answer<'get /api/v1/retractions/{subject}'>,
    'retraction' | 'plan' | 'digest' | 'affected' | 'action'
  >;
  readonly directory: string;
  readonly onClose: () => void;
}

/** One person's yes to a retraction, once the browser has computed by itself what it is to. */
export function YesToRetraction({ shown, directory, onClose }: Props): ReactNode {
  const { retraction, plan, digest, affected } = shown;
  const where = useWhere();
  const compute = useCallback<ComputeMeant>(
    (onRead, signal, from) =>
      recomputeShownRetraction({ retraction, plan, digest, affected, directory }, 'approve', onRead, signal, from),
    [retraction, plan, digest, affected, directory],
  );
  const standing = useStanding(compute);
  return (
    <SayYes
      title={`Say yes to ${retraction}`}
      what={
        shown.action === 'suspend' ? (
          <p>
            {people(affected)} of {directory} are let back into their account or get a letter that says what was wrong.
          </p>
        ) : (
          <p>
            {people(affected)} of {directory} get their old password back or a letter that says what was wrong. A
            password that is given back to the wrong person cannot be taken back.
          </p>
        )
      }
      to={{ kind: 'retraction', subject: retraction, digest, total: affected, decision: 'approve' }}
      directory={directory}
      isSpoken
      standing={standing}
      actLabel="Say yes with my passkey"
      give={(yes) =>
        call(
          'post /api/v1/retractions/{retraction}/approvals',
          { params: { retraction: retraction }, body: yes },
          { where },
        )
      }
      done={({ expiresAt }) => (
        <p>
          <strong>Your yes is recorded.</strong> It holds until <Moment at={expiresAt} />.
        </p>
      )}
      onClose={onClose}
    />
  );
}
