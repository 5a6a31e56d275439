import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { RetentionStore } from '../../app/ports/retention-store.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { PlanId } from '../../domain/shared/ids.ts';
import type { DatabaseTx } from './database.ts';

export function makeRetentionStore(trx: DatabaseTx): RetentionStore {
  return {
    async now() {
      const { rows } = await sql<{ now: Date }>`SELECT clock_timestamp() AS now`.execute(trx);
      return rows[0]?.now ?? new Date(Number.NaN);
    },

    async forgetDomainRates(unusedDays, limit) {
      const { numAffectedRows } = await sql`
        DELETE FROM mail_rate WHERE key IN (
          SELECT key FROM mail_rate
          WHERE key LIKE 'domain:%' AND changed_at < clock_timestamp() - make_interval(days => ${unusedDays})
          ORDER BY key LIMIT ${limit} FOR UPDATE SKIP LOCKED)`.execute(trx);
      return Number(numAffectedRows ?? 0n);
    },

    async plansWithKeys(limit) {
      const rows = await trx
        .selectFrom('plan_key')
        .select('plan_no')
        .where('destroyed_at', 'is', null)
        .orderBy('plan_no')
        .limit(limit)
        .execute();
      return rows.map((row): PlanId => `plan_${row.plan_no}`);
    },

    async isKeyDestroyed(plan) {
      const row = await trx
        .selectFrom('plan_key')
        .select('destroyed_at')
        .where('plan_no', '=', numberOf(plan))
        .executeTakeFirst();
      return row !== undefined && row.destroyed_at !== null;
    },

    async countSealed(plan) {
      const { rows } = await sql<{ count: number }>`
        SELECT count(*) AS count FROM restore_point
        WHERE plan_no = ${numberOf(plan)} AND octet_length(sealed) > 0`.execute(trx);
      return rows[0]?.count ?? 0;
    },

    async closedPoints(closedDaysAgo) {
      const { rows } = await sql<{ planNo: number; count: number }>`
        SELECT plan_no AS "planNo", count(*) AS count FROM restore_point
        WHERE state IN ('restored', 'retired') AND octet_length(sealed) > 0
          AND closed_at <= clock_timestamp() - make_interval(days => ${closedDaysAgo})
        GROUP BY plan_no ORDER BY plan_no`.execute(trx);
      return rows.map((row) => ({ plan: `plan_${row.planNo}`, count: row.count }));
    },

    async destroyClosedPoints(plan, closedDaysAgo) {
      const done = await sql`
        UPDATE restore_point SET sealed = ''
        WHERE plan_no = ${numberOf(plan)} AND state IN ('restored', 'retired') AND octet_length(sealed) > 0
          AND closed_at <= clock_timestamp() - make_interval(days => ${closedDaysAgo})`.execute(trx);
      return Number(done.numAffectedRows ?? 0n);
    },

    async batchesWithLines(limit) {
      const { rows } = await sql<{ batchNo: number; readAt: Date; plans: readonly number[] }>`
        SELECT b.batch_no AS "batchNo", coalesce(b.finished_at, b.begun_at) AS "readAt",
          ARRAY(SELECT p.no FROM plan p WHERE p.header IS NOT NULL
            AND p.header::jsonb -> 'evidence' -> 'batches' ? ('batch_' || b.batch_no) ORDER BY p.no) AS plans
        FROM evidence_batch b
        WHERE b.state <> 'importing' AND EXISTS (
          SELECT 1 FROM evidence e WHERE e.batch_no = b.batch_no AND octet_length(e.sealed_lines) > 0)
        ORDER BY b.batch_no LIMIT ${limit}`.execute(trx);
      return rows.map((row) => ({
        batch: `batch_${row.batchNo}`,
        readAt: row.readAt,
        plans: row.plans.map((no): PlanId => `plan_${no}`),
      }));
    },

    async abandonedDrafts(begunSecondsAgo, limit) {
      const { rows } = await sql<{ no: number }>`
        SELECT no FROM plan
        WHERE header IS NULL AND created_at < clock_timestamp() - make_interval(secs => ${begunSecondsAgo})
        ORDER BY no LIMIT ${limit} FOR UPDATE SKIP LOCKED`.execute(trx);
      return rows.map((row): PlanId => `plan_${row.no}`);
    },

    async plansWithAddresses(limit) {
      const { rows } = await sql<{ no: number }>`
        SELECT p.no FROM plan p
        WHERE p.header IS NOT NULL AND NOT EXISTS (SELECT 1 FROM plan_addresses_erased e WHERE e.plan_no = p.no)
        ORDER BY p.no LIMIT ${limit}`.execute(trx);
      return rows.map((row): PlanId => `plan_${row.no}`);
    },

    async countAddresses(plan) {
      const { rows } = await sql<{ count: number }>`
        SELECT count(*) AS count FROM plan_target WHERE plan_no = ${numberOf(plan)} AND address IS NOT NULL`.execute(
        trx,
      );
      return rows[0]?.count ?? 0;
    },

    async eraseAddresses(plan, limit) {
      const chosen = sql`ordinal IN (
        SELECT ordinal FROM plan_target WHERE plan_no = ${numberOf(plan)} AND address IS NOT NULL LIMIT ${limit})`;
      const erased = await eraseChosenAddresses(trx, numberOf(plan), chosen);
      if (erased < limit)
        await sql`INSERT INTO plan_addresses_erased (plan_no) VALUES (${numberOf(plan)}) ON CONFLICT DO NOTHING`.execute(
          trx,
        );
      return erased;
    },

    async addressCheck(plan, account) {
      const { rows } = await sql<{ check: string | null }>`
        SELECT address_check AS check FROM plan_target
        WHERE plan_no = ${numberOf(plan)} AND account_id = ${account}`.execute(trx);
      return rows[0]?.check ?? null;
    },

    async destroyLines(batch, limit) {
      // Empty and not null: which evidence had lines stays known, and that they are gone.
      const done = await sql`
        UPDATE evidence SET sealed_lines = ''
        WHERE evidence_no IN (
          SELECT evidence_no FROM evidence
          WHERE batch_no = ${numberOf(batch)} AND octet_length(sealed_lines) > 0 LIMIT ${limit})`.execute(trx);
      return Number(done.numAffectedRows ?? 0n);
    },
  };
}

/**
 * Erases the chosen addresses of one plan inside the database: none of them leaves it for this. A-Z alone is folded, as the
 * directory does it, and never by the rules of a language.
 */
export async function eraseChosenAddresses(
  trx: DatabaseTx,
  planNo: number,
  chosen: RawBuilder<unknown>,
): Promise<number> {
  const done = await sql`
    UPDATE plan_target t
    SET address = NULL, address_check = encode(sha256(convert_to(p.address_salt || ':' ||
      CASE WHEN p.header::jsonb ->> 'addressComparison' = 'ascii-lower'
        THEN translate(t.address, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz') ELSE t.address END,
      'UTF8')), 'hex')
    FROM plan p
    WHERE p.no = t.plan_no AND t.plan_no = ${planNo} AND t.address IS NOT NULL AND t.${chosen}`.execute(trx);
  return Number(done.numAffectedRows ?? 0n);
}
