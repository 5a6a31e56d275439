import { reviewNeeded } from '../../domain/approval/review-sample.ts';
import type { ReviewNeed } from '../../domain/approval/review-sample.ts';
import { reviewRecord, standingOf } from '../../domain/approval/review-standing.ts';
import type { ReviewedTarget, ReviewStanding, ReviewVerdict } from '../../domain/approval/review-standing.ts';
import type { FrozenPlan } from '../../domain/plan/frozen-plan.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { OperatorId, PlanId } from '../../domain/shared/ids.ts';
import type { Digests } from '../ports/digests.ts';
import type { Tx } from '../ports/store.ts';
import { provedBy } from './proved-by.ts';

/** Where one person's review stands. No account is named in it. */
export interface OwnReview {
  readonly plan: PlanId;
  readonly planDigest: string;
  readonly reviewer: OperatorId;
  readonly need: ReviewNeed;
  readonly standing: ReviewStanding;
  readonly counts: Readonly<Record<ReviewVerdict | 'drawn' | 'left', number>>;
  /** Empty before the draw. */
  readonly verdicts: readonly ReviewedTarget[];
  /** What this review proves when it is clean; a sentence. */
  readonly proves: string;
}

/** `Failure('not-found')`. */
export async function requireFrozen(tx: Tx, plan: PlanId): Promise<FrozenPlan> {
  const frozen = await tx.plans.read(plan);
  if (frozen === null) throw new Failure('not-found', `There is no ${plan}.`, { plan });
  return frozen;
}

export async function readOwnReview(tx: Tx, plan: FrozenPlan, reviewer: OperatorId): Promise<OwnReview> {
  const need = reviewNeeded(plan.header.limits, plan.total);
  const drawn = await tx.reviews.drawn(plan.id, reviewer);
  const verdicts = (drawn ?? []).map(({ ordinal, verdict }) => ({ ordinal, verdict }));
  const count = (verdict: ReviewVerdict | null): number => verdicts.filter((one) => one.verdict === verdict).length;
  return {
    plan: plan.id,
    planDigest: plan.digest,
    reviewer,
    need,
    standing: standingOf(need, drawn),
    counts: {
      drawn: verdicts.length,
      right: count('right'),
      wrong: count('wrong'),
      'cannot-tell': count('cannot-tell'),
      left: count(null),
    },
    verdicts,
    proves: provedBy(need, plan.total),
  };
}

/** What the reviewer's yes has to name: SHA-256 over the record of the verdicts as they are now. */
export function digestOfReview(
  digests: Digests,
  planDigest: string,
  reviewer: OperatorId,
  verdicts: readonly ReviewedTarget[],
): string {
  return digests.sha256(digests.canonical(reviewRecord(planDigest, reviewer, verdicts)));
}
