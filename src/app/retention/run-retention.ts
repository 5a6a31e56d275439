import { isSealDue, keepAfterNewerPasswordDays } from '../../domain/rollout/seal-lifetime.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { BatchId, PlanId } from '../../domain/shared/ids.ts';
import type { Store } from '../ports/store.ts';
import { findDue, isAddressDue, lifetimeOf, plansAtOnce } from './find-due.ts';
import { purgeAnswers } from '../request/purge-answers.ts';
import type { DueRetention } from './find-due.ts';
import type { RetentionDeps } from './retention-deps.ts';
import { retireRecovered } from './retire-recovered.ts';

export interface RetentionReport {
  /** Open restore points whose holder was found to have chosen a newer password; null where the directory was away. */
  readonly recovered: number | null;
  readonly plans: readonly { readonly plan: PlanId; readonly destroyed: number }[];
  readonly closed: readonly { readonly plan: PlanId; readonly destroyed: number }[];
  readonly batches: readonly { readonly batch: BatchId; readonly destroyed: number }[];
  readonly addresses: readonly { readonly plan: PlanId; readonly erased: number }[];
}

/**
 * Destroying cannot be taken back, so it never rests on one clock: a database whose clock was set a month ahead would
 * destroy what is still needed.
 */
const clocksApartAtMostMs = 5 * 60_000;
/** Nothing of a plan that is due runs, so the lock is free; whoever holds it is a person resuming it just now. */
const lockTimeoutMs = 2_000;
/** A plan that is not done with its people after so long is not measured any more. */
const controlDaysMost = 90;
/** A draft of ten million people is frozen within the hour. */
const draftSecondsAtMost = 86_400;
/** A lease counts for a day at most; clocks that are a week apart are seen by then. */
const domainRateDays = 7;
/** Domains in one run: a million are gone within four days. */
const domainRatesAtOnce = 10_000;
/** Pieces of evidence in one transaction, and transactions a run: 5 million line numbers an hour. */
const linesAtOnce = 50_000;
const linePagesAtMost = 100;
/** Addresses in one transaction, and transactions a run: a million addresses of one plan an hour. */
const addressesAtOnce = 10_000;
const addressPagesAtMost = 100;

/** What a run would destroy now. */
export function previewRetention(deps: Pick<RetentionDeps, 'store' | 'keepAddressDays'>): Promise<DueRetention> {
  return deps.store.transact((tx) => findDue(tx, deps.keepAddressDays));
}

/**
 * Destroys what has outlived its time, each plan and batch in a transaction of its own with its ledger entry, so that a
 * run that is cut short has done what it says. Repeating it is harmless. `Failure('conflict')` while the clocks of this
 * machine and of the database disagree: then nothing is destroyed.
 *
 * @param by an operator, or `retention` for the server's own hourly run
 */
export async function runRetention(deps: RetentionDeps, by: string): Promise<RetentionReport> {
  await refuseDoubtfulClock(deps);
  await purgeAnswers(deps.store, deps.isStopping);
  const recovered = await retireRecovered(deps).catch((error: unknown) => {
    // A directory that is away delays the finding of newer passwords, and nothing else.
    if (error instanceof Failure && error.code === 'directory-unavailable') return null;
    throw error;
  });
  // Nothing is destroyed by it: a digest of each domain that was ever written to, and what it might have had long ago.
  await deps.store.transact((tx) => tx.retention.forgetDomainRates(domainRateDays, domainRatesAtOnce));
  // Addresses stand in a draft as well; nobody can see one, let alone go on with it.
  await deps.store.transact(async (tx) => {
    for (const draft of await tx.retention.abandonedDrafts(draftSecondsAtMost, plansAtOnce))
      await tx.plans.discard(draft);
  });
  await forgetControls(deps, by);
  const due = await previewRetention(deps);
  const plans = [];
  for (const { plan } of due.plans) {
    if (deps.isStopping()) break;
    const destroyed = await closePlan(deps.store, plan, by);
    if (destroyed !== null) plans.push({ plan, destroyed });
  }
  const closed = [];
  for (const { plan } of due.closed) {
    if (deps.isStopping()) break;
    closed.push({ plan, destroyed: await destroyClosed(deps.store, plan, by) });
  }
  const batches = [];
  for (const { batch } of due.batches) {
    if (deps.isStopping()) break;
    batches.push({ batch, destroyed: await destroyLines(deps.store, batch, by) });
  }
  const addresses = [];
  for (const { plan } of due.addresses) {
    if (deps.isStopping()) break;
    addresses.push({ plan, erased: await eraseAddresses(deps, plan, by) });
  }
  return { recovered, plans, closed, batches, addresses };
}

/** Unaffected people are named for no longer than they are looked at. */
async function forgetControls({ store, isStopping }: RetentionDeps, by: string): Promise<void> {
  for (const plan of await store.transact((tx) => tx.controls.outlived(controlDaysMost, plansAtOnce))) {
    if (isStopping()) return;
    await store.transact(async (tx) => {
      const accounts = await tx.controls.forget(plan);
      await tx.ledger.append({ chain: 'installation', event: 'control.forgotten', body: { plan, accounts, by } });
    });
  }
}

async function refuseDoubtfulClock({ store, clock }: RetentionDeps): Promise<void> {
  const theirs = await store.transact((tx) => tx.retention.now());
  const apartMs = Math.abs(theirs.getTime() - clock.now().getTime());
  if (apartMs <= clocksApartAtMostMs) return;
  throw new Failure(
    'conflict',
    `The clocks of this machine and of the database are ${Math.round(apartMs / 1_000)} s apart. Nothing was destroyed. Set them right; see: allclear doctor`,
    { apartMs },
  );
}

/** Null where people resumed it, or took it back, since it was found due. */
async function closePlan(store: Store, plan: PlanId, by: string): Promise<number | null> {
  return store.transact(async (tx) => {
    const rollout = await tx.rollouts.find('plan', numberOf(plan));
    if (rollout !== null) await tx.rollouts.lockAlone(rollout.no, lockTimeoutMs);
    const lifetime = await lifetimeOf(tx, plan);
    if (!isSealDue(lifetime, await tx.retention.now())) return null;
    const destroyed = await tx.restorePoints.destroyPlan(plan, 'retention');
    const lastRestoreAt = lifetime.lastRestoreAt?.toISOString() ?? null;
    await tx.ledger.append({
      chain: 'installation',
      event: 'plan.closed',
      body: { plan, destroyed, lastRestoreAt, by },
    });
    return destroyed;
  });
}

async function destroyClosed(store: Store, plan: PlanId, by: string): Promise<number> {
  return store.transact(async (tx) => {
    const destroyed = await tx.retention.destroyClosedPoints(plan, keepAfterNewerPasswordDays);
    if (destroyed > 0) {
      const body = { plan, destroyed, afterDays: keepAfterNewerPasswordDays, by };
      await tx.ledger.append({ chain: 'installation', event: 'restore-point.destroyed', body });
    }
    return destroyed;
  });
}

async function destroyLines(store: Store, batch: BatchId, by: string): Promise<number> {
  let total = 0;
  for (let page = 0; page < linePagesAtMost; page += 1) {
    const destroyed = await store.transact(async (tx) => {
      const count = await tx.retention.destroyLines(batch, linesAtOnce);
      if (count > 0) {
        const body = { batch, destroyed: count, by };
        await tx.ledger.append({ chain: 'installation', event: 'evidence.lines-destroyed', body });
      }
      return count;
    });
    total += destroyed;
    if (destroyed < linesAtOnce) break;
  }
  return total;
}

/** Each page looks again whether the plan is due: people may take it back, or resume it, meanwhile. */
async function eraseAddresses({ store, keepAddressDays }: RetentionDeps, plan: PlanId, by: string): Promise<number> {
  let total = 0;
  for (let page = 0; page < addressPagesAtMost; page += 1) {
    const erased = await store.transact(async (tx) => {
      const rollout = await tx.rollouts.find('plan', numberOf(plan));
      if (rollout !== null) await tx.rollouts.lockAlone(rollout.no, lockTimeoutMs);
      if (!(await isAddressDue(tx, plan, keepAddressDays, await tx.retention.now()))) return 0;
      const count = await tx.retention.eraseAddresses(plan, addressesAtOnce);
      if (count > 0) {
        const body = { plan, erased: count, afterDays: keepAddressDays, by };
        await tx.ledger.append({ chain: 'installation', event: 'plan.addresses-erased', body });
      }
      return count;
    });
    total += erased;
    if (erased < addressesAtOnce) break;
  }
  return total;
}
