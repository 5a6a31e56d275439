import type { FrozenPlan } from '../../domain/plan/frozen-plan.ts';
import type { PlanId } from '../../domain/shared/ids.ts';
import type { Tx } from '../ports/store.ts';

const read = new WeakMap<Tx, Map<PlanId, Promise<FrozenPlan | null>>>();

/**
 * A frozen plan as this transaction found it first. Nobody changes one, and whoever asks whether a permit may be taken asks
 * five times what its plan says; the next transaction reads it anew.
 */
export function readPlanOnce(tx: Tx, plan: PlanId): Promise<FrozenPlan | null> {
  const known = read.get(tx) ?? new Map<PlanId, Promise<FrozenPlan | null>>();
  read.set(tx, known);
  const found = known.get(plan) ?? tx.plans.read(plan);
  known.set(plan, found);
  return found;
}
