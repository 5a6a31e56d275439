import type { ApprovalStatement } from '../domain/approval/approval-statement.ts';
import type { Digests } from '../app/ports/digests.ts';
import type { OpenedKey } from './local-verbs.ts';

/** Under the day that counts at most, so that two clocks that differ by an hour still agree. */
const validHours = 23;
const nonceBytes = 16;

export interface SignedText {
  readonly statement: string;
  readonly signature: string;
}

/** One person's yes: the RFC 8785 text of the seven fields, and Ed25519 over it. */
export function signStatement(
  digests: Digests,
  key: OpenedKey,
  what: Omit<ApprovalStatement, 'nonce' | 'expiry'>,
  now: Date,
): SignedText {
  const complete: ApprovalStatement = {
    ...what,
    nonce: digests.randomHex(nonceBytes),
    expiry: new Date(now.getTime() + validHours * 3_600_000).toISOString(),
  };
  const statement = digests.canonical(complete);
  return { statement, signature: key.sign(statement) };
}
