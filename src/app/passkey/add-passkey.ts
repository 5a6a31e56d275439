import { passkeyNameLengthMax, passkeysMax } from '../../domain/approval/passkey.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { OperatorId, PasskeyId } from '../../domain/shared/ids.ts';
import type { NewPasskey } from '../ports/passkey-store.ts';
import type { BrowserAnswer, BrowserOptions } from '../ports/passkeys.ts';
import { readEnroller, readRegistration, useCode } from './begin-enrolment.ts';
import type { Enroller } from './begin-enrolment.ts';
import { checkAssertion, noteAssertion } from './check-assertion.ts';
import type { PasskeyDeps } from './passkey-deps.ts';

export interface AddPasskeyInput {
  readonly by: Enroller;
  readonly name: string;
  readonly attestation: BrowserAnswer;
  /** By a passkey that the person has already, over the new one; needed without a code. */
  readonly assertion: BrowserAnswer | null;
}

export interface AddedPasskey {
  readonly passkey: PasskeyId;
  readonly operator: OperatorId;
  /** Whether it signs in already. Somebody who is proposed waits for two others, who compare it. */
  readonly isActive: boolean;
}

/**
 * What somebody signed in has to confirm with a passkey that they have: a session alone, in the hands of a thief, adds
 * nothing. The confirmation names the new key, so that none is put in its place.
 */
export async function confirmPasskey(
  deps: PasskeyDeps,
  operatorId: OperatorId,
  attestation: BrowserAnswer,
): Promise<BrowserOptions> {
  return deps.store.transact(async (tx) => {
    const registration = await readRegistration(deps, tx, operatorId, attestation);
    const own = (await tx.passkeys.list(operatorId)).filter((one) => one.revokedAt === null);
    if (own.length === 0) throw noneToConfirmWith();
    return deps.passkeys.textOptions(confirmationText(deps, operatorId, registration), own);
  });
}

/** Adds a passkey, which counts from now on. One winner per code and per registration. */
export async function addPasskey(deps: PasskeyDeps, input: AddPasskeyInput): Promise<AddedPasskey> {
  const { by, attestation } = input;
  const name = readName(input.name);
  return deps.store.transact(async (tx) => {
    await tx.operators.lock();
    const { operatorId, state } = await readEnroller(deps, tx, by);
    const registration = await readRegistration(deps, tx, operatorId, attestation);
    let proof: Readonly<Record<string, unknown>>;
    if (by.kind === 'code') {
      proof = { by: 'link', link: await useCode(deps, tx, by.code) };
    } else {
      if (input.assertion === null) throw noneToConfirmWith();
      const text = confirmationText(deps, operatorId, registration);
      const checked = await checkAssertion(deps, tx, { operatorId, text, answer: input.assertion });
      await noteAssertion(tx, checked);
      proof = { by: checked.passkey.passkeyId, confirmation: text, assertion: checked.assertion };
    }
    const own = await tx.passkeys.list(operatorId);
    if (own.filter((one) => one.revokedAt === null).length >= passkeysMax) {
      throw new Failure('conflict', `You have ${passkeysMax} passkeys. Revoke one that you no longer use.`);
    }
    const passkey = await tx.passkeys.add({ ...registration, operatorId, name });
    if (passkey === null) {
      throw new Failure('conflict', 'This passkey was registered here before. A passkey is one person’s: use another.');
    }
    const { credentialId, publicKey, rpId, aaguid, isBackupEligible } = registration;
    await tx.ledger.append({
      chain: 'installation',
      event: 'passkey.added',
      body: { operator: operatorId, passkey, credentialId, publicKey, rpId, aaguid, isBackupEligible, ...proof },
    });
    return { passkey, operator: operatorId, isActive: state === 'active' };
  });
}

function confirmationText(
  { digests, deploymentId }: PasskeyDeps,
  operator: OperatorId,
  { credentialId, publicKey, challenge }: Pick<NewPasskey, 'credentialId' | 'publicKey' | 'challenge'>,
): string {
  const purpose = 'add-passkey';
  return digests.canonical({ deployment: deploymentId, operator, purpose, credentialId, publicKey, challenge });
}

function readName(typed: string): string {
  const name = typed.trim();
  if (name !== '' && name.length <= passkeyNameLengthMax && !/\p{C}/u.test(name)) return name;
  throw new Failure('usage', `The name of a passkey has 1 to ${passkeyNameLengthMax} printable characters.`);
}

function noneToConfirmWith(): Failure {
  return new Failure(
    'forbidden',
    'A session alone adds no passkey. Confirm with one that you have, or make a link: allclear operator link OPERATOR --key FILE',
  );
}
