import type { TokenId } from '../../domain/shared/ids.ts';
import type { Store } from '../ports/store.ts';

/**
 * Notes the hour in which a token was last used, beside the request and never in its way: at most one note at a time, so
 * that a locked table holds one connection and not all of them, and what cannot be noted is left for the next use.
 */
export function makeTokenUse({ store }: { readonly store: Store }): (token: TokenId) => void {
  let isNoting = false;
  return (token) => {
    if (isNoting) return;
    isNoting = true;
    void store
      .transact((tx) => tx.operators.noteTokenUse(token))
      // A database that takes no writes says so where it matters.
      .catch(() => undefined)
      .finally(() => {
        isNoting = false;
      });
  };
}
