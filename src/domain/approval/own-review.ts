import type { RecomputedPlan } from '../plan/recompute-plan.ts';
import { Failure } from '../shared/failure.ts';
import { isTypedId } from '../shared/ids.ts';
import { reviewNeeded } from './review-sample.ts';
import { reviewRecord, standingOf } from './review-standing.ts';
import type { ReviewedTarget } from './review-standing.ts';

/** What a server says of one's own review of a plan. */
export interface SaidReview {
  readonly planDigest: string;
  readonly reviewer: string;
  readonly verdicts: readonly ReviewedTarget[];
}

/** Whether this plan, as its digest has it, asks each approver for a review. */
export function asksForReview({ header }: Pick<RecomputedPlan, 'header'>): boolean {
  return reviewNeeded(header.limits, header.targets.total).kind !== 'none';
}

/**
 * The record whose digest a yes names, of one's own verdicts as the server says they are and judged on the approver's
 * side. `Failure('needs-review' | 'review-wrong')` where they are not all there and clean.
 */
export function recordOfOwnReview(
  { digest, header }: Pick<RecomputedPlan, 'digest' | 'header'>,
  own: SaidReview,
): Readonly<Record<string, unknown>> {
  const { plan } = header;
  const need = reviewNeeded(header.limits, header.targets.total);
  const standing = standingOf(need, own.verdicts.length === 0 ? null : own.verdicts);
  if (standing.kind === 'wrong') {
    throw new Failure(
      'review-wrong',
      `You found targets of ${plan} wrong: it is blocked for everyone. Nothing was signed.`,
    );
  }
  if (standing.kind !== 'clean' || own.planDigest !== digest || !isTypedId('operator', own.reviewer)) {
    throw new Failure(
      'needs-review',
      `Your review of ${plan} is not complete and clean, so your yes would not count. Nothing was signed. Go on: allclear plan review ${plan}`,
      { plan, standing: standing.kind },
    );
  }
  return reviewRecord(digest, own.reviewer, own.verdicts);
}
