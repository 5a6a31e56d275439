import type { ApprovalSubject } from '../../domain/approval/approval-statement.ts';
import type { ReviewDemand } from '../../domain/approval/judge-approval.ts';
import { reviewNeeded } from '../../domain/approval/review-sample.ts';
import { isTypedId } from '../../domain/shared/ids.ts';
import type { OperatorId } from '../../domain/shared/ids.ts';
import type { Digests } from '../ports/digests.ts';
import type { Tx } from '../ports/store.ts';
import { readPlanOnce } from '../plan/read-plan-once.ts';
import { digestOfReview, readOwnReview } from '../review/own-review.ts';

/**
 * What a yes of this operator to this subject has to stand on now. Asked when the yes is given and again whenever it is
 * counted: a verdict that was changed afterwards, by its reviewer or past us, leaves the yes standing on nothing.
 */
export async function reviewDemandOf(
  digests: Digests,
  tx: Tx,
  subject: ApprovalSubject,
  operatorId: OperatorId,
): Promise<ReviewDemand> {
  if (!isTypedId('plan', subject)) return { kind: 'none' };
  const plan = await readPlanOnce(tx, subject);
  if (plan === null || reviewNeeded(plan.header.limits, plan.total).kind === 'none') return { kind: 'none' };
  // Anyone's finding: also one of somebody who gives no approval.
  if (await tx.reviews.hasWrong(subject)) return { kind: 'wrong' };
  const own = await readOwnReview(tx, plan, operatorId);
  switch (own.standing.kind) {
    case 'clean':
      return { kind: 'clean', digest: digestOfReview(digests, plan.digest, operatorId, own.verdicts) };
    case 'unclear':
      return { kind: 'unclear' };
    case 'wrong':
      return { kind: 'wrong' };
    case 'not-needed':
    case 'not-begun':
    case 'open':
      return { kind: 'missing' };
  }
}
