import type { Digests } from '../ports/digests.ts';
import type { Passkeys } from '../ports/passkeys.ts';
import type { Signatures } from '../ports/signatures.ts';
import type { Store } from '../ports/store.ts';
import { Failure } from '../../domain/shared/failure.ts';

export interface PasskeyDeps {
  readonly store: Store;
  readonly digests: Digests;
  readonly signatures: Signatures;
  readonly passkeys: Passkeys;
  readonly deploymentId: string;
  /**
   * A trial is one person with one machine who plays all parts. Everywhere else an authenticator that holds a passkey of
   * one account refuses to make one for another: two accounts of one person could approve each other.
   */
  readonly isTrial: boolean;
}

/** `Failure('guardrail-failed')` where browsers would offer no passkey, with what to do about it. */
export function requireOrigin({ passkeys }: Pick<PasskeyDeps, 'passkeys'>): string {
  if (passkeys.origin !== null) return passkeys.origin;
  throw new Failure(
    'guardrail-failed',
    'Browsers offer passkeys on https:// addresses with a name, and on http://localhost. Set PUBLIC_URL to one.',
  );
}
