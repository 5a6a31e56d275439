import { Failure } from '../../domain/shared/failure.ts';
import type { OperatorId, TokenId } from '../../domain/shared/ids.ts';
import type { KnownToken } from '../ports/operator-store.ts';
import type { Store } from '../ports/store.ts';

export interface RevokeTokenInput {
  readonly token: TokenId;
  readonly by: OperatorId;
  /** Whether the caller may revoke what is not theirs. */
  readonly mayManage: boolean;
}

/**
 * Ends a token at once, with its ledger entry; false where it was revoked before. One person's act: revoking is the safe
 * direction, and its holder signs for a new one. `Failure('not-found')` for a token that is not there, and for another
 * person's where the caller may not manage those: nobody learns which ids are taken.
 */
export async function revokeToken(
  { store }: { readonly store: Store },
  { token, by, mayManage }: RevokeTokenInput,
): Promise<boolean> {
  return store.transact(async (tx) => {
    const known = await tx.operators.readToken(token);
    if (known === null || (known.operatorId !== by && !mayManage)) {
      throw new Failure('not-found', `There is no ${token} of yours. See: allclear operator token --list`);
    }
    const isRevoked = await tx.operators.revokeToken(token);
    if (isRevoked) {
      const body = { operator: known.operatorId, token, by };
      await tx.ledger.append({ chain: 'installation', event: 'operator.token-revoked', body });
    }
    return isRevoked;
  });
}

/** Tokens that can still be used: the caller's own, or everybody's. */
export async function listTokens(
  { store }: { readonly store: Store },
  of: OperatorId | null,
): Promise<readonly KnownToken[]> {
  return store.transact((tx) => tx.operators.listTokens(of));
}
