import type { OperatorId } from '../shared/ids.ts';
import type { Role } from './role.ts';

export type OperatorState = 'pending' | 'active' | 'suspended' | 'removed';

export interface Operator {
  readonly operatorId: OperatorId;
  readonly name: string;
  readonly email: string;
  /** Ed25519, 32 raw bytes in base64url. Null for a person who has passkeys alone. */
  readonly publicKey: string | null;
  /** Public keys of every passkey that this account ever had, the first one first, revoked ones too: SubjectPublicKeyInfo, base64url. */
  readonly passkeys: readonly string[];
  readonly role: Role;
  readonly state: OperatorState;
  /** When the operator's word begins to count; null until it was agreed. */
  readonly activeFrom: Date | null;
  readonly addedBy: OperatorId | null;
}

/** Whether the operator may act and approve at `now`: unknown is no. */
export function isActive(operator: Operator, now: Date): boolean {
  return operator.state === 'active' && operator.activeFrom !== null && operator.activeFrom <= now;
}

/** Whether two accounts are one person: the same account, the same key or passkey, or the same address in any case of letters. */
export function isSamePerson(left: Operator, right: Operator): boolean {
  return (
    left.operatorId === right.operatorId ||
    (left.publicKey !== null && left.publicKey === right.publicKey) ||
    left.passkeys.some((key) => right.passkeys.includes(key)) ||
    left.email.toLowerCase() === right.email.toLowerCase()
  );
}

/** Whether there is nothing yet by which this person could be known: no key, and no passkey was ever made. */
export function isEmptyHanded({ publicKey, passkeys }: Pick<Operator, 'publicKey' | 'passkeys'>): boolean {
  return publicKey === null && passkeys.length === 0;
}

/**
 * What two others say yes to when they admit or suspend an operator; its digest is SHA-256 over its RFC 8785 text. It
 * names the key, or where there is none the first passkey: whoever else got hold of the link is another record.
 */
export function operatorRecord(
  deployment: string,
  operator: Pick<Operator, 'operatorId' | 'name' | 'email' | 'publicKey' | 'passkeys' | 'role'>,
): Readonly<Record<string, string>> {
  const { operatorId, name, email, publicKey, passkeys, role } = operator;
  const by = publicKey === null ? { passkey: passkeys[0] ?? '' } : { publicKey };
  return { deployment, operator: operatorId, name, email, ...by, role };
}

/** Whether the text is the one base64url spelling of 32 bytes: another spelling would be the same key twice. */
export function isPublicKey(text: string): boolean {
  return /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/.test(text);
}
