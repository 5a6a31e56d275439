import type { OperatorId, PasskeyId, SessionId } from '../../domain/shared/ids.ts';
import type { Digests } from '../ports/digests.ts';
import type { Tx } from '../ports/store.ts';

export interface OpenedSession {
  readonly session: SessionId;
  /** For the cookie; only its SHA-256 is stored. */
  readonly secret: string;
  readonly expiresAt: Date;
}

export interface SessionLimits {
  /** A session ends after so long, whatever is done in it. */
  readonly sessionHours: number;
  /** And when nobody does anything in it for so long. */
  readonly sessionIdleMinutes: number;
}

/** 256 bits: nothing to guess, also by whoever holds the table of hashes. */
const secretBytes = 32;
/** Old rows that one sign-in clears away. */
const purgedAtOnce = 100;

/** In the caller's transaction, with its ledger entry; null where the answer that opens it opened one before. */
export async function openSession(
  digests: Digests,
  tx: Tx,
  { operatorId, passkey, challenge }: OpenSessionInput,
  { sessionHours }: SessionLimits,
): Promise<OpenedSession | null> {
  const secret = `acs_${digests.randomHex(secretBytes)}`;
  const now = await tx.approvals.now();
  const expiresAt = new Date(now.getTime() + sessionHours * 3_600_000);
  await tx.sessions.purge(purgedAtOnce);
  const secretHash = digests.sha256(secret);
  const session = await tx.sessions.add({ secretHash, operatorId, passkey, challenge, expiresAt });
  if (session === null) return null;
  await tx.ledger.append({
    chain: 'installation',
    event: 'session.began',
    body: { operator: operatorId, session, by: passkey ?? 'oidc', expiresAt: expiresAt.toISOString() },
  });
  return { session, secret, expiresAt };
}

export interface OpenSessionInput {
  readonly operatorId: OperatorId;
  /** Null: by OIDC. */
  readonly passkey: PasskeyId | null;
  /** What was answered, once. */
  readonly challenge: string;
}
