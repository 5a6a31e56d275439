import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type {
  ContainReceipt,
  NewRestorePoint,
  RestorePoint,
  RestorePointStore,
} from '../../app/ports/restore-point-store.ts';
import { restorePointId, restorePointNumber } from '../../domain/action/restore-point.ts';
import type { RestorePointId } from '../../domain/action/restore-point.ts';
import { accountId, numberOf } from '../../domain/shared/ids.ts';
import type { AccountId, PlanId } from '../../domain/shared/ids.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { DatabaseTx } from './database.ts';
import type { RestorePointTables } from './tables/restore-point.ts';

/** Ten permits of the largest size in one statement: some hundred kilobytes, far below any limit of the protocol. */
const mostAtOnce = 1_000;

type Row = Selectable<RestorePointTables['restore_point']>;

const openStates = ['sealed', 'open'] as const;

export function makeRestorePointStore(trx: DatabaseTx): RestorePointStore {
  return {
    async planKey(plan) {
      const row = await trx
        .selectFrom('plan_key')
        .select(['key_id', 'wrapped'])
        .where('plan_no', '=', numberOf(plan))
        .executeTakeFirst();
      return row === undefined ? null : { keyId: row.key_id, wrapped: row.wrapped };
    },

    async addPlanKey(plan, key) {
      await trx
        .insertInto('plan_key')
        .values({ plan_no: numberOf(plan), key_id: key.keyId, wrapped: Buffer.from(key.wrapped) })
        .onConflict((conflict) => conflict.column('plan_no').doNothing())
        .execute();
    },

    async reserveIds(count) {
      refuseMore(count);
      const { rows } = await sql<{ no: number }>`
        SELECT nextval(pg_get_serial_sequence('allclear.restore_point', 'no')) AS no
        FROM generate_series(1, ${count}::int) ORDER BY no`.execute(trx);
      return rows.map((row) => restorePointId(row.no));
    },

    async seal(points) {
      refuseMore(points.length);
      if (points.length === 0) return new Set();
      const rows = await trx
        .insertInto('restore_point')
        .values(
          // In one order for everybody: two workers that seal the same accounts wait for each other, and never both.
          points.toSorted(byAccountId).map((point) => ({
            no: numberIn(point.id),
            directory: point.directory,
            account_id: point.accountId,
            plan_no: numberOf(point.plan),
            key_id: point.keyId,
            sealed: Buffer.from(point.sealed),
            hash_digest: point.hashDigest,
            marker: point.marker,
          })),
        )
        // Both unique indexes: an open restore point of any plan, and any restore point of this plan.
        .onConflict((conflict) => conflict.doNothing())
        .returning('no')
        .execute();
      return new Set(rows.map((row) => restorePointId(row.no)));
    },

    async ofPlan(plan, directory, accounts) {
      refuseMore(accounts.length);
      const rows = await trx
        .selectFrom('restore_point')
        .selectAll()
        .where('plan_no', '=', numberOf(plan))
        .where('directory', '=', directory)
        .where(sql<boolean>`account_id = ANY(${[...accounts]}::text[])`)
        .execute();
      return byAccount(rows);
    },

    async openOf(directory, accounts) {
      refuseMore(accounts.length);
      const rows = await trx
        .selectFrom('restore_point')
        .selectAll()
        .where('directory', '=', directory)
        .where(sql<boolean>`account_id = ANY(${[...accounts]}::text[])`)
        .where('state', 'in', openStates)
        .execute();
      return byAccount(rows);
    },

    async recoveredOf(directory, account) {
      const row = await trx
        .selectFrom('restore_point')
        .selectAll()
        .where('directory', '=', directory)
        .where('account_id', '=', account)
        .where('state', '=', 'retired')
        .where('closed_by', '=', 'recovery')
        .where(sql<boolean>`octet_length(sealed) > 0`)
        .orderBy('no', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row === undefined ? null : pointOf(row);
    },

    async byId(id) {
      const row = await trx.selectFrom('restore_point').selectAll().where('no', '=', numberIn(id)).executeTakeFirst();
      return row === undefined ? null : pointOf(row);
    },

    async pageOfPlan(plan, after, limit) {
      refuseMore(limit);
      const rows = await trx
        .selectFrom('restore_point')
        .selectAll()
        .where('plan_no', '=', numberOf(plan))
        .where('no', '>', after)
        .orderBy('no')
        .limit(limit)
        .execute();
      return rows.map(pointOf);
    },

    async recordContained(ids) {
      refuseMore(ids.length);
      await sql`
        UPDATE restore_point
        SET contained_at = clock_timestamp(), state = CASE state WHEN 'sealed' THEN 'open' ELSE state END
        WHERE no = ANY(${ids.map(numberIn)}::bigint[]) AND contained_at IS NULL`.execute(trx);
    },

    async recordSessionsEnded(ended) {
      refuseMore(ended.size);
      await sql`
        UPDATE restore_point SET sessions_ended_at = clock_timestamp(), sessions_ended = receipt.ended
        FROM unnest(${[...ended.keys()].map(numberIn)}::bigint[], ${[...ended.values()]}::int[]) AS receipt (no, ended)
        WHERE restore_point.no = receipt.no AND sessions_ended_at IS NULL`.execute(trx);
    },

    async dueForLateSessions(plan, directory, seconds) {
      const rows = await trx
        .selectFrom('restore_point')
        .selectAll()
        .where('plan_no', '=', numberOf(plan))
        .where('directory', '=', directory)
        .where('state', '=', 'open')
        .where('late_sessions_ended_at', 'is', null)
        .where(sql<boolean>`sessions_ended_at <= clock_timestamp() - make_interval(secs => ${seconds})`)
        .orderBy('sessions_ended_at')
        .limit(mostAtOnce)
        .execute();
      return rows.map(pointOf);
    },

    async plansDueForLateSessions(directory, seconds) {
      const rows = await trx
        .selectFrom('restore_point')
        .select('plan_no')
        .distinct()
        .where('directory', '=', directory)
        .where('state', '=', 'open')
        .where('late_sessions_ended_at', 'is', null)
        .where(sql<boolean>`sessions_ended_at <= clock_timestamp() - make_interval(secs => ${seconds})`)
        .execute();
      return rows.map((row): PlanId => `plan_${row.plan_no}`);
    },

    async recordLateSessionsEnded(ended) {
      refuseMore(ended.size);
      await sql`
        UPDATE restore_point SET late_sessions_ended_at = clock_timestamp(), late_sessions_ended = receipt.ended
        FROM unnest(${[...ended.keys()].map(numberIn)}::bigint[], ${[...ended.values()]}::int[]) AS receipt (no, ended)
        WHERE restore_point.no = receipt.no AND late_sessions_ended_at IS NULL`.execute(trx);
    },

    async recordSessionsOnly(plan, directory, ended) {
      refuseMore(ended.size);
      await sql`
        INSERT INTO session_end (plan_no, directory, account_id, sessions_ended)
        SELECT ${numberOf(plan)}::bigint, ${directory}::text, receipt.account_id, receipt.ended
        FROM unnest(${[...ended.keys()]}::text[], ${[...ended.values()]}::int[]) AS receipt (account_id, ended)
        ON CONFLICT DO NOTHING`.execute(trx);
    },

    async receipts(plan, directory, accounts) {
      refuseMore(accounts.length);
      const { rows } = await sql<ContainReceipt & { accountId: string }>`
        SELECT account_id AS "accountId", contained_at AS "containedAt",
          sessions_ended_at AS "sessionsEndedAt", sessions_ended AS "sessionsEnded"
        FROM restore_point
        WHERE plan_no = ${numberOf(plan)} AND directory = ${directory} AND account_id = ANY(${[...accounts]}::text[])
          AND contained_at IS NOT NULL
        UNION ALL
        SELECT account_id, NULL, ended_at, sessions_ended
        FROM session_end
        WHERE plan_no = ${numberOf(plan)} AND directory = ${directory} AND account_id = ANY(${[...accounts]}::text[])
        `.execute(trx);
      return new Map(rows.map(({ accountId: id, ...receipt }) => [accountId(id), receipt]));
    },

    async close(ids, as, by) {
      refuseMore(ids.length);
      await trx
        .updateTable('restore_point')
        .set({ state: as, closed_at: sql<Date>`clock_timestamp()`, closed_by: by })
        .where(sql<boolean>`no = ANY(${ids.map(numberIn)}::bigint[])`)
        .where('state', 'in', openStates)
        .execute();
    },

    async destroyPlan(plan, by) {
      await sql`
        UPDATE plan_key SET wrapped = '', destroyed_at = clock_timestamp()
        WHERE plan_no = ${numberOf(plan)} AND destroyed_at IS NULL`.execute(trx);
      const ended = await sql`
        UPDATE restore_point
        SET sealed = '', state = CASE WHEN state IN ('restored', 'retired') THEN state ELSE 'destroyed' END,
          closed_at = coalesce(closed_at, clock_timestamp()),
          closed_by = coalesce(closed_by, ${by})
        WHERE plan_no = ${numberOf(plan)} AND octet_length(sealed) > 0`.execute(trx);
      return Number(ended.numAffectedRows ?? 0n);
    },
  };
}

function refuseMore(count: number): void {
  if (count <= mostAtOnce) return;
  throw new Failure(
    'internal',
    `${count} restore points in one call, and at most ${mostAtOnce} are taken. Split the call.`,
  );
}

function numberIn(id: RestorePointId): number {
  const number = restorePointNumber(id);
  if (number === null) throw new Failure('internal', `${id} is not the id of a restore point.`);
  return number;
}

function byAccountId(a: NewRestorePoint, b: NewRestorePoint): number {
  if (a.accountId === b.accountId) return 0;
  return a.accountId < b.accountId ? -1 : 1;
}

function byAccount(rows: readonly Row[]): ReadonlyMap<AccountId, RestorePoint> {
  return new Map(rows.map((row) => [accountId(row.account_id), pointOf(row)]));
}

function pointOf(row: Row): RestorePoint {
  return {
    id: restorePointId(row.no),
    directory: row.directory,
    accountId: accountId(row.account_id),
    plan: `plan_${row.plan_no}`,
    keyId: row.key_id,
    sealed: row.sealed,
    hashDigest: row.hash_digest,
    marker: row.marker,
    state: row.state,
    sealedAt: row.sealed_at,
    containedAt: row.contained_at,
    sessionsEndedAt: row.sessions_ended_at,
    sessionsEnded: row.sessions_ended,
    closedAt: row.closed_at,
    closedBy: row.closed_by,
  };
}
