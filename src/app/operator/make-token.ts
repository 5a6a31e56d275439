import type { OperatorId } from '../../domain/shared/ids.ts';
import type { Digests } from '../ports/digests.ts';
import type { Tx } from '../ports/store.ts';

export interface IssuedToken {
  /** Shown once; only its SHA-256 is stored. */
  readonly token: string;
  readonly expiresAt: Date;
}

/** 256 bits: nothing to guess, also by whoever holds the table of hashes. */
const tokenBytes = 32;
/** A stolen token is of use for a month at most; a new one costs one signature. */
const tokenDays = 30;
const dayMs = 86_400_000;

/** Makes an API token in the caller's transaction; null when the nonce was used before. */
export async function makeToken(
  digests: Digests,
  tx: Tx,
  operatorId: OperatorId,
  nonce: string | null,
): Promise<IssuedToken | null> {
  const token = `act_${digests.randomHex(tokenBytes)}`;
  const now = await tx.approvals.now();
  const expiresAt = new Date(now.getTime() + tokenDays * dayMs);
  const added = await tx.operators.addToken({ hash: digests.sha256(token), operatorId, nonce, expiresAt });
  return added ? { token, expiresAt } : null;
}
