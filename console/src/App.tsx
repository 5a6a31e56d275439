import { RouterProvider } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Loaded } from './design/Loaded.tsx';
import { router } from './router.tsx';
import { JoinPage } from './session/JoinPage.tsx';
import { SessionProvider, useSessionQuery } from './session/use-session.ts';
import { SignInPage } from './session/SignInPage.tsx';

/** Where a one-time link leads. Whoever comes by it may be signed in as somebody else, so it comes before all. */
const joinPath = /^\/console\/join\/?$/;

export function App(): ReactNode {
  const session = useSessionQuery();
  if (joinPath.test(location.pathname)) return <JoinPage />;
  if (session.data === undefined)
    return (
      <main className="door" id="main">
        <h1>Allclear</h1>
        <Loaded query={session} what="who is signed in">
          {() => null}
        </Loaded>
        <p className="soft">
          To halt: <a href="/console/halt">the plain halt page</a>.
        </p>
      </main>
    );
  if (session.data === null) return <SignInPage />;
  return (
    <SessionProvider value={session.data}>
      <RouterProvider router={router} />
    </SessionProvider>
  );
}
