import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Failure } from '../../domain/shared/failure.ts';

/**
 * NIST SP 800-38D section 8.3 allows 2^32 random 96-bit nonces per key; a plan key seals one hash per target and
 * the largest directory has 2^30.
 */
const nonceBytes = 12;
const tagBytes = 16;

/** AES-256-GCM (NIST SP 800-38D): nonce, ciphertext, tag, in one. `context` is authenticated, not stored. */
export function encrypt(key: Uint8Array, clear: Uint8Array, context: string): Uint8Array {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(Buffer.from(context, 'utf8'));
  return Buffer.concat([nonce, cipher.update(clear), cipher.final(), cipher.getAuthTag()]);
}

/** `Failure('seal-broken')` under any other key or context, or after any change. `what` names it to a person. */
export function decrypt(key: Uint8Array, sealed: Uint8Array, context: string, what: string): Buffer {
  if (sealed.length < nonceBytes + tagBytes) throw broken(what);
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes), { authTagLength: tagBytes });
  decipher.setAAD(Buffer.from(context, 'utf8'));
  decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, sealed.length - tagBytes)), decipher.final()]);
  } catch (cause) {
    throw broken(what, cause);
  }
}

function broken(what: string, cause?: unknown): Failure {
  return new Failure(
    'seal-broken',
    `The seal of ${what} does not open: another sealing key made it, or somebody changed it. Check ALLCLEAR_SEAL_KEY_FILE.`,
    {},
    cause,
  );
}
