import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { Suspension, SuspensionStore } from '../../app/ports/suspension-store.ts';
import { suspensionId, suspensionNumber } from '../../domain/action/suspension.ts';
import type { SuspensionId } from '../../domain/action/suspension.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { accountId, numberOf } from '../../domain/shared/ids.ts';
import type { AccountId } from '../../domain/shared/ids.ts';
import type { DatabaseTx } from './database.ts';
import type { SuspensionTables } from './tables/suspension.ts';

/** Ten permits of the largest size in one statement. */
const mostAtOnce = 1_000;

type Row = Selectable<SuspensionTables['suspension']>;

const openStates = ['marked', 'open'] as const;

export function makeSuspensionStore(trx: DatabaseTx): SuspensionStore {
  return {
    async reserveIds(count) {
      refuseMore(count);
      const { rows } = await sql<{ no: number }>`
        SELECT nextval(pg_get_serial_sequence('allclear.suspension', 'no')) AS no
        FROM generate_series(1, ${count}::int) ORDER BY no`.execute(trx);
      return rows.map((row) => suspensionId(row.no));
    },

    async mark(suspensions) {
      refuseMore(suspensions.length);
      if (suspensions.length === 0) return;
      await trx
        .insertInto('suspension')
        .values(
          // In one order for everybody: two workers that mark the same accounts wait for each other, and never both.
          suspensions
            .toSorted((a, b) => (a.accountId < b.accountId ? -1 : a.accountId > b.accountId ? 1 : 0))
            .map((one) => ({
              no: numberIn(one.id),
              directory: one.directory,
              account_id: one.accountId,
              plan_no: numberOf(one.plan),
              mark: one.mark,
            })),
        )
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },

    async ofPlan(plan, directory, accounts) {
      refuseMore(accounts.length);
      const rows = await trx
        .selectFrom('suspension')
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
        .selectFrom('suspension')
        .selectAll()
        .where('directory', '=', directory)
        .where(sql<boolean>`account_id = ANY(${[...accounts]}::text[])`)
        .where('state', 'in', openStates)
        .execute();
      return byAccount(rows);
    },

    async recordSuspended(ids, days) {
      refuseMore(ids.length);
      await sql`
        UPDATE suspension SET suspended_at = now.at, lapses_at = now.at + make_interval(days => ${days}::int),
          state = CASE state WHEN 'marked' THEN 'open' ELSE state END
        FROM (SELECT clock_timestamp() AS at) now
        WHERE no = ANY(${ids.map(numberIn)}::bigint[]) AND suspended_at IS NULL`.execute(trx);
    },

    async recordSessionsEnded(ended) {
      refuseMore(ended.size);
      await sql`
        UPDATE suspension SET sessions_ended_at = clock_timestamp(), sessions_ended = receipt.ended
        FROM unnest(${[...ended.keys()].map(numberIn)}::bigint[], ${[...ended.values()]}::int[]) AS receipt (no, ended)
        WHERE suspension.no = receipt.no AND sessions_ended_at IS NULL`.execute(trx);
    },

    async close(ids, as, by) {
      refuseMore(ids.length);
      const rows = await trx
        .updateTable('suspension')
        .set({ state: as, closed_at: sql<Date>`clock_timestamp()`, closed_by: by })
        .where(sql<boolean>`no = ANY(${ids.map(numberIn)}::bigint[])`)
        .where('state', 'in', openStates)
        .returning('no')
        .execute();
      return rows.map((row) => suspensionId(row.no));
    },

    async askLift(id, by) {
      await trx
        .updateTable('suspension')
        .set({ lift_asked_by: by })
        .where('no', '=', numberIn(id))
        .where('lift_asked_by', 'is', null)
        .execute();
    },

    async toLift(directory, limit) {
      refuseMore(limit);
      // Two parts, and the transaction's own time: each is read from its own index, however many are suspended.
      const { rows } = await sql<Row>`
        (SELECT s.* FROM suspension s
         WHERE s.directory = ${directory} AND s.state IN ('marked', 'open') AND s.lift_asked_by IS NOT NULL
         ORDER BY s.no LIMIT ${limit})
        UNION
        (SELECT s.* FROM suspension s
         WHERE s.directory = ${directory} AND s.state = 'open' AND s.lapses_at <= now() AND (
           NOT EXISTS (
             SELECT FROM rollout r JOIN track t ON t.rollout_no = r.no AND t.track = 'contain' AND t.phase = 'halted'
             WHERE r.kind = 'plan' AND r.subject_no = s.plan_no)
           OR EXISTS (
             SELECT FROM retraction n JOIN rollout r ON r.kind = 'retraction' AND r.subject_no = n.no
             JOIN track t ON t.rollout_no = r.no AND t.track = 'restore' AND t.phase <> 'halted'
             WHERE n.plan_no = s.plan_no))
         ORDER BY s.lapses_at LIMIT ${limit})
        LIMIT ${limit}`.execute(trx);
      return rows.map(suspensionOf);
    },

    async dueForLateSessions(directory, seconds) {
      const rows = await trx
        .selectFrom('suspension')
        .selectAll()
        .where('directory', '=', directory)
        .where('state', '=', 'open')
        .where('late_sessions_ended_at', 'is', null)
        .where(sql<boolean>`sessions_ended_at <= clock_timestamp() - make_interval(secs => ${seconds})`)
        .orderBy('sessions_ended_at')
        .limit(mostAtOnce)
        .execute();
      return rows.map(suspensionOf);
    },

    async recordLateSessions(ids) {
      refuseMore(ids.length);
      await trx
        .updateTable('suspension')
        .set({ late_sessions_ended_at: sql<Date>`clock_timestamp()` })
        .where(sql<boolean>`no = ANY(${ids.map(numberIn)}::bigint[])`)
        .where('late_sessions_ended_at', 'is', null)
        .execute();
    },

    async liftedByAppeal(plan) {
      const { lifted } = await trx
        .selectFrom('suspension')
        .select((eb) => eb.fn.countAll<number>().as('lifted'))
        .where('plan_no', '=', numberOf(plan))
        .where('lift_asked_by', 'is not', null)
        .executeTakeFirstOrThrow();
      return lifted;
    },

    async countOpen(plan) {
      const { open } = await trx
        .selectFrom('suspension')
        .select((eb) => eb.fn.countAll<number>().as('open'))
        .where('plan_no', '=', numberOf(plan))
        .where('state', 'in', openStates)
        .executeTakeFirstOrThrow();
      return open;
    },
  };
}

function refuseMore(count: number): void {
  if (count <= mostAtOnce) return;
  throw new Failure('internal', `${count} suspensions in one call, and at most ${mostAtOnce} are taken.`);
}

function numberIn(id: SuspensionId): number {
  const number = suspensionNumber(id);
  if (number === null) throw new Failure('internal', `${id} is not the id of a suspension.`);
  return number;
}

function byAccount(rows: readonly Row[]): ReadonlyMap<AccountId, Suspension> {
  return new Map(rows.map((row) => [accountId(row.account_id), suspensionOf(row)]));
}

function suspensionOf(row: Row): Suspension {
  return {
    id: suspensionId(row.no),
    directory: row.directory,
    accountId: accountId(row.account_id),
    plan: `plan_${row.plan_no}`,
    mark: row.mark,
    state: row.state,
    suspendedAt: row.suspended_at,
    lapsesAt: row.lapses_at,
    sessionsEndedAt: row.sessions_ended_at,
    sessionsEnded: row.sessions_ended,
    liftAskedBy: row.lift_asked_by,
    closedAt: row.closed_at,
    closedBy: row.closed_by,
  };
}
