import { Failure } from '../../domain/shared/failure.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { PlanId, RetractionId } from '../../domain/shared/ids.ts';
import type { Store } from '../ports/store.ts';

export interface ListedRetraction {
  readonly retraction: RetractionId;
  readonly createdAt: string;
  /** Accounts that get their password back or a letter. */
  readonly affected: number;
  readonly started: boolean;
}

/** What was drawn up to put a plan right, newest first. `Failure('not-found')`. */
export async function retractionsOf(
  { store }: { readonly store: Store },
  plan: PlanId,
): Promise<readonly ListedRetraction[]> {
  return store.transact(async (tx) => {
    if ((await tx.plans.read(plan)) === null) throw new Failure('not-found', `There is no ${plan}.`, { plan });
    const listed: ListedRetraction[] = [];
    for (const { id, affected, header } of await tx.retractions.ofPlan(plan)) {
      const started = (await tx.rollouts.find('retraction', numberOf(id))) !== null;
      listed.push({ retraction: id, createdAt: header.createdAt, affected, started });
    }
    return listed;
  });
}
