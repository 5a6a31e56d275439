import { isPublicKey, isSamePerson } from '../../domain/approval/operator.ts';
import type { Operator } from '../../domain/approval/operator.ts';
import { Failure } from '../../domain/shared/failure.ts';

interface NewPerson {
  readonly name: string;
  readonly email: string;
  /** Null for somebody who is to have passkeys alone. */
  readonly publicKey: string | null;
}

const maxNameLength = 100;
const maxEmailLength = 254;

/** `Failure('usage')` for a name or an address that cannot stand in tables and mails. */
export function refuseUnfitName({ name, email }: Pick<NewPerson, 'name' | 'email'>): void {
  // Control characters would let a name repaint the terminal that shows it.
  const isName = name.trim() !== '' && name.length <= maxNameLength && !/\p{C}/u.test(name);
  if (!isName) throw new Failure('usage', `A name has 1 to ${maxNameLength} printable characters.`);
  const isEmail = email.length <= maxEmailLength && /^[^\s@\p{C}]+@[^\s@\p{C}]+$/u.test(email);
  if (!isEmail) throw new Failure('usage', 'The address of an operator is written like name@example.org.');
}

export function refuseUnfitKey(publicKey: string | null): void {
  if (publicKey !== null && !isPublicKey(publicKey)) {
    throw new Failure('usage', 'The public key is no Ed25519 key in base64url (43 characters).');
  }
}

/** Whoever of `existing` is this very person, by key or by address. */
export function samePersonOf(existing: readonly Operator[], { name, email, publicKey }: NewPerson): Operator | null {
  const candidate: Operator = {
    operatorId: 'operator_0',
    name,
    email,
    publicKey,
    passkeys: [],
    role: 'operator',
    state: 'pending',
    activeFrom: null,
    addedBy: null,
  };
  return existing.find((one) => isSamePerson(one, candidate)) ?? null;
}

/** `Failure('conflict')` where an operator has this key or address already: two accounts of one person could approve each other. */
export function refuseSamePerson(existing: readonly Operator[], person: NewPerson): void {
  const same = samePersonOf(existing, person);
  if (same === null) return;
  throw new Failure(
    'conflict',
    `${same.operatorId} has this key or address already: two accounts with the same key or address are one person. ` +
      'Use another key and another address.',
    { operator: same.operatorId },
  );
}
