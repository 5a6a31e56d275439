import { isSealDue } from '../../domain/rollout/seal-lifetime.ts';
import type { AccountId, PlanId } from '../../domain/shared/ids.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { Tx } from '../ports/store.ts';
import { lifetimeOf } from '../retention/find-due.ts';

/** A plan that still needs what it holds of an account. */
export interface OpenPlan {
  readonly plan: PlanId;
  readonly why: string;
  /** When it ends at the earliest; null while nobody can know, since people work on it. */
  readonly until: Date | null;
}

/**
 * The plans for which an account is still open: its password can be given back, or a notice or a correction may have to be
 * sent to it. Its address is the one to which the truth would go, so nothing of it is erased before (I9, I25).
 */
export async function openPlansOf(tx: Tx, account: AccountId): Promise<readonly OpenPlan[]> {
  const now = await tx.retention.now();
  const open: OpenPlan[] = [];
  for (const { plan, excluded } of await tx.plans.plansOf(account)) {
    const found = excluded === null ? await standingIn(tx, plan, now) : null;
    if (found !== null) open.push({ plan, ...found });
  }
  return open;
}

async function standingIn(tx: Tx, plan: PlanId, now: Date): Promise<Omit<OpenPlan, 'plan'> | null> {
  if ((await tx.plans.read(plan)) === null) return null;
  if ((await tx.rollouts.find('plan', numberOf(plan))) === null) {
    const ends = (await tx.approvals.list(plan)).map((one) => one.expiresAt).filter((end) => end > now);
    if (ends.length === 0) return null;
    const until = new Date(Math.max(...ends.map((end) => end.getTime())));
    return { why: 'it is approved and may be started', until };
  }
  const lifetime = await lifetimeOf(tx, plan);
  if ((await tx.suspensions.countOpen(plan)) > 0)
    return { why: 'it keeps accounts suspended: their holders may appeal, and are written to', until: null };
  if (lifetime.isRunning) return { why: 'it, or its retraction, runs: notices and corrections are sent', until: null };
  if (!isSealDue(lifetime, now)) {
    const why = 'the password can still be given back and the holder corrected; this is its last restore date';
    return lifetime.lastRestoreAt === null
      ? { why: 'it has not come to its end', until: null }
      : { why, until: lifetime.lastRestoreAt };
  }
  const key = await tx.restorePoints.planKey(plan);
  return key === null || key.wrapped.length === 0
    ? null
    : { why: 'its time is over, and what it sealed is not destroyed yet: allclear retention run --yes', until: now };
}
