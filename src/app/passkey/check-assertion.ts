import type { Assertion } from '../../domain/approval/passkey.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { OperatorId } from '../../domain/shared/ids.ts';
import type { Passkey } from '../ports/passkey-store.ts';
import type { BrowserAnswer, SeenPasskey } from '../ports/passkeys.ts';
import type { Tx } from '../ports/store.ts';
import type { PasskeyDeps } from './passkey-deps.ts';

export interface CheckedAssertion {
  readonly passkey: Passkey;
  readonly assertion: Assertion;
  readonly seen: SeenPasskey;
}

/**
 * That a passkey of this very person answered this very text just now: origin, host and user verification too. Null for
 * anything else.
 */
export async function findAssertion(
  { passkeys }: Pick<PasskeyDeps, 'passkeys'>,
  tx: Tx,
  given: { readonly operatorId: OperatorId; readonly text: string; readonly answer: BrowserAnswer },
): Promise<CheckedAssertion | null> {
  const assertion = passkeys.readAssertion(given.answer);
  const passkey = assertion === null ? null : await tx.passkeys.find(assertion.credentialId);
  if (assertion === null || passkey === null || passkey.operatorId !== given.operatorId) return null;
  const seen = passkeys.verifyText(given.answer, given.text, passkey);
  return seen === null ? null : { passkey, assertion, seen };
}

/** As `findAssertion`. `Failure('signature-invalid')` where that finds none. */
export async function checkAssertion(
  deps: Pick<PasskeyDeps, 'passkeys'>,
  tx: Tx,
  given: { readonly operatorId: OperatorId; readonly text: string; readonly answer: BrowserAnswer },
): Promise<CheckedAssertion> {
  const found = await findAssertion(deps, tx, given);
  if (found !== null) return found;
  throw new Failure(
    'signature-invalid',
    'The passkey’s answer is not one of yours to exactly this text. Nothing was done. Begin anew.',
  );
}

/** `Failure('conflict')` where its counter was seen further on meanwhile: two devices hold one key. */
export async function noteAssertion(
  tx: Tx,
  { passkey, seen }: Pick<CheckedAssertion, 'passkey' | 'seen'>,
): Promise<void> {
  if (await tx.passkeys.noteUse(passkey.passkeyId, seen)) return;
  throw new Failure(
    'conflict',
    'The counter of this passkey went back: it was used elsewhere since, or was copied. Revoke it where that was not you.',
  );
}
