import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { call } from '../api/call.ts';
import type { Answer } from '../api/routes.ts';
import { useWhere } from '../api/where.ts';
import { ConfirmAct } from '../confirm/ConfirmAct.tsx';
import { waveWords } from './wave-words.ts';

interface Props {
  readonly shown: Pick<Answer<'get /api/v1/retractions/{subject}'>, 'retraction' | 'affected' | 'waves' | 'action'>;
  readonly onClose: () => void;
}

/** The total is typed once more: from here on letters leave. */
export function StartRetraction({ shown, onClose }: Props): ReactNode {
  const { retraction, affected, waves } = shown;
  const queries = useQueryClient();
  const where = useWhere();
  const restored = waveWords(waves.restore);
  const isSuspension = shown.action === 'suspend';
  const corrected = waveWords(waves.correct);
  return (
    <ConfirmAct
      onClose={onClose}
      act={{
        title: `Start ${retraction}`,
        will: (
          <p>
            {restored === null
              ? isSuspension
                ? 'Nobody is let back in.'
                : 'No password goes back.'
              : isSuspension
                ? `People are let back in ${restored}.`
                : `Passwords go back ${restored}.`}{' '}
            {corrected === null ? 'No letter leaves.' : `Letters leave ${corrected}.`} It can be halted at any moment; a
            letter cannot be called back.
          </p>
        ),
        typed: [
          {
            label: 'How many people',
            hint: 'The total, as you read it on the page.',
            expected: String(affected),
            isNumber: true,
          },
        ],
        actLabel: 'Go',
        actingLabel: 'Starting …',
        run: async () => {
          const result = await call(
            'post /api/v1/retractions/{retraction}/rollout',
            { params: { retraction: retraction } },
            { where },
          );
          await queries.invalidateQueries();
          return result;
        },
        done: (result) =>
          result.kind === 'started' ? (
            <p>
              <strong>It runs.</strong> This page follows it until every account is closed.
            </p>
          ) : (
            <p>
              Nothing was started: {result.have} of {result.required} said yes, as it counts now.
            </p>
          ),
      }}
    />
  );
}
