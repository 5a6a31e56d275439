import { useCallback } from 'react';
import type { ReactNode } from 'react';
import { call } from '../api/call.ts';
import { SayYes } from '../approval/SayYes.tsx';
import { Moment } from '../design/Moment.tsx';
import { people } from '../design/words.ts';
import { useStanding } from '../digest/use-standing.ts';
import type { ComputeMeant } from '../digest/use-standing.ts';
import { parseLoss, recomputeLoss } from './read-loss.ts';
import type { Loss } from './read-loss.ts';

interface Props {
  readonly waiting: Loss;
  readonly onClose: () => void;
}

/** One of two yeses to writing a part of the past off; the text is the one that the page shows. */
export function SignLoss({ waiting: { loss, record, digest, total }, onClose }: Props): ReactNode {
  const compute = useCallback<ComputeMeant>(
    (_, signal) => recomputeLoss({ loss, record, digest, total }, signal),
    [loss, record, digest, total],
  );
  const standing = useStanding(compute);
  const { directory, everyone, vouched } = parseLoss(record);
  return (
    <SayYes
      title={`Say yes to accepting ${loss}`}
      what={
        <>
          <p>
            {people(total)} become unknown: they are not written to again by what was lost, and are corrected in
            conditional words if it comes to that. Nothing moves by this yes. It cannot be taken back once it was
            accepted on the server’s machine.
          </p>
          {everyone ? (
            <p>Whoever was not told for certain becomes unknown, and no approved plan can be started.</p>
          ) : null}
          {vouched === null ? null : (
            <p>
              Nothing more is lost, on somebody’s word: <bdi>{vouched}</bdi>
            </p>
          )}
        </>
      }
      to={{ kind: 'loss', subject: loss, digest, total, decision: 'accept-loss' }}
      directory={directory}
      isSpoken
      standing={standing}
      actLabel="Say yes with my passkey"
      give={(yes) => call('post /api/v1/losses/{loss}/approvals', { params: { loss }, body: yes })}
      done={({ expiresAt }) => (
        <p>
          <strong>Your yes is recorded.</strong> It holds until <Moment at={expiresAt} />.
        </p>
      )}
      onClose={onClose}
    />
  );
}
