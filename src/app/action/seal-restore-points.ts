import type { ClosingOf } from '../../domain/action/decide-contain-step.ts';
import { isOpen } from '../../domain/action/restore-point.ts';
import type { RestorePointId } from '../../domain/action/restore-point.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { AccountId, PlanId } from '../../domain/shared/ids.ts';
import type { NewRestorePoint, PlanKey, RestorePointStore } from '../ports/restore-point-store.ts';
import type { ActionDeps } from './action-deps.ts';
import { bindingOf } from './restore-point-binding.ts';

export interface HashToSeal {
  readonly accountId: AccountId;
  /** The stored hash as the directory holds it now. */
  readonly hash: string;
  /** A restore point of another plan that can no longer be used, and would stand in the way. */
  readonly closeFirst: ClosingOf | null;
}

/**
 * Seals the hashes and commits, before anything is taken away: one transaction, and no call beyond it. Answers the restore point of each account: this call's,
 * or the one that another worker made of the same hash for the same plan. Absent: another plan was quicker.
 */
export async function sealRestorePoints(
  deps: ActionDeps,
  plan: PlanId,
  hashes: readonly HashToSeal[],
): Promise<ReadonlyMap<AccountId, Pick<NewRestorePoint, 'id' | 'marker'>>> {
  if (hashes.length === 0) return new Map();
  const accounts = hashes.map((each) => each.accountId);
  return deps.store.transact(async ({ restorePoints }) => {
    const key = await ensurePlanKey(deps, restorePoints, plan);
    const ids = await restorePoints.reserveIds(hashes.length);
    const points = await Promise.all(hashes.map((each, at) => sealOne(deps, plan, key, each, ids[at])));
    for (const as of ['restored', 'retired'] as const) {
      const inTheWay = hashes.flatMap((each) => (each.closeFirst?.as === as ? [each.closeFirst.id] : []));
      if (inTheWay.length > 0) await restorePoints.close(inTheWay, as, plan);
    }
    await restorePoints.seal(points);
    const stored = await restorePoints.ofPlan(plan, deps.directory.name, accounts);
    const usable = points.flatMap((point) => {
      const found = stored.get(point.accountId);
      const same = found !== undefined && isOpen(found.state) && found.hashDigest === point.hashDigest;
      return same ? [[point.accountId, { id: found.id, marker: found.marker }] as const] : [];
    });
    return new Map(usable);
  });
}

/** Usually made with the plan; of two workers that find it missing, both go on under the one that was kept. */
async function ensurePlanKey(deps: ActionDeps, restorePoints: RestorePointStore, plan: PlanId): Promise<PlanKey> {
  const known = await restorePoints.planKey(plan);
  if (known !== null) return known;
  await restorePoints.addPlanKey(plan, await deps.seal.newPlanKey(plan));
  const kept = await restorePoints.planKey(plan);
  if (kept === null)
    throw new Failure('key-missing', `The key of ${plan} was not kept. Nothing was sealed or swapped.`);
  return kept;
}

async function sealOne(
  deps: ActionDeps,
  plan: PlanId,
  key: PlanKey,
  { accountId, hash }: HashToSeal,
  id: RestorePointId | undefined,
): Promise<NewRestorePoint> {
  if (id === undefined) throw new Failure('internal', 'Fewer restore points were reserved than asked for.');
  const directory = deps.directory.name;
  const named = {
    id,
    directory,
    accountId,
    plan,
    hashDigest: deps.digests.sha256(hash),
    marker: deps.seal.marker(directory, accountId, id),
  };
  const { keyId, sealed } = await deps.seal.seal(plan, key.wrapped, hash, bindingOf(deps.deployment, named));
  return { ...named, keyId, sealed };
}
