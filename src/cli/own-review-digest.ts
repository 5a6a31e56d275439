import { reviewRoutes } from '../contract/review.ts';
import { asksForReview, recordOfOwnReview } from '../domain/approval/own-review.ts';
import type { RecomputedPlan } from '../domain/plan/recompute-plan.ts';
import type { PlanId } from '../domain/shared/ids.ts';
import type { Session } from './session.ts';

/**
 * The digest of this person's own verdicts, computed here from what the server says they are; null where the plan, as its
 * digest has it, asks for no review. `Failure('needs-review' | 'review-wrong')` where they are not all there and clean.
 */
export async function ownReviewDigest(
  { api, world }: Session,
  plan: PlanId,
  computed: RecomputedPlan,
): Promise<string | null> {
  if (!asksForReview(computed)) return null;
  const own = await api.call(reviewRoutes.own, { params: { plan } });
  const { digests } = world.local.signing;
  return digests.sha256(digests.canonical(recordOfOwnReview(computed, own)));
}
