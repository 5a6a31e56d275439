import { useQuery } from '@tanstack/react-query';
import type { QueryClient, UseQueryResult } from '@tanstack/react-query';
import { createContext, use } from 'react';
import { call } from '../api/call.ts';
import { isRefusedFor } from '../api/refused.ts';
import type { Answer } from '../api/routes.ts';

/** Who is signed in, and what they may do. */
type SessionView = Answer<'get /api/v1/sessions/current'>;

export const sessionKey = ['session'] as const;

/** A session that was ended elsewhere is noticed within this time, also where nothing else is read. */
const lookMs = 60_000;

/** Who is signed in; null for nobody. */
export function useSessionQuery(): UseQueryResult<SessionView | null> {
  return useQuery({
    queryKey: sessionKey,
    queryFn: async ({ signal }) => {
      try {
        // The page asks, and no person: it is not to keep a session open.
        return await call('get /api/v1/sessions/current', {}, { signal, isBackground: true });
      } catch (error) {
        if (isRefusedFor(error, 'unauthenticated')) return null;
        throw error;
      }
    },
    refetchInterval: lookMs,
  });
}

/**
 * Somebody else looks from now on, or nobody. What was read before is gone. The session's own entry is changed and not
 * removed: the page is looking at that very one, and would wait for it for ever.
 */
export function changeSession(queries: QueryClient, session: SessionView | null): void {
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionKey[0] });
  queries.setQueryData(sessionKey, session);
}

const SessionContext = createContext<SessionView | null>(null);

export const SessionProvider = SessionContext.Provider;

/** Inside the shell somebody is signed in. */
export function useSession(): SessionView {
  const session = use(SessionContext);
  if (session === null) throw new Error('nobody is signed in here');
  return session;
}

/** What is not allowed is not offered; the server refuses it all the same. */
export function useMay(): (permission: string) => boolean {
  const { permissions } = useSession();
  return (permission) => permissions.includes(permission);
}
