import { sql } from 'kysely';
import type { ClassTally, SourceRecord } from '../../app/ports/evidence-store.ts';
import type { SourceAuthority, WithdrawalCause } from '../../domain/evidence/evidence.ts';
import type { DatabaseTx } from './database.ts';

/** A review is some hundreds of targets, each with its evidence to be looked up; older ones say little of a source as it is now. */
const plansReviewed = 50;

interface SourceRow {
  readonly sourceNo: number;
  readonly name: string;
  readonly authority: SourceAuthority;
  readonly createdAt: Date;
  readonly batches: number;
  readonly classes: readonly ClassTally[];
  readonly causes: readonly WithdrawalCause[];
  readonly judgedRight: number;
  readonly judgedWrong: number;
  readonly cannotTell: number;
}

/** Counts of batches are those that were kept: evidence itself is read only for targets that somebody judged. */
export async function listSources(
  trx: DatabaseTx,
  limit: number,
  before: number | null,
): Promise<readonly SourceRecord[]> {
  const { rows } = await sql<SourceRow>`
    WITH page AS (
      SELECT * FROM source WHERE ${before}::bigint IS NULL OR source_no < ${before}::bigint
      ORDER BY source_no DESC LIMIT ${limit}
    ), pieces AS (
      SELECT b.source_no, c.class, c.state, c.remark, sum(c.evidence)::bigint AS evidence
      FROM page JOIN evidence_batch b USING (source_no) JOIN evidence_count k USING (batch_no)
      CROSS JOIN LATERAL jsonb_to_recordset(k.classes) AS c (class text, state text, remark text, evidence bigint)
      GROUP BY 1, 2, 3, 4
    ), judged AS (
      SELECT s.source_no, count(*) FILTER (WHERE verdict = 'right') AS right_no,
        count(*) FILTER (WHERE verdict = 'wrong') AS wrong_no, count(*) FILTER (WHERE verdict = 'cannot-tell') AS unclear_no
      FROM (
        SELECT DISTINCT b.source_no, t.plan_no, t.operator_no, t.ordinal, t.verdict
        FROM plan_review_target t
        JOIN plan_target p ON p.plan_no = t.plan_no AND p.ordinal = t.ordinal
        JOIN evidence e ON e.evidence_no = ANY (p.evidence_nos)
        JOIN evidence_batch b ON b.batch_no = e.batch_no
        WHERE t.verdict IS NOT NULL
          AND t.plan_no IN (SELECT DISTINCT plan_no FROM plan_review ORDER BY plan_no DESC LIMIT ${plansReviewed})
      ) s JOIN page USING (source_no) GROUP BY 1
    )
    SELECT page.source_no AS "sourceNo", page.name, page.authority, page.created_at AS "createdAt",
      (SELECT count(*) FROM evidence_batch b WHERE b.source_no = page.source_no) AS batches,
      (SELECT coalesce(jsonb_agg(jsonb_build_object('class', p.class, 'state', p.state, 'remark', p.remark, 'evidence', p.evidence)
         ORDER BY p.class, p.state, p.remark), '[]') FROM pieces p WHERE p.source_no = page.source_no) AS classes,
      (SELECT coalesce(jsonb_agg(DISTINCT w.cause), '[]') FROM evidence_batch b JOIN withdrawal w USING (batch_no)
         WHERE b.source_no = page.source_no) AS causes,
      coalesce(j.right_no, 0) AS "judgedRight", coalesce(j.wrong_no, 0) AS "judgedWrong", coalesce(j.unclear_no, 0) AS "cannotTell"
    FROM page LEFT JOIN judged j USING (source_no) ORDER BY page.source_no DESC`.execute(trx);
  return rows.map(({ sourceNo, name, authority, createdAt, judgedRight, judgedWrong, cannotTell, ...rest }) => ({
    source: { sourceNo, name, authority, createdAt },
    judged: { right: judgedRight, wrong: judgedWrong, cannotTell },
    ...rest,
  }));
}
