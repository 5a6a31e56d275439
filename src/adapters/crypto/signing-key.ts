import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { LedgerSigner, Signatures } from '../../app/ports/signatures.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { verifyAssertion } from './verify-assertion.ts';

/** An Ed25519 key (RFC 8032). The public key is 32 raw bytes in base64url, a signature 64. */
export interface SigningKey extends LedgerSigner {
  /** PKCS#8 PEM; encrypted (PBES2, AES-256-CBC) when a passphrase is given. */
  toPem(passphrase?: string): string;
}

/** SubjectPublicKeyInfo of an Ed25519 key (RFC 8410 section 4): this prefix, then the 32 raw bytes. */
const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex');
const publicKeyBytes = 32;
const signatureBytes = 64;

export function makeSigningKey(): SigningKey {
  return signingKeyOf(generateKeyPairSync('ed25519').privateKey);
}

/** Whether a PEM text needs a passphrase. A key file without one is the weaker kind, and is shown as such. */
export function isEncryptedPem(pem: string): boolean {
  return pem.includes('BEGIN ENCRYPTED PRIVATE KEY');
}

/** Reads a PKCS#8 PEM key. `Failure('key-missing')` when it is no Ed25519 key or the passphrase does not open it. */
export function loadSigningKey(pem: string, passphrase?: string): SigningKey {
  if (isEncryptedPem(pem) && passphrase === undefined) {
    throw new Failure(
      'key-missing',
      'The key file is encrypted and no passphrase was given. Set ALLCLEAR_KEY_PASSPHRASE_FILE, or type it when asked.',
    );
  }
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: pem, format: 'pem', ...(passphrase === undefined ? {} : { passphrase }) });
  } catch {
    // The cause is left out: some OpenSSL messages quote their input.
    throw new Failure(
      'key-missing',
      'The key file cannot be opened: it is no PKCS#8 PEM, or the passphrase is another.',
    );
  }
  if (key.asymmetricKeyType !== 'ed25519') {
    throw new Failure('key-missing', 'The key file holds another kind of key. Make an Ed25519 one.');
  }
  return signingKeyOf(key);
}

/** Verifies a signature; false for anything malformed. */
export const signatures: Signatures = {
  verifyAssertion,
  verify(publicKey, text, signature) {
    const raw = decodeExactly(publicKey, publicKeyBytes);
    const signed = decodeExactly(signature, signatureBytes);
    if (raw === null || signed === null) return false;
    try {
      const key = createPublicKey({ key: Buffer.concat([spkiPrefix, raw]), format: 'der', type: 'spki' });
      return verify(null, Buffer.from(text, 'utf8'), key, signed);
    } catch {
      return false;
    }
  },
};

/** Only the one base64url spelling of the bytes is read: another would be the same key or signature twice. */
function decodeExactly(text: string, sizeBytes: number): Buffer | null {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.length === sizeBytes && bytes.toString('base64url') === text ? bytes : null;
}

function signingKeyOf(key: KeyObject): SigningKey {
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return {
    publicKey: spki.subarray(spkiPrefix.length).toString('base64url'),
    sign: (text) => sign(null, Buffer.from(text, 'utf8'), key).toString('base64url'),
    toPem: (passphrase) =>
      passphrase === undefined
        ? key.export({ format: 'pem', type: 'pkcs8' }).toString()
        : key.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase }).toString(),
  };
}
