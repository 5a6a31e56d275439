import { scopeText } from '../../domain/approval/token-scope.ts';
import type { TokenScope } from '../../domain/approval/token-scope.ts';
import type { OperatorId, TokenId } from '../../domain/shared/ids.ts';
import type { Digests } from '../ports/digests.ts';
import type { Tx } from '../ports/store.ts';

export interface IssuedToken {
  readonly id: TokenId;
  /** Shown once; only its SHA-256 is stored. */
  readonly token: string;
  readonly expiresAt: Date;
}

export interface TokenWanted {
  readonly operatorId: OperatorId;
  readonly scope: readonly TokenScope[];
  readonly hours: number;
  /** Of the signed request; null for the first two operators, who are made on the server's own machine. */
  readonly nonce: string | null;
}

/** 256 bits: nothing to guess, also by whoever holds the table of hashes. */
const tokenBytes = 32;
const hourMs = 3_600_000;

/** Makes an API token with its ledger entry, in the caller's transaction; null when the nonce was used before. */
export async function makeToken(
  digests: Digests,
  tx: Tx,
  { operatorId, scope, hours, nonce }: TokenWanted,
): Promise<IssuedToken | null> {
  const token = `act_${digests.randomHex(tokenBytes)}`;
  const now = await tx.approvals.now();
  const expiresAt = new Date(now.getTime() + hours * hourMs);
  const text = scopeText(scope);
  const id = await tx.operators.addToken({ hash: digests.sha256(token), operatorId, scope: text, nonce, expiresAt });
  if (id === null) return null;
  await tx.ledger.append({
    chain: 'installation',
    event: 'operator.token-issued',
    body: { operator: operatorId, token: id, scope: text, expiresAt: expiresAt.toISOString() },
  });
  return { id, token, expiresAt };
}
