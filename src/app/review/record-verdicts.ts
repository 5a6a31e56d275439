import type { ReviewVerdict } from '../../domain/approval/review-standing.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { OperatorId, PlanId } from '../../domain/shared/ids.ts';
import type { Digests } from '../ports/digests.ts';
import type { Store } from '../ports/store.ts';
import { digestOfReview, readOwnReview, requireFrozen } from './own-review.ts';
import type { OwnReview } from './own-review.ts';

export interface GivenVerdict {
  readonly ordinal: number;
  /** Named as well, so that a file of another plan is not taken for this one. */
  readonly accountId: string;
  readonly verdict: ReviewVerdict;
}

export interface RecordVerdictsDeps {
  readonly store: Store;
  readonly digests: Digests;
}

/**
 * Records what a reviewer says of their own targets, all or none. `wrong` stays: it is a finding about the plan, and
 * taking it back would need as much as finding it. `Failure('usage')` for a target that was not drawn for this person or
 * not shown to them, `'conflict'` for taking back a `wrong`.
 */
export async function recordVerdicts(
  deps: RecordVerdictsDeps,
  plan: PlanId,
  reviewer: OperatorId,
  given: readonly GivenVerdict[],
): Promise<OwnReview> {
  return deps.store.transact(async (tx) => {
    await tx.approvals.lockSubject(plan);
    const frozen = await requireFrozen(tx, plan);
    const drawn = new Map((await tx.reviews.drawn(plan, reviewer))?.map((one) => [one.ordinal, one]));
    const ordinals = given.map((one) => one.ordinal);
    if (new Set(ordinals).size !== ordinals.length) throw new Failure('usage', 'A target is judged twice in one go.');
    const accounts = new Map((await tx.plans.targetsAt(plan, ordinals)).map((row) => [row.ordinal, row.accountId]));
    for (const { ordinal, accountId, verdict } of given) {
      const own = drawn.get(ordinal);
      if (own === undefined || accounts.get(ordinal) !== accountId) {
        throw new Failure(
          'usage',
          `Target ${ordinal} with that account is none of yours in ${plan}. No verdict was taken.`,
        );
      }
      if (own.readAt === null) {
        throw new Failure('usage', `Target ${ordinal} of ${plan} was not shown to you yet. No verdict was taken.`);
      }
      if (own.verdict === 'wrong' && verdict !== 'wrong') {
        throw new Failure(
          'conflict',
          `You found target ${ordinal} of ${plan} wrong, and that stays. Whoever sees it otherwise drafts a new plan.`,
        );
      }
    }
    const changed = given.filter((one) => drawn.get(one.ordinal)?.verdict !== one.verdict);
    if (changed.length > 0) {
      await tx.reviews.judge(plan, reviewer, changed);
      const own = await readOwnReview(tx, frozen, reviewer);
      await tx.ledger.append({
        chain: 'installation',
        event: 'review.judged',
        body: {
          plan,
          reviewer,
          verdicts: changed.map((one) => `${one.ordinal} ${one.verdict}`),
          review: digestOfReview(deps.digests, frozen.digest, reviewer, own.verdicts),
        },
      });
    }
    return readOwnReview(tx, frozen, reviewer);
  });
}
