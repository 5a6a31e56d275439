import { sql } from 'kysely';
import type { RolloutStore, UntoldTally } from '../../../app/ports/rollout-store.ts';
import type { DatabaseTx } from '../database.ts';

/** Who is contained and untold, counted from the outcome vectors themselves. */
export function makeUntoldQueries(trx: DatabaseTx): Pick<RolloutStore, 'containedUntold'> {
  return {
    async containedUntold(rolloutNo, { contained, untold }) {
      // A restore point that was closed says that the account is contained no more: given back, or a newer password. So does a suspension.
      const { rows } = await sql<UntoldTally>`
        SELECT t.lane, t.tell_ordinal IS NOT NULL AS "meantToBeTold", count(*) AS count,
          min(coalesce(rp.contained_at, su.suspended_at, se.ended_at)) AS "oldestContainedAt"
        FROM rollout r
        JOIN plan_target t ON r.kind = 'plan' AND t.plan_no = r.subject_no
        JOIN plan p ON p.no = t.plan_no
        JOIN member_outcome c ON c.rollout_no = r.no AND c.track = 'contain' AND c.ordinal = t.contain_ordinal
        LEFT JOIN member_outcome n ON n.rollout_no = r.no AND n.track = 'tell' AND n.ordinal = t.tell_ordinal
        LEFT JOIN letter l ON l.plan_no = t.plan_no AND l.account_id = t.account_id AND l.template_kind = 'late'
        LEFT JOIN member_outcome m ON m.rollout_no = l.rollout_no AND m.track = l.track AND m.ordinal = l.ordinal
        LEFT JOIN restore_point rp
          ON rp.plan_no = t.plan_no AND rp.directory = p.directory AND rp.account_id = t.account_id
        LEFT JOIN suspension su
          ON su.plan_no = t.plan_no AND su.directory = p.directory AND su.account_id = t.account_id
        LEFT JOIN session_end se
          ON se.plan_no = t.plan_no AND se.directory = p.directory AND se.account_id = t.account_id
        WHERE r.no = ${rolloutNo} AND c.state = ${contained}
          AND coalesce(n.state, 0) = ANY(${[...untold]}::int[]) AND coalesce(m.state, 0) = ANY(${[...untold]}::int[])
          AND coalesce(rp.state, 'open') NOT IN ('restored', 'retired')
          AND coalesce(su.state, 'open') IN ('marked', 'open')
        GROUP BY 1, 2 ORDER BY 1, 2`.execute(trx);
      return rows;
    },
  };
}
