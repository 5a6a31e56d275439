import { Failure } from '../../domain/shared/failure.ts';
import type { PlanKey, RestorePoint } from '../ports/restore-point-store.ts';
import type { Seal } from '../ports/seal.ts';
import { bindingOf } from './restore-point-binding.ts';

/** The old hash, byte for byte. `Failure('key-missing')` once destroyed, `'seal-broken'` where it does not open. */
export async function openRestorePoint(
  deps: { readonly seal: Seal; readonly deployment: string },
  key: PlanKey | null,
  point: RestorePoint,
): Promise<string> {
  if (key === null) {
    throw new Failure(
      'key-missing',
      `The key of ${point.plan} is not stored: restore point ${point.id} cannot be opened.`,
      {
        plan: point.plan,
        restorePoint: point.id,
      },
    );
  }
  if (point.sealed.length === 0) {
    throw new Failure('key-missing', `What restore point ${point.id} held was destroyed when its time was over.`, {
      plan: point.plan,
      restorePoint: point.id,
    });
  }
  const sealed = { keyId: point.keyId, sealed: point.sealed };
  return deps.seal.open(point.plan, key.wrapped, sealed, bindingOf(deps.deployment, point));
}
