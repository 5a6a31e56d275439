import type { SessionId } from '../../domain/shared/ids.ts';
import type { Store } from '../ports/store.ts';

/** Often enough for an end after minutes without use; a console that is in use asks far more often. */
const everyMs = 60_000;
/** More sessions than people sign in at once; whoever falls out is noted once more. */
const mostNoted = 1_000;

/** Notes that a session is in use, beside the request and never in its way: at most once a minute each. */
export function makeSessionUse(
  { store }: { readonly store: Store },
  monotonicMs: () => number,
): (session: SessionId) => void {
  const noted = new Map<SessionId, number>();
  return (session) => {
    const nowMs = monotonicMs();
    const last = noted.get(session);
    if (last !== undefined && nowMs - last < everyMs) return;
    noted.delete(session);
    noted.set(session, nowMs);
    const [oldest] = noted.keys();
    if (noted.size > mostNoted && oldest !== undefined) noted.delete(oldest);
    // A database that takes no writes says so where it matters.
    void store.transact((tx) => tx.sessions.noteUse(session)).catch(() => undefined);
  };
}
