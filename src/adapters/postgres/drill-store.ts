import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { DrillStore, StoredDrill } from '../../app/ports/drill-store.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { DatabaseTx } from './database.ts';
import type { DrillTables } from './tables/drill.ts';

export function makeDrillStore(trx: DatabaseTx): DrillStore {
  return {
    async begin({ people, codeVersion, begunBy }) {
      const { rows } = await sql<{ no: number }>`
        INSERT INTO drill (state, people, code_version, begun_by)
        VALUES ('running', ${people}, ${codeVersion}, ${numberOf(begunBy)})
        ON CONFLICT DO NOTHING RETURNING no`.execute(trx);
      const [row] = rows;
      return row === undefined ? null : `drill_${row.no}`;
    },
    async end(drill, state, report) {
      const { numAffectedRows } = await sql`
        UPDATE drill SET state = ${state}, ended_at = clock_timestamp(), report = ${JSON.stringify(report)}::jsonb
        WHERE no = ${numberOf(drill)} AND state = 'running'`.execute(trx);
      return (numAffectedRows ?? 0n) > 0n;
    },
    async read(drill) {
      const row = await trx.selectFrom('drill').selectAll().where('no', '=', numberOf(drill)).executeTakeFirst();
      return row === undefined ? null : drillOf(row);
    },
    async list(limit) {
      const rows = await trx.selectFrom('drill').selectAll().orderBy('no', 'desc').limit(limit).execute();
      return rows.map(drillOf);
    },
    async running() {
      const row = await trx.selectFrom('drill').selectAll().where('state', '=', 'running').executeTakeFirst();
      return row === undefined ? null : drillOf(row);
    },
    async lastPassedAt() {
      const row = await trx
        .selectFrom('drill')
        .select('ended_at')
        .where('state', '=', 'passed')
        .orderBy('ended_at', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row?.ended_at ?? null;
    },
    async countedFrom() {
      const row = await trx.selectFrom('deployment').select('drills_counted_from').executeTakeFirst();
      return row?.drills_counted_from ?? null;
    },
    async override(plan) {
      const row = await trx
        .selectFrom('drill_override')
        .selectAll()
        .where('plan_no', '=', numberOf(plan))
        .orderBy('asked_at', 'desc')
        .orderBy('no', 'desc')
        .limit(1)
        .executeTakeFirst();
      if (row === undefined) return null;
      return {
        plan,
        reason: row.reason,
        reasonDigest: row.reason_digest,
        askedBy: `operator_${row.asked_by}`,
        askedAt: row.asked_at,
      };
    },
    async askOverride({ plan, reason, reasonDigest, askedBy }) {
      await sql`
        INSERT INTO drill_override (plan_no, reason, reason_digest, asked_by)
        VALUES (${numberOf(plan)}, ${reason}, ${reasonDigest}, ${numberOf(askedBy)})
        ON CONFLICT (plan_no, reason_digest)
        DO UPDATE SET asked_at = clock_timestamp(), asked_by = EXCLUDED.asked_by`.execute(trx);
    },
  };
}

function drillOf(row: Selectable<DrillTables['drill']>): StoredDrill {
  return {
    drill: `drill_${row.no}`,
    state: row.state,
    people: row.people,
    codeVersion: row.code_version,
    begunBy: `operator_${row.begun_by}`,
    begunAt: row.begun_at,
    endedAt: row.ended_at,
    // A drill of before a person's yes was asked has no such name.
    report: row.report === null ? null : { ...row.report, agreedBy: row.report.agreedBy ?? null },
  };
}
