import type { AccountId } from '../../domain/shared/ids.ts';

/** What a sealed hash is bound to (the AAD): opening under any other binding fails. */
export interface SealBinding {
  readonly deployment: string;
  readonly directory: string;
  readonly plan: string;
  readonly accountId: AccountId;
  readonly restorePoint: string;
  readonly marker: string;
  /** SHA-256 of the sealed hash, hex. */
  readonly hashDigest: string;
}

export interface SealedHash {
  readonly keyId: string;
  /** AES-256-GCM (NIST SP 800-38D): 12-byte nonce, ciphertext, 16-byte tag. */
  readonly sealed: Uint8Array;
}

/** Seals old password hashes under a key kept outside the database. `Failure('key-missing' | 'seal-broken')`. */
export interface Seal {
  /** A fresh data key for one plan, wrapped by the sealing key (stored beside the plan). */
  newPlanKey(plan: string): Promise<{ readonly keyId: string; readonly wrapped: Uint8Array }>;
  seal(plan: string, wrapped: Uint8Array, hash: string, binding: SealBinding): Promise<SealedHash>;
  open(plan: string, wrapped: Uint8Array, sealed: SealedHash, binding: SealBinding): Promise<string>;
  /** `allclear-q1$<restore point>$<MAC>:-` — the MAC binds directory, account and restore point. */
  marker(directory: string, accountId: AccountId, restorePoint: string): string;
  /** The restore point that a stored credential names, if it is a marker of ours for that very account; else null. */
  readMarker(directory: string, accountId: AccountId, storedCredential: string): string | null;
  /** `allclear-s1$<suspension>$<MAC>` — what an account is suspended by; the MAC binds directory, account and suspension. */
  suspensionMark(directory: string, accountId: AccountId, suspension: string): string;
  /** The suspension that a stored mark names, if it is one of ours for that very account; else null. */
  readSuspensionMark(directory: string, accountId: AccountId, stored: string): string | null;
  /** Seals small facts (line numbers of a leaked list) to one purpose. */
  sealBytes(purpose: string, clear: Uint8Array): Uint8Array;
  openBytes(purpose: string, sealed: Uint8Array): Uint8Array;
}
