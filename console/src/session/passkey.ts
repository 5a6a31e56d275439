import { startAuthentication, startRegistration } from '@simplewebauthn/browser';
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';
import { checkOfferedStatement } from '../../../src/domain/approval/offered-statement.ts';
import type { MeantStatement } from '../../../src/domain/approval/offered-statement.ts';
import { Failure } from '../../../src/domain/shared/failure.ts';
import { call } from '../api/call.ts';
import { Refused, unanswered } from '../api/refused.ts';
import type { Answer, Input } from '../api/routes.ts';
import type { Where } from '../api/where.ts';
import { hashing } from '../digest/hashing.ts';
import { asRefused } from '../digest/refuse-to-sign.ts';
import { passkeyWords } from './passkey-words.ts';

/** Signs in with a passkey of this device. Throws `Refused`. */
export async function signIn(): Promise<Answer<'post /api/v1/sessions'>> {
  const { challengeId, publicKey } = await call('post /api/v1/sessions/options', {});
  return call('post /api/v1/sessions', { body: { challengeId, assertion: await assertBy(publicKey) } });
}

export interface Joined {
  /** False for somebody who is proposed: two others compare the words first. */
  readonly isActive: boolean;
  /** Of the key as this device made it, whatever the server says of it; null where the browser does not show it. */
  readonly words: string | null;
}

/** Makes a passkey on this device for whom the one-time code is about. */
export async function joinByCode(code: string, name: string): Promise<Joined> {
  const { publicKey } = await call('post /api/v1/passkeys/options', { body: { code } });
  const attestation = await makeBy(publicKey);
  const { isActive } = await call('post /api/v1/passkeys', { body: { code, name, attestation } });
  const made = attestation.response.publicKey;
  return { isActive, words: made === undefined ? null : passkeyWords(made) };
}

/** One more passkey for whoever is signed in; an older one of theirs confirms exactly this new one. */
export async function addPasskey(name: string): Promise<void> {
  const { publicKey } = await call('post /api/v1/passkeys/options', { body: {} });
  const attestation = await makeBy(publicKey);
  const confirmation = await call('post /api/v1/passkeys/confirmations', { body: { attestation } });
  const assertion = await assertBy(confirmation.publicKey);
  await call('post /api/v1/passkeys', { body: { name, attestation, assertion } });
}

export async function signOut(): Promise<void> {
  await call('delete /api/v1/sessions/current', {});
}

/**
 * A text that was said yes to, and the passkey's answer: what every route of approvals takes. The passkey is asked only
 * where the offered text says what is meant, and the challenge is that text's own digest. Throws `Refused`.
 */
export async function sayYes(
  to: Input<'post /api/v1/approvals/options'>['body'],
  meant: MeantStatement,
  where: Where = 'live',
): Promise<{ readonly statement: string; readonly assertion: Assertion }> {
  const { statement, publicKey } = await call('post /api/v1/approvals/options', { body: to }, { where });
  try {
    checkOfferedStatement((value) => hashing.canonical(value), statement, meant, new Date());
    checkChallenge(statement, publicKey);
  } catch (error) {
    throw asRefused(error);
  }
  return { statement, assertion: await assertBy(publicKey) };
}

function checkChallenge(statement: string, publicKey: Readonly<Record<string, unknown>>): void {
  const pairs = hashing.sha256(statement).match(/../g) ?? [];
  const digest = String.fromCharCode(...pairs.map((pair) => Number.parseInt(pair, 16)));
  const expected = btoa(digest).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  if (publicKey['challenge'] === expected) return;
  throw new Failure(
    'digest-mismatch',
    'The server asks the passkey to sign another text than the one that it offers. Nothing was signed.',
  );
}

type Attestation = Input<'post /api/v1/passkeys'>['body']['attestation'];
type Assertion = Input<'post /api/v1/sessions'>['body']['assertion'];

/** The answer of the passkey to what the server asks: to sign in, or to say yes to a digest. */
async function assertBy(publicKey: Answer<'post /api/v1/sessions/options'>['publicKey']): Promise<Assertion> {
  const answer = await touch(() =>
    startAuthentication({ optionsJSON: publicKey as unknown as PublicKeyCredentialRequestOptionsJSON }),
  );
  return { ...answer, clientExtensionResults: { ...answer.clientExtensionResults } };
}

/** A new passkey of this device. */
async function makeBy(publicKey: Answer<'post /api/v1/passkeys/options'>['publicKey']): Promise<Attestation> {
  const attestation = await touch(() =>
    startRegistration({ optionsJSON: publicKey as unknown as PublicKeyCredentialCreationOptionsJSON }),
  );
  return { ...attestation, clientExtensionResults: { ...attestation.clientExtensionResults } };
}

/** The device asks the person. A person who lets it be has refused nothing: nothing was sent. */
async function touch<Result>(ask: () => Promise<Result>): Promise<Result> {
  try {
    return await ask();
  } catch (error) {
    const why = error instanceof Error ? error.message : '';
    throw new Refused({
      ...unanswered(`Nothing was sent. ${why}`.trim()),
      title: 'The passkey did not answer.',
      code: 'passkey-unanswered',
      next: 'Try again, and touch or unlock the passkey when the browser asks.',
    });
  }
}
