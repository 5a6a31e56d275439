import { useCallback } from 'react';
import type { ReactNode } from 'react';
import { call } from '../api/call.ts';
import type { Answer } from '../api/routes.ts';
import { SayYes } from '../approval/SayYes.tsx';
import { Moment } from '../design/Moment.tsx';
import { people } from '../design/words.ts';
import { useWhere } from '../api/where.ts';
import { useStanding } from '../digest/use-standing.ts';
import type { ComputeMeant } from '../digest/use-standing.ts';
import { recomputeInBrowser } from './recompute-in-browser.ts';

interface Props {
  readonly plan: Answer<'get /api/v1/plans/{plan}'>;
  readonly onClose: () => void;
}

export function ApprovePlan({ plan, onClose }: Props): ReactNode {
  const { plan: subject, digest, counts, directory, environment } = plan;
  const { total } = counts;
  const where = useWhere();
  const compute = useCallback<ComputeMeant>(
    (onRead, signal, from) => recomputeInBrowser({ plan: subject, digest, directory, total }, onRead, signal, from),
    [subject, digest, directory, total],
  );
  const standing = useStanding(compute);
  return (
    <SayYes
      title={`Say yes to ${subject}`}
      what={
        <>
          <p>
            {people(counts.total)} of {directory} ({environment}) are acted on, and {people(counts.told)} are told.
            {where === 'drill'
              ? 'They are made up. With your yes it starts, and the first of them are told something wrong.'
              : 'Nothing happens yet: a second person says yes, and somebody starts it.'}
          </p>
          <p>Your yes is to exactly this. One byte changed makes it void, and it lapses within a day.</p>
        </>
      }
      to={{ kind: 'plan', subject, digest, total: counts.total, decision: 'approve' }}
      directory={directory}
      isSpoken
      standing={standing}
      actLabel="Say yes with my passkey"
      give={(yes) => call('post /api/v1/plans/{plan}/approvals', { params: { plan: subject }, body: yes }, { where })}
      done={({ expiresAt }) => (
        <p>
          <strong>Your yes is recorded.</strong> It holds until <Moment at={expiresAt} />.
        </p>
      )}
      onClose={onClose}
    />
  );
}
