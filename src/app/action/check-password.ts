import type { AccountId } from '../../domain/shared/ids.ts';
import type { PasswordSchemes } from '../ports/password-scheme.ts';
import type { OpenSealedHashDeps } from './open-sealed-hash.ts';
import { openRestorePoint } from './open-restore-point.ts';

export interface CheckPasswordDeps extends OpenSealedHashDeps {
  readonly schemes: PasswordSchemes;
}

/**
 * Whether the service may let this account have this new password: not while it is the very one that we quarantined, nor
 * one that its holder replaced by hosted recovery and whose seal still opens. One shape of answer for every account; any other
 * account may have any password. Whatever fails is thrown: the caller answers 503, and the service decides. The password is used and forgotten.
 */
export async function checkPassword(
  deps: CheckPasswordDeps,
  { accountId, password }: { readonly accountId: AccountId; readonly password: string },
): Promise<{ readonly allowed: boolean }> {
  const found = await deps.store.transact(async ({ restorePoints }) => {
    const open = (await restorePoints.openOf(deps.directoryName, [accountId])).get(accountId);
    const point = open ?? (await restorePoints.recoveredOf(deps.directoryName, accountId));
    return point === null ? null : { point, key: await restorePoints.planKey(point.plan) };
  });
  if (found === null) return { allowed: true };
  const hash = await openRestorePoint(deps, found.key, found.point);
  return { allowed: !(await deps.schemes.verify(password, hash)) };
}
