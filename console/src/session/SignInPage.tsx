import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { call } from '../api/call.ts';
import { ProblemNote } from '../design/ProblemNote.tsx';
import { signIn } from './passkey.ts';
import { changeSession } from './use-session.ts';

/** Stands in place of every page while nobody is signed in; afterwards the page that was asked for is there. */
export function SignInPage(): ReactNode {
  const queries = useQueryClient();
  // Asked again when it is pressed: what the passkey answers to is good for two minutes.
  const ways = useQuery({
    queryKey: ['ways to sign in'],
    queryFn: ({ signal }) => call('post /api/v1/sessions/options', {}, { signal }),
    staleTime: Infinity,
  });
  const entering = useMutation({
    mutationFn: signIn,
    onSuccess: (session) => changeSession(queries, session),
  });
  return (
    <main className="door" id="main">
      <h1>Allclear</h1>
      <p>Sign in with the passkey of this device.</p>
      <Button
        className={entering.isPending ? 'button act pending' : 'button act'}
        onPress={() => {
          if (!entering.isPending) entering.mutate();
        }}
      >
        {entering.isPending ? 'Touch your passkey …' : 'Sign in with a passkey'}
      </Button>
      {ways.data?.oidc === true ? (
        <p>
          <a href="/auth/oidc" className="button">
            Sign in with your organisation
          </a>
          <span className="hint">To look and to halt; a yes needs a passkey.</span>
        </p>
      ) : null}
      {entering.isError ? <ProblemNote error={entering.error} /> : null}
      <p className="soft">
        No passkey yet? With your key file, <code>allclear operator link OPERATOR --key FILE</code> prints a one-time
        link.
      </p>
      <p className="soft">
        To halt without signing in here: <a href="/console/halt">the plain halt page</a>.
      </p>
    </main>
  );
}
