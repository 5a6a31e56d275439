import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { Recovery, RecoveryStore, WaveRecoveries } from '../../app/ports/recovery-store.ts';
import { restorePointId, restorePointNumber } from '../../domain/action/restore-point.ts';
import type { RestorePointId } from '../../domain/action/restore-point.ts';
import type { RecoveryWay } from '../../domain/recovery/choose-way.ts';
import { haltedMsSince } from '../../domain/rollout/halt-period.ts';
import { accountId, numberOf } from '../../domain/shared/ids.ts';
import type { DatabaseTx } from './database.ts';
import type { RecoveryTables } from './tables/recovery.ts';

type Row = Selectable<RecoveryTables['recovery']>;

/** Codes and windows of hosted recovery, inside one transaction. */
export function makeRecoveryStore(trx: DatabaseTx): RecoveryStore {
  const now = sql<Date>`clock_timestamp()`;

  async function missesInAnHour(): Promise<number> {
    const { rows } = await sql<{ misses: number }>`
      SELECT coalesce(sum(misses), 0)::int AS misses FROM recovery_miss
      WHERE minute > clock_timestamp() - interval '1 hour'`.execute(trx);
    return rows[0]?.misses ?? 0;
  }

  return {
    async now() {
      const { rows } = await sql<{ now: Date }>`SELECT clock_timestamp() AS now`.execute(trx);
      return rows[0]?.now ?? new Date(0);
    },

    async lockAccount(directory, account) {
      await sql`
        SELECT FROM restore_point WHERE directory = ${directory} AND account_id = ${account}
        ORDER BY no FOR UPDATE`.execute(trx);
    },

    async countAsked(directory, account, networkHash) {
      const { rows } = await sql<{ all: number; from_network: number }>`
        SELECT count(*)::int AS all, (count(*) FILTER (WHERE network_hash = ${networkHash}))::int AS from_network
        FROM recovery
        WHERE directory = ${directory} AND account_id = ${account}
          AND asked_at > clock_timestamp() - interval '24 hours'`.execute(trx);
      return { all: rows[0]?.all ?? 0, fromNetwork: rows[0]?.from_network ?? 0 };
    },

    async add(recovery) {
      const row = await trx
        .insertInto('recovery')
        .values({
          restore_point_no: numberIn(recovery.restorePoint),
          plan_no: numberOf(recovery.plan),
          directory: recovery.directory,
          account_id: recovery.accountId,
          way: recovery.way,
          browser_hash: recovery.browserHash,
          network_hash: recovery.networkHash,
          code_hash: recovery.codeHash,
          expires_at: sql<Date>`clock_timestamp() + make_interval(mins => ${recovery.codeMinutes})`,
        })
        .returning('no')
        .executeTakeFirstOrThrow();
      return row.no;
    },

    async lockWaiting(browserHash, limit) {
      const rows = await trx
        .selectFrom('recovery')
        .selectAll()
        .where('browser_hash', '=', browserHash)
        .where('typed_at', 'is', null)
        .where('revoked_at', 'is', null)
        .orderBy('no', 'desc')
        .limit(limit)
        .forUpdate()
        .execute();
      return rows.map(recoveryOf);
    },

    async addTry(nos) {
      await trx
        .updateTable('recovery')
        .set((eb) => ({ tries: eb('tries', '+', 1) }))
        .where('no', 'in', [...nos])
        .execute();
    },

    async noteMail(no, outcome) {
      await trx.updateTable('recovery').set({ mail: outcome }).where('no', '=', no).execute();
    },

    async openWindow(no, { windowHash, revokeHash, waitHours, openMinutes }) {
      const row = await trx
        .updateTable('recovery')
        .set({
          typed_at: now,
          window_hash: windowHash,
          revoke_hash: revokeHash,
          opens_at: sql<Date>`clock_timestamp() + make_interval(hours => ${waitHours})`,
          window_ends_at: sql<Date>`clock_timestamp() + make_interval(hours => ${waitHours}, mins => ${openMinutes})`,
        })
        .where('no', '=', no)
        .where('typed_at', 'is', null)
        .returningAll()
        .executeTakeFirstOrThrow();
      return recoveryOf(row);
    },

    async byWindow(windowHash) {
      const row = await trx.selectFrom('recovery').selectAll().where('window_hash', '=', windowHash).executeTakeFirst();
      return row === undefined ? null : recoveryOf(row);
    },

    async lockByWindow(windowHash) {
      const row = await trx
        .selectFrom('recovery')
        .selectAll()
        .where('window_hash', '=', windowHash)
        .forUpdate()
        .executeTakeFirst();
      return row === undefined ? null : recoveryOf(row);
    },

    async lockByRevocation(revokeHash) {
      const row = await trx
        .selectFrom('recovery')
        .selectAll()
        .where('revoke_hash', '=', revokeHash)
        .forUpdate()
        .executeTakeFirst();
      return row === undefined ? null : recoveryOf(row);
    },

    async noteWarned(no) {
      await trx.updateTable('recovery').set({ warned_at: now }).where('no', '=', no).execute();
    },

    async noteSetting(no, isSetting) {
      await trx
        .updateTable('recovery')
        .set({ setting_at: isSetting ? now : null })
        .where('no', '=', no)
        .execute();
    },

    async noteRevoked(no) {
      await trx.updateTable('recovery').set({ revoked_at: now }).where('no', '=', no).execute();
    },

    async noteDone(no) {
      const done = await trx
        .updateTable('recovery')
        .set({ done_at: now, setting_at: null })
        .where('no', '=', no)
        .where('done_at', 'is', null)
        .returning(['directory', 'account_id'])
        .executeTakeFirst();
      if (done === undefined) return false;
      await trx
        .updateTable('recovery')
        .set({ revoked_at: now })
        .where('directory', '=', done.directory)
        .where('account_id', '=', done.account_id)
        .where('no', '<>', no)
        .where('done_at', 'is', null)
        .where('revoked_at', 'is', null)
        .execute();
      return true;
    },

    async addMiss() {
      await sql`
        INSERT INTO recovery_miss AS m (minute, misses) VALUES (date_trunc('minute', clock_timestamp()), 1)
        ON CONFLICT (minute) DO UPDATE SET misses = m.misses + 1`.execute(trx);
      await sql`DELETE FROM recovery_miss WHERE minute < clock_timestamp() - interval '2 hours'`.execute(trx);
      return missesInAnHour();
    },

    misses: missesInAnHour,

    async haltedMs(plan, since) {
      const { rows } = await sql<{ track: string; halted_at: Date; resumed_at: Date | null; now: Date }>`
        SELECT h.track, h.halted_at, h.resumed_at, clock_timestamp() AS now
        FROM halt_period h JOIN rollout r ON r.no = h.rollout_no
        WHERE r.kind = 'plan' AND r.subject_no = ${numberOf(plan)}
          AND (h.resumed_at IS NULL OR h.resumed_at > ${since})`.execute(trx);
      const byTrack = Map.groupBy(rows, (row) => row.track);
      const halted = [...byTrack.values()].map((periods) =>
        haltedMsSince(
          periods.map((row) => ({ haltedAt: row.halted_at, resumedAt: row.resumed_at })),
          since,
          periods[0]?.now ?? since,
        ),
      );
      return Math.max(0, ...halted);
    },

    async ofAccount(directory, account, limit) {
      const rows = await trx
        .selectFrom('recovery')
        .selectAll()
        .where('directory', '=', directory)
        .where('account_id', '=', account)
        .orderBy('no', 'desc')
        .limit(limit)
        .execute();
      return rows.map(recoveryOf);
    },

    async byWave(plan) {
      // Some ten waves, and one row per person that asked: read when a person looks at the status.
      const { rows } = await sql<WaveRecoveries>`
        WITH wave AS (
          SELECT w.ends AS ends, w.wave::int AS wave, lag(w.ends, 1, 0) OVER (ORDER BY w.wave) AS starts
          FROM track t JOIN rollout r ON r.no = t.rollout_no
          CROSS JOIN LATERAL unnest(t.wave_ends) WITH ORDINALITY AS w (ends, wave)
          WHERE r.kind = 'plan' AND r.subject_no = ${numberOf(plan)} AND t.track = 'contain'),
        person AS (
          SELECT account_id, count(typed_at) > 0 AS typed, count(done_at) > 0 AS done
          FROM recovery WHERE plan_no = ${numberOf(plan)} GROUP BY account_id)
        SELECT wave.wave,
          (SELECT count(*)::int FROM restore_point p JOIN plan_target t ON t.plan_no = p.plan_no AND t.account_id = p.account_id
            WHERE p.plan_no = ${numberOf(plan)} AND p.contained_at IS NOT NULL
              AND t.contain_ordinal >= wave.starts AND t.contain_ordinal < wave.ends) AS contained,
          count(person.account_id)::int AS asked,
          (count(*) FILTER (WHERE person.typed))::int AS typed,
          (count(*) FILTER (WHERE person.done))::int AS done
        FROM wave
        LEFT JOIN (plan_target t JOIN person ON person.account_id = t.account_id)
          ON t.plan_no = ${numberOf(plan)} AND t.contain_ordinal >= wave.starts AND t.contain_ordinal < wave.ends
        GROUP BY wave.wave, wave.starts, wave.ends ORDER BY wave.wave`.execute(trx);
      return rows;
    },

    async takeAnswer(addressKey, most) {
      // Locked in a statement of its own: the next one sees what whoever held the lock has written.
      await sql`SELECT pg_advisory_xact_lock(hashtextextended(${addressKey}, 0))`.execute(trx);
      const { rows } = await sql<{ taken: number }>`
        SELECT count(*)::int AS taken FROM status_answer
        WHERE address_key = ${addressKey} AND at > clock_timestamp() - interval '24 hours'`.execute(trx);
      if ((rows[0]?.taken ?? 0) >= most) return false;
      await trx.insertInto('status_answer').values({ address_key: addressKey, at: now }).execute();
      await sql`DELETE FROM status_answer WHERE at < clock_timestamp() - interval '2 days'`.execute(trx);
      return true;
    },
  };
}

function numberIn(id: RestorePointId): number {
  const number = restorePointNumber(id);
  if (number === null) throw new Error('not a restore point');
  return number;
}

function recoveryOf(row: Row): Recovery {
  return {
    no: row.no,
    restorePoint: restorePointId(row.restore_point_no),
    plan: `plan_${row.plan_no}`,
    directory: row.directory,
    accountId: accountId(row.account_id),
    way: row.way as RecoveryWay,
    browserHash: row.browser_hash,
    networkHash: row.network_hash,
    codeHash: row.code_hash,
    tries: row.tries,
    mail: row.mail as Recovery['mail'],
    askedAt: row.asked_at,
    expiresAt: row.expires_at,
    typedAt: row.typed_at,
    opensAt: row.opens_at,
    windowEndsAt: row.window_ends_at,
    warnedAt: row.warned_at,
    settingAt: row.setting_at,
    revokedAt: row.revoked_at,
    doneAt: row.done_at,
  };
}
