import { reviewRoutes } from '../contract/review.ts';
import { reviewNeeded } from '../domain/approval/review-sample.ts';
import { reviewRecord, standingOf } from '../domain/approval/review-standing.ts';
import { Failure } from '../domain/shared/failure.ts';
import { isTypedId } from '../domain/shared/ids.ts';
import type { PlanId } from '../domain/shared/ids.ts';
import type { RecomputedPlan } from './recompute-plan.ts';
import type { Session } from './session.ts';

/**
 * The digest of this person's own verdicts, computed here from what the server says they are; null where the plan, as its
 * digest has it, asks for no review. `Failure('needs-review' | 'review-wrong')` where they are not all there and clean.
 */
export async function ownReviewDigest(
  { api, world }: Session,
  plan: PlanId,
  { digest, header }: RecomputedPlan,
): Promise<string | null> {
  const need = reviewNeeded(header.limits, header.targets.total);
  if (need.kind === 'none') return null;
  const own = await api.call(reviewRoutes.own, { params: { plan } });
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
  const { digests } = world.local.signing;
  return digests.sha256(digests.canonical(reviewRecord(digest, own.reviewer, own.verdicts)));
}
