import type { NewRestorePoint } from '../ports/restore-point-store.ts';
import type { SealBinding } from '../ports/seal.ts';

/** All that a sealed hash is bound to: under any other of these it does not open. */
export function bindingOf(deployment: string, point: Omit<NewRestorePoint, 'sealed' | 'keyId'>): SealBinding {
  return {
    deployment,
    directory: point.directory,
    plan: point.plan,
    accountId: point.accountId,
    restorePoint: point.id,
    marker: point.marker,
    hashDigest: point.hashDigest,
  };
}
