import { createPublicKey, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { Failure } from '../../domain/shared/failure.ts';

/** Posts are signed when they are sent; a retry is signed anew. Older ones are somebody's copy. */
const signedForSeconds = 600;

/**
 * Verifies posts of SendGrid's signed event webhook: ECDSA over P-256 with SHA-256, of the timestamp and the body's own
 * bytes. `publicKey` is base64 of the SPKI, as SendGrid shows it. `Failure('usage')` where it is none.
 */
export function makeSendgridVerifier(
  publicKey: string,
  now: () => Date,
): (body: Uint8Array, signature: string, timestamp: string) => boolean {
  const key = readKey(publicKey);
  return (body, signature, timestamp) => {
    if (!/^[0-9]{1,12}$/.test(timestamp)) return false;
    if (Math.abs(now().getTime() / 1_000 - Number(timestamp)) > signedForSeconds) return false;
    const signed = Buffer.concat([Buffer.from(timestamp, 'ascii'), body]);
    return verify('sha256', signed, key, Buffer.from(signature, 'base64'));
  };
}

function readKey(publicKey: string): KeyObject {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
    if (key.asymmetricKeyType === 'ec') return key;
  } catch {
    // Said below: what OpenSSL says of it helps nobody.
  }
  throw new Failure(
    'usage',
    'ALLCLEAR_FEEDBACK_SENDGRID_KEY is no public key. Copy it from the settings of the signed event webhook.',
  );
}
