import { isActive } from '../../domain/approval/operator.ts';
import type { Operator } from '../../domain/approval/operator.ts';
import type { CallScope } from '../../domain/approval/token-scope.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { SessionId, TokenId } from '../../domain/shared/ids.ts';
import type { Digests } from '../ports/digests.ts';
import type { FoundToken } from '../ports/operator-store.ts';
import type { Store } from '../ports/store.ts';

export interface AuthenticateTokenDeps {
  readonly store: Store;
  readonly digests: Digests;
}

/** How somebody is signed in to the console. */
export interface CallerSession {
  readonly session: SessionId;
  readonly by: 'passkey' | 'oidc';
  readonly expiresAt: Date;
  readonly lastSeenAt: Date;
}

/** A person, and how much of their role the token or session carries that they sent. */
export interface Caller {
  readonly operator: Operator;
  /** Null: they are signed in. */
  readonly token: TokenId | null;
  /** There where they are signed in. */
  readonly session?: CallerSession;
  readonly scope: readonly CallScope[];
  /** Whether this use falls into another hour than the last one that is noted. */
  readonly isFirstOfHour: boolean;
}

const hourMs = 3_600_000;

/**
 * Who sent this token. `Failure('unauthenticated')`, with one and the same message, when it is unknown, expired or
 * revoked, or when its operator is not active. The look-up is by the token's SHA-256: 256 random bits, so that the time
 * a look-up takes says nothing about another token. It writes nothing: halting has to work on a database that takes no
 * writes.
 */
export async function authenticateToken(deps: AuthenticateTokenDeps, token: string): Promise<Caller> {
  const hash = deps.digests.sha256(token);
  const found = await deps.store.transact((tx) => tx.operators.findToken(hash));
  if (found === null || !isGood(found)) {
    throw new Failure(
      'unauthenticated',
      'The token is not valid. Get a new one: allclear operator token OPERATOR --key FILE',
    );
  }
  const { operator, scope, lastUsedAt, now } = found;
  const isFirstOfHour = lastUsedAt === null || now.getTime() - lastUsedAt.getTime() >= hourMs;
  return { operator, token: found.token, scope, isFirstOfHour };
}

function isGood({ revokedAt, expiresAt, operator, now }: FoundToken): boolean {
  return revokedAt === null && expiresAt > now && isActive(operator, now);
}
