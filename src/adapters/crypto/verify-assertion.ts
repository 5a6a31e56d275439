import { createHash, createPublicKey, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Assertion, PasskeyKey } from '../../domain/approval/passkey.ts';

/** Authenticator data (W3C Web Authentication Level 3, section 6.1): hash of the RP id, flags, counter. */
const rpHashLength = 32;
const shortestLength = 37;
const userPresent = 0x01;
const userVerified = 0x04;

/**
 * Whether this passkey's holder, verified by their authenticator, signed exactly this text: the challenge is its SHA-256
 * (section 7.2, for what is stored). It depends on its arguments alone, so that it says the same years later and may be
 * remembered. False for anything malformed. `tools/verify-approvals.mjs` does the same without us.
 */
export function verifyAssertion(
  { credentialId, publicKey, rpId }: PasskeyKey,
  text: string,
  assertion: Assertion,
): boolean {
  try {
    const clientData = decode(assertion.clientDataJson);
    const authenticatorData = decode(assertion.authenticatorData);
    if (assertion.credentialId !== credentialId) return false;
    if (!isAnswerTo(clientData, text, rpId)) return false;
    if (!isOfVerifiedUser(authenticatorData, rpId)) return false;
    const key = createPublicKey({ key: decode(publicKey), format: 'der', type: 'spki' });
    const signed = Buffer.concat([authenticatorData, sha256(clientData)]);
    return verify(digestOf(key), signed, key, decode(assertion.signature));
  } catch {
    return false;
  }
}

function isAnswerTo(clientData: Buffer, text: string, rpId: string): boolean {
  const { type, challenge, origin, crossOrigin } = JSON.parse(clientData.toString('utf8')) as Record<string, unknown>;
  if (type !== 'webauthn.get' || (crossOrigin !== undefined && crossOrigin !== false)) return false;
  if (challenge !== sha256(Buffer.from(text, 'utf8')).toString('base64url') || typeof origin !== 'string') return false;
  const { protocol, hostname } = new URL(origin);
  return hostname === rpId && (protocol === 'https:' || (protocol === 'http:' && hostname === 'localhost'));
}

function isOfVerifiedUser(authenticatorData: Buffer, rpId: string): boolean {
  if (authenticatorData.length < shortestLength) return false;
  if (!authenticatorData.subarray(0, rpHashLength).equals(sha256(Buffer.from(rpId, 'utf8')))) return false;
  const flags = authenticatorData.readUInt8(rpHashLength);
  return (flags & userPresent) !== 0 && (flags & userVerified) !== 0;
}

/** Ed25519 digests by itself; the other two that we register sign a SHA-256 (RFC 9053, RFC 8812). */
function digestOf(key: KeyObject): 'sha256' | null {
  return key.asymmetricKeyType === 'ed25519' ? null : 'sha256';
}

/** Only the one base64url spelling of the bytes is read: another would be the same key twice. */
function decode(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.toString('base64url') !== text) throw new Error('not base64url');
  return bytes;
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
