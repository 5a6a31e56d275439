import { hkdfSync } from 'node:crypto';
import { readSealKey } from './seal-key-file.ts';

/** One sub-key per purpose, so that what one part of the product shows to the world says nothing about another's key. */
export type KeyPurpose =
  | 'plan-key'
  | 'marker'
  | 'notice-number'
  | 'return-path'
  | 'suppression'
  | 'plan-order'
  | 'request-key'
  | 'passkey-challenge'
  | 'oidc-begun'
  | 'recovery'
  | `seal-bytes:${string}`;

export interface KeyRing {
  /** Names the sealing key without telling anything of it: 16 hex digits. */
  readonly fingerprint: string;
  /** 32 bytes: HKDF-SHA-256 (RFC 5869) of the sealing key, with the purpose as `info`. The same at every start. */
  derive(purpose: KeyPurpose): Buffer;
}

const subKeyBytes = 32;
const fingerprintBytes = 8;

/** Reads the sealing key once. `Failure('key-missing' | 'seal-broken')`. */
export async function loadKeyRing(path: string): Promise<KeyRing> {
  return makeKeyRing(await readSealKey(path));
}

export function makeKeyRing(sealingKey: Uint8Array): KeyRing {
  const derived = new Map<string, Buffer>();
  const expand = (info: string, bytes: number): Buffer =>
    Buffer.from(hkdfSync('sha256', sealingKey, 'allclear-v1', info, bytes));
  return {
    fingerprint: expand('fingerprint', fingerprintBytes).toString('hex'),
    derive(purpose) {
      const known = derived.get(purpose);
      if (known !== undefined) return known;
      const key = expand(`purpose:${purpose}`, subKeyBytes);
      derived.set(purpose, key);
      return key;
    },
  };
}
