import { createHash } from 'node:crypto';
import type { RegistrationResponseJSON } from '@simplewebauthn/server';
import type { Assertion } from '../../domain/approval/passkey.ts';
import type { Passkey } from '../../app/ports/passkey-store.ts';
import type { BrowserAnswer, Passkeys, SeenPasskey } from '../../app/ports/passkeys.ts';
import type { Signatures } from '../../app/ports/signatures.ts';
import { makeChallenges } from './challenge.ts';
import { publicKeyOf } from './public-key-of.ts';
import { relyingPartyOf } from './relying-party.ts';

/** COSE algorithms (RFC 9053): Ed25519, ECDSA on P-256, RSA for what older Windows machines hold. First is preferred. */
const algorithms = [-8, -7, -257] as const;
/** How long a browser waits for a touch. */
const touchMs = 120_000;

export interface PasskeysOptions {
  readonly publicUrl: string;
  /** Shown by authenticators beside the name of the person. */
  readonly rpName: string;
  readonly challengeKey: Uint8Array;
  readonly signatures: Signatures;
}

/** WebAuthn for one origin: SimpleWebAuthn reads what is registered, and what is signed is verified as it will be years later. Attestation is not asked for: it would name the device and prove nothing that we act on. */
export function makePasskeys({ publicUrl, rpName, challengeKey, signatures }: PasskeysOptions): Passkeys {
  const { origin, rpId } = relyingPartyOf(publicUrl);
  const challenges = makeChallenges(challengeKey);
  const expectedRp = rpId === null ? null : { expectedOrigin: origin, expectedRPID: rpId };

  function verify(answer: BrowserAnswer, text: string, passkey: Passkey): SeenPasskey | null {
    const assertion = readAssertion(answer);
    if (assertion === null || passkey.revokedAt !== null || passkey.rpId !== rpId) return null;
    if (!signatures.verifyAssertion(passkey, text, assertion) || originOf(assertion) !== origin) return null;
    return seenIn(Buffer.from(assertion.authenticatorData, 'base64url'));
  }

  const requestOptions = (
    challenge: string,
    allowed: readonly Pick<Passkey, 'credentialId' | 'transports'>[],
  ): Readonly<Record<string, unknown>> => ({
    challenge,
    rpId,
    timeout: touchMs,
    userVerification: 'required',
    allowCredentials: allowed.map(descriptorOf),
  });

  return {
    origin: rpId === null ? null : origin,
    makeChallenge: (purpose, expiresAt) => challenges.make(purpose, expiresAt),
    signInOptions: (challengeId) => requestOptions(challengeOf(challengeId), []),
    textOptions: (text, allowed) => requestOptions(challengeOf(text), allowed),
    enrolOptions: (challenge, { handle, name, displayName }, known) => ({
      challenge,
      rp: { id: rpId, name: rpName },
      user: { id: Buffer.from(handle).toString('base64url'), name, displayName },
      pubKeyCredParams: algorithms.map((alg) => ({ type: 'public-key', alg })),
      timeout: touchMs,
      attestation: 'none',
      excludeCredentials: known.map(descriptorOf),
      authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
    }),
    readAssertion,
    async verifyRegistration(answer, purpose, now) {
      if (expectedRp === null || rpId === null) return null;
      // Most of a second to load (November 2026, busy cores), for what happens once per passkey: the server starts without it.
      const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
      let challenge = '';
      const verified = await verifyRegistrationResponse({
        response: answer as unknown as RegistrationResponseJSON,
        ...expectedRp,
        expectedChallenge: (given) => {
          challenge = given;
          return challenges.isGood(given, purpose, now);
        },
        requireUserVerification: true,
        supportedAlgorithmIDs: [...algorithms],
      }).catch(() => null);
      if (verified === null || !verified.verified) return null;
      const { credential, aaguid, credentialDeviceType, credentialBackedUp } = verified.registrationInfo;
      const publicKey = await publicKeyOf(credential.publicKey);
      if (publicKey === null) return null;
      return {
        credentialId: credential.id,
        publicKey,
        coseKey: Buffer.from(credential.publicKey).toString('base64url'),
        rpId,
        transports: (credential.transports ?? []).filter((one) => /^[a-z-]{1,20}$/.test(one)).slice(0, 8),
        aaguid,
        isBackupEligible: credentialDeviceType === 'multiDevice',
        isBackedUp: credentialBackedUp,
        signCount: credential.counter,
        challenge,
      };
    },
    verifySignIn: (answer, challengeId, passkey, now) =>
      challenges.isGood(challengeId, 'sign-in', now) ? verify(answer, challengeId, passkey) : null,
    verifyText: (answer, text, passkey) => verify(answer, text, passkey),
  };
}

function originOf({ clientDataJson }: Assertion): unknown {
  return (JSON.parse(Buffer.from(clientDataJson, 'base64url').toString('utf8')) as { readonly origin?: unknown })
    .origin;
}

/** Authenticator data, W3C Web Authentication Level 3, section 6.1: 32 bytes of a hash, flags, counter. */
function seenIn(authenticatorData: Buffer): SeenPasskey {
  const isBackedUp = (authenticatorData.readUInt8(32) & 0x10) !== 0;
  return { signCount: authenticatorData.readUInt32BE(33), isBackedUp };
}

function challengeOf(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('base64url');
}

function descriptorOf({ credentialId, transports }: Pick<Passkey, 'credentialId' | 'transports'>): object {
  return { type: 'public-key', id: credentialId, ...(transports.length === 0 ? {} : { transports }) };
}

/** The four parts that are kept, each in the one spelling of its bytes. */
function readAssertion(answer: BrowserAnswer): Assertion | null {
  const { id, response } = answer as {
    readonly id?: unknown;
    readonly response?: Readonly<Record<string, unknown>>;
  };
  const parts = [id, response?.['clientDataJSON'], response?.['authenticatorData'], response?.['signature']];
  const texts = parts.filter((part) => typeof part === 'string' && isBase64url(part)) as string[];
  const [credentialId, clientDataJson, authenticatorData, signature] = texts;
  if (texts.length !== parts.length || credentialId === undefined || clientDataJson === undefined) return null;
  if (authenticatorData === undefined || signature === undefined) return null;
  return { credentialId, clientDataJson, authenticatorData, signature };
}

function isBase64url(text: string): boolean {
  return text !== '' && Buffer.from(text, 'base64url').toString('base64url') === text;
}
