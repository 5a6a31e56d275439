import { reviewNeeded } from '../../domain/approval/review-sample.ts';
import type { ReviewNeed } from '../../domain/approval/review-sample.ts';
import type { FrozenPlan } from '../../domain/plan/frozen-plan.ts';
import type { OperatorId } from '../../domain/shared/ids.ts';
import type { WrongTarget } from '../ports/review-store.ts';
import type { Tx } from '../ports/store.ts';
import { readOwnReview } from './own-review.ts';
import type { OwnReview } from './own-review.ts';
import { provedBy, provedTogether } from './proved-by.ts';

/** Enough to see what they have in common. */
const wrongShown = 20;

export interface ShownReviews {
  readonly need: ReviewNeed['kind'];
  /** How many targets each approver looks at, before rounding up by group; 0 where none. */
  readonly each: number;
  readonly reviewers: readonly {
    readonly reviewer: OperatorId;
    readonly standing: OwnReview['standing']['kind'];
    readonly counts: OwnReview['counts'];
  }[];
  /** Any one blocks the plan for everyone. */
  readonly wrong: readonly WrongTarget[];
  readonly proves: string;
}

/** Who has looked at what of a plan. */
export async function showReviews(tx: Tx, plan: FrozenPlan): Promise<ShownReviews> {
  const need = reviewNeeded(plan.header.limits, plan.total);
  const reviewers: ShownReviews['reviewers'][number][] = [];
  for (const reviewer of await tx.reviews.reviewers(plan.id)) {
    const own = await readOwnReview(tx, plan, reviewer);
    reviewers.push({ reviewer, standing: own.standing.kind, counts: own.counts });
  }
  const clean = reviewers.filter((one) => one.standing === 'clean').length;
  return {
    need: need.kind,
    each: need.kind === 'none' ? 0 : need.kind === 'all' ? need.targets : need.clean,
    reviewers,
    wrong: await tx.reviews.wrong(plan.id, wrongShown),
    proves: [provedBy(need, plan.total), provedTogether(need, clean)].filter((words) => words !== null).join(' '),
  };
}
