import { QueryCache, QueryClient } from '@tanstack/react-query';
import { Refused, isRefusedFor } from './refused.ts';

/** Between two looks at the same page nothing is read again; whatever was done invalidates what it changed. */
const freshMs = 2_000;
/** A server that is starting anew takes some seconds. */
const readAttempts = 3;

/** `onSignedOut`: an answer said that the session is over. */
export function makeQueryClient(onSignedOut: () => void): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (isRefusedFor(error, 'unauthenticated')) onSignedOut();
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: freshMs,
        retry: (failures, error) => isWorthAsking(error) && failures < readAttempts,
      },
      mutations: { retry: false },
    },
  });
}

/** A refusal is an answer. Only silence and "come again" are worth another question. */
function isWorthAsking(error: Error): boolean {
  return error instanceof Refused && [0, 429, 503].includes(error.problem.status);
}
