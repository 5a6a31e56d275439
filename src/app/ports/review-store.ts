import type { ReviewedTarget, ReviewVerdict } from '../../domain/approval/review-standing.ts';
import type { OperatorId, PlanId } from '../../domain/shared/ids.ts';

export interface DrawnTarget extends ReviewedTarget {
  readonly readAt: Date | null;
}

export interface WrongTarget {
  readonly reviewer: OperatorId;
  readonly ordinal: number;
  readonly accountId: string;
}

export interface ReviewStore {
  /** Null before this reviewer's targets were drawn; by ordinal, at most 10,000. */
  drawn(plan: PlanId, reviewer: OperatorId): Promise<readonly DrawnTarget[] | null>;
  /** Once per plan and reviewer; the caller holds the subject's lock. */
  add(
    plan: PlanId,
    reviewer: OperatorId,
    draw: { readonly drawKey: string; readonly ordinals: readonly number[] },
  ): Promise<void>;
  markRead(plan: PlanId, reviewer: OperatorId, ordinals: readonly number[]): Promise<void>;
  judge(
    plan: PlanId,
    reviewer: OperatorId,
    verdicts: readonly { readonly ordinal: number; readonly verdict: ReviewVerdict }[],
  ): Promise<void>;
  /** Everybody who has drawn, in the order of drawing, at most 1,000. */
  reviewers(plan: PlanId): Promise<readonly OperatorId[]>;
  hasWrong(plan: PlanId): Promise<boolean>;
  /** At most `limit`, by ordinal. */
  wrong(plan: PlanId, limit: number): Promise<readonly WrongTarget[]>;
}
