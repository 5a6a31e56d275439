import { isActive } from '../../domain/approval/operator.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { Caller } from '../operator/authenticate-token.ts';
import type { Digests } from '../ports/digests.ts';
import type { FoundSession } from '../ports/session-store.ts';
import type { Store } from '../ports/store.ts';
import type { SessionLimits } from './open-session.ts';

export interface AuthenticateSessionDeps {
  readonly store: Store;
  readonly digests: Digests;
  readonly limits: SessionLimits;
}

/**
 * Whose session this is. `Failure('unauthenticated')`, with one and the same message, when it is unknown, ended, over or
 * was idle for too long, or when its operator is not active. Writes nothing, as `authenticateToken`.
 */
export async function authenticateSession(deps: AuthenticateSessionDeps, secret: string): Promise<Caller> {
  const found = await deps.store.transact((tx) => tx.sessions.find(deps.digests.sha256(secret)));
  if (found === null || !isGood(found, deps.limits)) {
    throw new Failure('unauthenticated', 'You are not signed in, or no longer. Sign in again.');
  }
  const { operator, session, by, expiresAt, lastSeenAt } = found;
  return {
    operator,
    token: null,
    session: { session, by, expiresAt, lastSeenAt },
    scope: [by === 'passkey' ? 'full' : 'identified'],
    isFirstOfHour: false,
  };
}

function isGood({ endedAt, expiresAt, lastSeenAt, operator, now }: FoundSession, limits: SessionLimits): boolean {
  const idleMs = now.getTime() - lastSeenAt.getTime();
  return endedAt === null && expiresAt > now && idleMs < limits.sessionIdleMinutes * 60_000 && isActive(operator, now);
}
