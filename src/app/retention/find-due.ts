import { isSealDue, keepAfterNewerPasswordDays, sealLifetime } from '../../domain/rollout/seal-lifetime.ts';
import type { SealLifetime } from '../../domain/rollout/seal-lifetime.ts';
import type { FrozenPlan } from '../../domain/plan/frozen-plan.ts';
import { standardLimits } from '../../domain/plan/limits.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { BatchId, PlanId } from '../../domain/shared/ids.ts';
import type { Tx } from '../ports/store.ts';

/** Looked at in one run, oldest first; what is beyond waits an hour. */
export const plansAtOnce = 1_000;
const batchesAtOnce = 1_000;
const dayMs = 86_400_000;

export interface DuePlan {
  readonly plan: PlanId;
  /** Restore points that can still be opened and will not be. */
  readonly sealed: number;
  readonly lastRestoreAt: Date;
}

export interface DueBatch {
  readonly batch: BatchId;
  readonly plans: readonly PlanId[];
}

/** What has outlived its time, and is destroyed by a run. */
export interface DueRetention {
  readonly plans: readonly DuePlan[];
  /** Restore points that were closed so long ago that nobody gets back what they hold, of plans that are not due themselves. */
  readonly closed: readonly { readonly plan: PlanId; readonly count: number }[];
  readonly batches: readonly DueBatch[];
  /** Plans whose people need not be written to any more, with the number of their addresses. */
  readonly addresses: readonly { readonly plan: PlanId; readonly count: number }[];
}

/**
 * Reads only. Safe to show: ids and counts, no account.
 *
 * @param keepAddressDays how long addresses are kept after a plan's last restore date
 */
export async function findDue(tx: Tx, keepAddressDays: number): Promise<DueRetention> {
  const now = await tx.retention.now();
  const plans: DuePlan[] = [];
  for (const plan of await tx.retention.plansWithKeys(plansAtOnce)) {
    const { lastRestoreAt, ...rest } = await lifetimeOf(tx, plan);
    if (lastRestoreAt === null || !isSealDue({ lastRestoreAt, ...rest }, now)) continue;
    plans.push({ plan, sealed: await tx.retention.countSealed(plan), lastRestoreAt });
  }
  const duePlans = new Set(plans.map((one) => one.plan));
  const closed: { plan: PlanId; count: number }[] = [];
  for (const one of await tx.retention.closedPoints(keepAfterNewerPasswordDays)) {
    if (!duePlans.has(one.plan) && !(await lifetimeOf(tx, one.plan)).isRunning) closed.push(one);
  }
  const batches: DueBatch[] = [];
  for (const { batch, plans: standing, readAt } of await tx.retention.batchesWithLines(batchesAtOnce)) {
    if (standing.length === 0 && !isOld(readAt, now)) continue;
    const open = await firstOpen(tx, standing, duePlans, now);
    if (open === null) batches.push({ batch, plans: standing });
  }
  const addresses: { plan: PlanId; count: number }[] = [];
  for (const plan of await tx.retention.plansWithAddresses(plansAtOnce)) {
    if (await isAddressDue(tx, plan, keepAddressDays, now))
      addresses.push({ plan, count: await tx.retention.countAddresses(plan) });
  }
  return { plans, closed, batches, addresses };
}

/**
 * Whether nobody of a plan is to be written to any more: its key is destroyed, nothing of it or of its retractions runs,
 * and the days are over. A plan that was never started counts from when it could have been closed.
 */
export async function isAddressDue(tx: Tx, plan: PlanId, keepAddressDays: number, now: Date): Promise<boolean> {
  const frozen = await tx.plans.read(plan);
  if (frozen === null) return false;
  const started = await tx.rollouts.find('plan', numberOf(plan));
  const lifetime = await lifetimeOf(tx, plan);
  if (lifetime.isRunning || (await tx.restorePoints.planKey(plan).then(isWhole))) return false;
  const since = started === null ? closableAt(frozen.header) : lifetime.lastRestoreAt;
  return since !== null && now.getTime() - since.getTime() >= keepAddressDays * dayMs;
}

/** A destroyed key is an empty one; a plan that seals nothing has none. */
function isWhole(key: { readonly wrapped: Uint8Array } | null): boolean {
  return key !== null && key.wrapped.length > 0;
}

function closableAt({ createdAt, limits }: FrozenPlan['header']): Date {
  return new Date(new Date(createdAt).getTime() + limits.keepDays * dayMs);
}

/** How long a plan's sealed passwords are kept, from what is stored now; of one that suspends, how long its people are. `Failure('not-found')`. */
export async function lifetimeOf(tx: Tx, plan: PlanId): Promise<SealLifetime> {
  const frozen = await tx.plans.read(plan);
  if (frozen === null) throw new Failure('not-found', `There is no ${plan}.`, { plan });
  const rollout = await tx.rollouts.find('plan', numberOf(plan));
  const retractions = [];
  for (const retraction of await tx.retractions.ofPlan(plan)) {
    const undone = await tx.rollouts.find('retraction', numberOf(retraction.id));
    if (undone !== null) retractions.push(...(await tx.rollouts.tracks(undone.no)));
  }
  const tracks = rollout === null ? [] : await tx.rollouts.tracks(rollout.no);
  const lifetime = sealLifetime(tracks, retractions, frozen.header.limits.keepDays);
  if (frozen.header.action !== 'suspend') return lifetime;
  // Whoever is suspended may still appeal, and is written to: their address and their number are kept until they are let in.
  return { ...lifetime, isRunning: lifetime.isRunning || (await tx.suspensions.countOpen(plan)) > 0 };
}

/** The first of these plans that may still need the line numbers of its evidence, or null. */
async function firstOpen(
  tx: Tx,
  plans: readonly PlanId[],
  due: ReadonlySet<PlanId>,
  now: Date,
): Promise<PlanId | null> {
  for (const plan of plans) {
    if (due.has(plan) || (await tx.retention.isKeyDestroyed(plan))) continue;
    const frozen = await tx.plans.read(plan);
    const lifetime = await lifetimeOf(tx, plan);
    // A plan that nobody started in all that time has no last wave; one that only ended sessions has no key.
    const wasStarted = (await tx.rollouts.find('plan', numberOf(plan))) !== null;
    const isOver = wasStarted
      ? isSealDue(lifetime, now)
      : frozen === null || isOld(new Date(frozen.header.createdAt), now);
    if (!isOver) return plan;
  }
  return null;
}

function isOld(since: Date, now: Date): boolean {
  return now.getTime() - since.getTime() >= standardLimits.keepDays * dayMs;
}
