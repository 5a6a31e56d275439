import { sql } from 'kysely';
import type { ReviewStore } from '../../app/ports/review-store.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { OperatorId, PlanId } from '../../domain/shared/ids.ts';
import type { DatabaseTx } from './database.ts';

/** More than is ever drawn: 3,000 at most, and one more for each group of the plan. */
const maxDrawn = 10_000;
const maxReviewers = 1_000;

export function makeReviewStore(trx: DatabaseTx): ReviewStore {
  const own = (plan: PlanId, reviewer: OperatorId) =>
    ({ plan_no: numberOf(plan), operator_no: numberOf(reviewer) }) as const;
  return {
    async drawn(plan, reviewer) {
      const { plan_no, operator_no } = own(plan, reviewer);
      const review = await trx
        .selectFrom('plan_review')
        .select('plan_no')
        .where('plan_no', '=', plan_no)
        .where('operator_no', '=', operator_no)
        .executeTakeFirst();
      if (review === undefined) return null;
      const rows = await trx
        .selectFrom('plan_review_target')
        .select(['ordinal', 'verdict', 'read_at'])
        .where('plan_no', '=', plan_no)
        .where('operator_no', '=', operator_no)
        .orderBy('ordinal')
        .limit(maxDrawn)
        .execute();
      return rows.map((row) => ({ ordinal: row.ordinal, verdict: row.verdict, readAt: row.read_at }));
    },

    async add(plan, reviewer, { drawKey, ordinals }) {
      const key = own(plan, reviewer);
      await trx
        .insertInto('plan_review')
        .values({ ...key, draw_key: drawKey })
        .execute();
      await sql`
        INSERT INTO plan_review_target (plan_no, operator_no, ordinal)
        SELECT ${key.plan_no}, ${key.operator_no}, unnest(${[...ordinals]}::int[])`.execute(trx);
    },

    async markRead(plan, reviewer, ordinals) {
      const { plan_no, operator_no } = own(plan, reviewer);
      await sql`
        UPDATE plan_review_target SET read_at = clock_timestamp()
        WHERE plan_no = ${plan_no} AND operator_no = ${operator_no} AND read_at IS NULL
          AND ordinal = ANY(${[...ordinals]}::int[])`.execute(trx);
    },

    async judge(plan, reviewer, verdicts) {
      const { plan_no, operator_no } = own(plan, reviewer);
      await sql`
        UPDATE plan_review_target t SET verdict = given.verdict, judged_at = clock_timestamp()
        FROM unnest(${verdicts.map((one) => one.ordinal)}::int[], ${verdicts.map((one) => one.verdict)}::text[])
          AS given (ordinal, verdict)
        WHERE t.plan_no = ${plan_no} AND t.operator_no = ${operator_no} AND t.ordinal = given.ordinal`.execute(trx);
    },

    async reviewers(plan) {
      const rows = await trx
        .selectFrom('plan_review')
        .select('operator_no')
        .where('plan_no', '=', numberOf(plan))
        .orderBy('drawn_at')
        .orderBy('operator_no')
        .limit(maxReviewers)
        .execute();
      return rows.map((row) => `operator_${row.operator_no}` as const);
    },

    async hasWrong(plan) {
      const found = await trx
        .selectFrom('plan_review_target')
        .select('ordinal')
        .where('plan_no', '=', numberOf(plan))
        .where('verdict', '=', 'wrong')
        .limit(1)
        .executeTakeFirst();
      return found !== undefined;
    },

    async wrong(plan, limit) {
      const rows = await trx
        .selectFrom('plan_review_target as r')
        .innerJoin('plan_target as t', (join) =>
          join.onRef('t.plan_no', '=', 'r.plan_no').onRef('t.ordinal', '=', 'r.ordinal'),
        )
        .select(['r.operator_no', 'r.ordinal', 't.account_id'])
        .where('r.plan_no', '=', numberOf(plan))
        .where('r.verdict', '=', 'wrong')
        .orderBy('r.ordinal')
        .orderBy('r.operator_no')
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        reviewer: `operator_${row.operator_no}` as const,
        ordinal: row.ordinal,
        accountId: row.account_id,
      }));
    },
  };
}
