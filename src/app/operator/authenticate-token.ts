import { isActive } from '../../domain/approval/operator.ts';
import type { Operator } from '../../domain/approval/operator.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { Digests } from '../ports/digests.ts';
import type { Store } from '../ports/store.ts';

export interface AuthenticateTokenDeps {
  readonly store: Store;
  readonly digests: Digests;
}

/**
 * Who sent this token. `Failure('unauthenticated')`, with one and the same message, when it is unknown, expired or
 * revoked, or when its operator is not active. The look-up is by the token's SHA-256: 256 random bits, so that the time
 * a look-up takes says nothing about another token.
 */
export async function authenticateToken(deps: AuthenticateTokenDeps, token: string): Promise<Operator> {
  const hash = deps.digests.sha256(token);
  const { found, now } = await deps.store.transact(async (tx) => ({
    found: await tx.operators.findToken(hash),
    now: await tx.approvals.now(),
  }));
  if (found === null || found.isRevoked || found.expiresAt <= now || !isActive(found.operator, now)) {
    throw new Failure('unauthenticated', 'The token is not valid. Get a new one: allclear operator token --key FILE');
  }
  return found.operator;
}
