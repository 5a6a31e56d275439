import { numberOf } from '../../domain/shared/ids.ts';
import type { PlanId } from '../../domain/shared/ids.ts';
import type { VerifiedOutcomesDeps } from '../ledger/verified-outcomes.ts';
import type { Tx } from '../ports/store.ts';
import { restartHalter } from '../rollout/halt-after-restart.ts';
import { writeStatement } from './write-statement.ts';
import type { WrittenStatement } from './write-statement.ts';

/**
 * The statement of a plan that went wrong, for anyone. Null for every other plan, as for one that is not there: that a
 * service protects accounts just now is nobody's business. `Failure('ledger-broken')`.
 */
export async function publicStatement(deps: VerifiedOutcomesDeps, plan: PlanId): Promise<WrittenStatement | null> {
  return (await deps.store.transact((tx) => isPublic(tx, plan))) ? writeStatement(deps, plan) : null;
}

/** Of older plans the history is in their own statements. */
const plansLookedAt = 200;

/** Plans about which there is a statement for anyone, newest first, at most `limit`. */
export async function publicStatements(
  { store }: Pick<VerifiedOutcomesDeps, 'store'>,
  limit: number,
): Promise<readonly PlanId[]> {
  return store.transact(async (tx) => {
    const found: PlanId[] = [];
    for (const { id } of await tx.plans.list(plansLookedAt)) {
      if (found.length >= limit) break;
      if (await isPublic(tx, id)) found.push(id);
    }
    return found;
  });
}

/** Public: halted by a person or a gate, people were told that we are checking, or a retraction was started. */
async function isPublic(tx: Tx, plan: PlanId): Promise<boolean> {
  const rollout = await tx.rollouts.find('plan', numberOf(plan));
  if (rollout === null) return false;
  const tracks = await tx.rollouts.tracks(rollout.no);
  if (tracks.some((one) => one.track === 'holding' || (one.phase === 'halted' && one.haltedBy !== restartHalter)))
    return true;
  for (const { id } of await tx.retractions.ofPlan(plan)) {
    if ((await tx.rollouts.find('retraction', numberOf(id))) !== null) return true;
  }
  return false;
}
