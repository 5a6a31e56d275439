import { createHash, createSecretKey, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Seal, SealBinding, SealedHash } from '../../app/ports/seal.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { decrypt, encrypt } from './aes-gcm.ts';
import type { KeyRing } from './key-ring.ts';
import { makeMarker, makeSuspensionMark, readMarker, readSuspensionMark } from './marker.ts';

const dataKeyBytes = 32;

/** The seal under a sealing key file. A key id is the fingerprint of the sealing key at the root, for a clear refusal. */
export function makeSeal(keys: KeyRing): Seal {
  // Made once: a key given as bytes is made into this anew at every call, which costs more than the MAC.
  const markerKey = createSecretKey(keys.derive('marker'));
  return {
    async newPlanKey(plan) {
      const wrapped = encrypt(keys.derive('plan-key'), randomBytes(dataKeyBytes), wrapContext(plan));
      return { keyId: keys.fingerprint, wrapped };
    },
    async seal(plan, wrapped, hash, binding) {
      requireSame(plan, hash, binding);
      const dataKey = unwrap(keys, plan, wrapped);
      return { keyId: keys.fingerprint, sealed: encrypt(dataKey, Buffer.from(hash, 'utf8'), hashContext(binding)) };
    },
    async open(plan, wrapped, sealed, binding) {
      requireOurKey(keys, sealed, binding);
      const dataKey = unwrap(keys, plan, wrapped);
      const what = `restore point ${binding.restorePoint}`;
      const hash = decrypt(dataKey, sealed.sealed, hashContext(binding), what).toString('utf8');
      requireSame(plan, hash, binding);
      return hash;
    },
    marker: (directory, accountId, restorePoint) => makeMarker(markerKey, directory, accountId, restorePoint),
    readMarker: (directory, accountId, stored) => readMarker(markerKey, directory, accountId, stored),
    suspensionMark: (directory, accountId, suspension) =>
      makeSuspensionMark(markerKey, directory, accountId, suspension),
    readSuspensionMark: (directory, accountId, stored) => readSuspensionMark(markerKey, directory, accountId, stored),
    sealBytes: (purpose, clear) => encrypt(keys.derive(`seal-bytes:${purpose}`), clear, purpose),
    openBytes: (purpose, sealed) => decrypt(keys.derive(`seal-bytes:${purpose}`), sealed, purpose, purpose),
  };
}

function unwrap(keys: KeyRing, plan: string, wrapped: Uint8Array): Buffer {
  if (wrapped.length === 0) {
    throw new Failure(
      'key-missing',
      `The key of ${plan} was destroyed at its close: no password of it can be given back.`,
      {
        plan,
      },
    );
  }
  return decrypt(keys.derive('plan-key'), wrapped, wrapContext(plan), `the key of ${plan}`);
}

function wrapContext(plan: string): string {
  return JSON.stringify(['allclear-plan-key-v1', plan]);
}

/** A JSON array of strings in a fixed order: one text per binding, and one binding per text. */
function hashContext(binding: SealBinding): string {
  return JSON.stringify([
    'allclear-hash-v1',
    binding.deployment,
    binding.directory,
    binding.plan,
    binding.accountId,
    binding.restorePoint,
    binding.marker,
    binding.hashDigest,
  ]);
}

function requireOurKey(keys: KeyRing, sealed: SealedHash, binding: SealBinding): void {
  if (sealed.keyId === keys.fingerprint) return;
  throw new Failure(
    'seal-broken',
    `Restore point ${binding.restorePoint} was sealed under key ${sealed.keyId}, and this key is ${keys.fingerprint}. Name the right file in ALLCLEAR_SEAL_KEY_FILE.`,
    { restorePoint: binding.restorePoint, sealedUnder: sealed.keyId, key: keys.fingerprint },
  );
}

function requireSame(plan: string, hash: string, binding: SealBinding): void {
  const digest = createHash('sha256').update(hash, 'utf8').digest();
  const claimed = Buffer.from(binding.hashDigest, 'hex');
  if (plan === binding.plan && claimed.length === digest.length && timingSafeEqual(claimed, digest)) return;
  throw new Failure(
    'seal-broken',
    `Restore point ${binding.restorePoint} is not bound to its own plan and hash. Nothing was sealed or given back.`,
    { restorePoint: binding.restorePoint },
  );
}
