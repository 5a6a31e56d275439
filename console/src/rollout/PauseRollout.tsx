import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { call } from '../api/call.ts';
import { ConfirmAct } from '../confirm/ConfirmAct.tsx';
import { Field } from '../design/Field.tsx';
import { people, spaced } from '../design/words.ts';

/** As the contract has it. */
const longestReason = 2_000;

interface Props {
  readonly subject: string;
  readonly onClose: () => void;
}

/** For when nothing burns: what was begun is finished, and nothing more begins. */
export function PauseRollout({ subject, onClose }: Props): ReactNode {
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  return (
    <ConfirmAct
      onClose={onClose}
      act={{
        title: `Pause ${subject}`,
        will: (
          <>
            <p>
              Nothing more of it begins; what was begun is finished. It is resumed as after a halt, by as many people.
              Letters that one person sends go on.
            </p>
            <p>
              <strong>This is no HALT:</strong> it cuts nothing off. If somebody is being wronged right now, halt.
            </p>
            <Field
              label="Why, for those who are to resume it"
              value={reason}
              onChange={setReason}
              maxLength={longestReason}
              isLong
            />
          </>
        ),
        isReady: reason.trim() !== '',
        actLabel: 'Pause',
        actingLabel: 'Pausing …',
        run: async () => {
          const paused = await call('post /api/v1/rollouts/{subject}/pauses', {
            params: { subject },
            body: { reason: reason.trim() },
          });
          await queries.invalidateQueries();
          return paused;
        },
        done: ({ tracks, inFlight, alreadyPaused, pause }) => (
          <p>
            <strong>{alreadyPaused ? `It was paused already, by ${pause.by}.` : 'Paused.'}</strong> No permit is lent on{' '}
            {tracks.map(spaced).join(' and ')}. {people(inFlight)} in open permits {inFlight === 1 ? 'is' : 'are'} still
            finished.
          </p>
        ),
      }}
    />
  );
}
