import { Failure } from '../../domain/shared/failure.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { NoticeNumber, PlanId, RetractionId } from '../../domain/shared/ids.ts';
import type { ListedDispute } from '../ports/rollout-store.ts';
import type { Store } from '../ports/store.ts';
import { kindOf } from './halt-rollout.ts';

/** Who said "this is not right" of a rollout's notices, newest first, page by page. `Failure('not-found')`. */
export async function listDisputes(
  { store }: { readonly store: Store },
  subject: PlanId | RetractionId,
  limit: number,
  after: NoticeNumber | null,
): Promise<readonly ListedDispute[]> {
  return store.transact(async (tx) => {
    const rollout = await tx.rollouts.find(kindOf(subject), numberOf(subject));
    if (rollout === null)
      throw new Failure('not-found', `${subject} has no rollout: it was never started.`, { subject });
    return tx.rollouts.listDisputes(rollout.no, limit, after);
  });
}
