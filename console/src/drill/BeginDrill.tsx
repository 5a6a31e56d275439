import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { call } from '../api/call.ts';
import { ConfirmAct } from '../confirm/ConfirmAct.tsx';

/** It takes people at their keyboards, so that it says first who has to be there. */
export function BeginDrill({ onClose }: { readonly onClose: () => void }): ReactNode {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return (
    <ConfirmAct
      onClose={onClose}
      act={{
        title: 'Begin a drill',
        will: (
          <>
            <p>
              It takes about a quarter of an hour: one person says yes to its plan, one halts, two approve the
              retraction, each on this page with a passkey or in a terminal with a key. Are they there?
            </p>
            <p>
              Nobody who exists gets a mail, and nothing of the live directory, mailer or database is touched. A drill
              that fails changes nothing: the right to start stays as it is.
            </p>
          </>
        ),
        actLabel: 'Begin it',
        actingLabel: 'Making its people …',
        run: async () => {
          const begun = await call('post /api/v1/drills', { body: {} });
          await queries.invalidateQueries();
          await navigate({ to: '/drills/$drill', params: { drill: begun.drill } });
        },
        done: null,
      }}
    />
  );
}
