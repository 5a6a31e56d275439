import type { Generated, GeneratedAlways } from 'kysely';
import type { ReviewVerdict } from '../../../domain/approval/review-standing.ts';

/** Tables of sql/0012-review.sql, as kysely reads and writes them. */
export interface ReviewTables {
  plan_review: { plan_no: number; operator_no: number; draw_key: string; drawn_at: Generated<Date> };
  plan_review_target: {
    plan_no: number;
    operator_no: number;
    ordinal: number;
    read_at: Date | null;
    verdict: ReviewVerdict | null;
    judged_at: Date | null;
  };
  operator_invitation: {
    no: GeneratedAlways<number>;
    code_hash: string;
    name: string;
    email: string;
    nonce: string;
    invited_by: number;
    created_at: Generated<Date>;
    expires_at: Date;
    closed_at: Date | null;
    accepted_by: number | null;
  };
}
