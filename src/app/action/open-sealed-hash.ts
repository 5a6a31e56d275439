import { restorePointId, restorePointNumber } from '../../domain/action/restore-point.ts';
import type { AccountId } from '../../domain/shared/ids.ts';
import type { Seal } from '../ports/seal.ts';
import type { RestorePointTransactions } from './action-deps.ts';
import { openRestorePoint } from './open-restore-point.ts';

export interface OpenSealedHashDeps {
  readonly store: RestorePointTransactions;
  readonly seal: Seal;
  readonly directoryName: string;
  readonly deployment: string;
}

/**
 * The hash that an account held before its quarantine, for verifying evidence against an account that is quarantined
 * now. `restorePoint` is what the account's marker names (`seal.readMarker`). Null where that is not this account's
 * restore point or its seal was destroyed. `Failure('seal-broken')` where it does not open.
 */
export async function openSealedHash(
  deps: OpenSealedHashDeps,
  accountId: AccountId,
  restorePoint: string,
): Promise<string | null> {
  const number = restorePointNumber(restorePoint);
  if (number === null) return null;
  const found = await deps.store.transact(async ({ restorePoints }) => {
    const point = await restorePoints.byId(restorePointId(number));
    return point === null ? null : { point, key: await restorePoints.planKey(point.plan) };
  });
  if (found === null || found.point.sealed.length === 0) return null;
  if (found.point.accountId !== accountId || found.point.directory !== deps.directoryName) return null;
  return openRestorePoint(deps, found.key, found.point);
}
