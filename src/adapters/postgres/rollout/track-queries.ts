import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { RolloutRow, RolloutStore, StoredTrack } from '../../../app/ports/rollout-store.ts';
import type { HeldVerdict } from '../../../domain/rollout/held-verdict.ts';
import { Failure } from '../../../domain/shared/failure.ts';
import type { HaltPeriod } from '../../../domain/rollout/halt-period.ts';
import type { Digest } from '../../../domain/shared/ids.ts';
import type { Track } from '../../../domain/shared/track.ts';
import type { Database, DatabaseTx } from '../database.ts';

/** First keys of our advisory locks; the second is the rollout's number. */
const rolloutLock = 0x616c6c63;
const advanceLock = 0x616c6c64;

/**
 * Once the rollout's lock is held nothing of it can act any more, and a halt waits for the ledger of the installation
 * like anybody: longer than any use case holds that, and not for ever.
 */
const otherLocksMs = 10_000;

/** A row of a track is written in milliseconds by everybody who asks first, as a claim does. */
const rowLockMs = 500;

/**
 * A halt waits this long for the ledger before it looks who keeps it: a session that works on may (it is at most
 * `otherLocksMs`), one that has said nothing for as long was stopped inside its transaction.
 */
const ledgerLookMs = 1_000;

/**
 * Halts at the same time, of two workers that found the same, wait for each other and do not end each other. One that lasts longer than
 * its own waits, or says nothing inside its transaction, is frozen, and ends like anybody. Sessions of halts name themselves so
 * (`makeHalting`).
 */
const isYoungHalt = sql<boolean>`coalesce(a.application_name LIKE '% halt'
  AND a.xact_start > clock_timestamp() - make_interval(secs => ${(2 * otherLocksMs) / 1_000})
  AND NOT (a.state LIKE 'idle in transaction%'
    AND a.state_change < clock_timestamp() - make_interval(secs => ${ledgerLookMs / 1_000})), false)`;
/** A worker beats several times a second; one that was silent for longer holds nothing back any more. */
const workerAliveSeconds = 10;
/** Different words of all workers; more would not be read. */
const mailHoldsMax = 5;
/** More than end in the five days for which a queue keeps a mail. */
const finishedMax = 1_000;

type TrackQueries = Pick<
  RolloutStore,
  | 'lockShared'
  | 'lockAlone'
  | 'endLockHolders'
  | 'tryLockAdvance'
  | 'now'
  | 'create'
  | 'find'
  | 'read'
  | 'unfinished'
  | 'page'
  | 'anyEverStarted'
  | 'addTrack'
  | 'tracks'
  | 'openWave'
  | 'markWaveSettled'
  | 'setReasons'
  | 'setPhase'
  | 'haltTracks'
  | 'resumeTracks'
  | 'boundLockWaits'
  | 'haltQueues'
  | 'resumeQueues'
  | 'finishedWithin'
  | 'haltPeriods'
  | 'acknowledge'
  | 'beatSensor'
  | 'sensorAgeSeconds'
  | 'beatWorker'
  | 'mailHolds'
>;

export function makeTrackQueries(trx: DatabaseTx): TrackQueries {
  return {
    async lockShared(rolloutNo) {
      await sql`SELECT pg_advisory_xact_lock_shared(${rolloutLock}::int, ${rolloutNo}::int)`.execute(trx);
    },

    async lockAlone(rolloutNo, timeoutMs) {
      if (await tryAlone(trx, rolloutNo, timeoutMs)) return;
      // A worker frozen inside a claim must not hold up a halt: its backend ends, its claim is undone. Another halt is waited for.
      const { rows } = await sql<{ isHalt: boolean }>`
        SELECT ${isYoungHalt} AS "isHalt", CASE WHEN NOT ${isYoungHalt} THEN pg_terminate_backend(l.pid) END
        FROM pg_locks l JOIN pg_stat_activity a USING (pid)
        WHERE l.locktype = 'advisory' AND l.classid = ${rolloutLock}::oid AND l.objid = ${rolloutNo}::oid
          AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
          AND l.granted AND l.pid <> pg_backend_pid()`.execute(trx);
      const isHalting = rows.some((row) => row.isHalt);
      if (await tryAlone(trx, rolloutNo, isHalting ? otherLocksMs : timeoutMs)) return;
      throw new Failure(
        'database-unavailable',
        `The lock of rollout ${rolloutNo} could not be taken. Halt again, or halt --direct.`,
      );
    },

    async endLockHolders() {
      const { rows } = await sql<{ pid: number; ended: boolean | null }>`
        SELECT pid, CASE WHEN pg_has_role(usesysid, 'MEMBER') THEN pg_terminate_backend(pid) END AS ended
        FROM (
          SELECT DISTINCT a.pid, a.usesysid FROM pg_locks l JOIN pg_stat_activity a USING (pid)
          WHERE l.locktype = 'relation' AND l.granted AND l.mode NOT IN ('AccessShareLock', 'ShareUpdateExclusiveLock')
            AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND a.pid <> pg_backend_pid() AND NOT ${isYoungHalt}
            AND (l.relation = 'track'::regclass AND a.xact_start < clock_timestamp() - make_interval(secs => ${rowLockMs / 1_000})
              OR l.relation = 'ledger_head'::regclass AND (
                a.xact_start < clock_timestamp() - make_interval(secs => ${otherLocksMs / 1_000})
                OR a.state LIKE 'idle in transaction%' AND a.state_change < clock_timestamp() - make_interval(secs => ${ledgerLookMs / 1_000})))
        ) holders`.execute(trx);
      const left = rows.filter((row) => row.ended !== true).map((row) => row.pid);
      if (left.length > 0) {
        throw new Failure(
          'database-unavailable',
          `The process ${left.join(', ')} of the database holds a lock and belongs to a role that ours may not end. End it as its owner.`,
        );
      }
      return rows.length;
    },

    async tryLockAdvance(rolloutNo) {
      const { rows } = await sql<{ got: boolean }>`
        SELECT pg_try_advisory_xact_lock(${advanceLock}::int, ${rolloutNo}::int) AS got`.execute(trx);
      return rows[0]?.got === true;
    },

    async now() {
      const { rows } = await sql<{ now: Date }>`SELECT clock_timestamp() AS now`.execute(trx);
      const now = rows[0]?.now;
      if (now === undefined) throw new Failure('database-unavailable', 'The database did not tell its time.');
      return now;
    },

    async create(rollout) {
      const row = await trx
        .insertInto('rollout')
        .values({
          kind: rollout.kind,
          subject_no: rollout.subjectNo,
          digest: rollout.digest,
          code_version: rollout.codeVersion,
          started_by: rollout.startedByNo,
        })
        .returning('no')
        .executeTakeFirstOrThrow();
      return row.no;
    },

    async find(kind, subjectNo) {
      const row = await trx
        .selectFrom('rollout')
        .selectAll()
        .where('kind', '=', kind)
        .where('subject_no', '=', subjectNo)
        .executeTakeFirst();
      return row === undefined ? null : toRollout(row);
    },

    async read(rolloutNo) {
      const row = await trx.selectFrom('rollout').selectAll().where('no', '=', rolloutNo).executeTakeFirst();
      return row === undefined ? null : toRollout(row);
    },

    async page(limit, before) {
      const rows = await trx
        .selectFrom('rollout')
        .selectAll()
        .$if(before !== null, (query) => query.where('no', '<', before ?? 0))
        .orderBy('no', 'desc')
        .limit(limit)
        .execute();
      return rows.map(toRollout);
    },

    async unfinished() {
      const rows = await trx
        .selectFrom('rollout')
        .selectAll()
        .where((eb) =>
          eb.or([
            eb.exists(
              eb
                .selectFrom('track')
                .select('track.track')
                .whereRef('track.rollout_no', '=', 'rollout.no')
                .where('track.phase', '<>', 'finished'),
            ),
            eb.exists(
              eb
                .selectFrom('permit')
                .select('permit.track')
                .whereRef('permit.rollout_no', '=', 'rollout.no')
                .where('permit.state', '=', 'open'),
            ),
          ]),
        )
        .orderBy('no')
        .execute();
      return rows.map(toRollout);
    },

    async anyEverStarted() {
      return (await trx.selectFrom('rollout').select('no').limit(1).executeTakeFirst()) !== undefined;
    },

    async addTrack(rolloutNo, track) {
      await trx
        .insertInto('track')
        .values({
          rollout_no: rolloutNo,
          track: track.track,
          phase: track.members === 0 ? 'finished' : 'running',
          members: track.members,
          wave_ends: [...track.waveEnds],
          soak_seconds: [...track.soakSeconds],
        })
        .execute();
    },

    async tracks(rolloutNo) {
      const rows = await trx
        .selectFrom('track')
        .selectAll()
        .where('rollout_no', '=', rolloutNo)
        .orderBy('track')
        .execute();
      return rows.map(toTrack);
    },

    async openWave(rolloutNo, track, openTo) {
      await trx
        .updateTable('track')
        .set((eb) => ({
          waves_opened: eb('waves_opened', '+', 1),
          open_to: openTo,
          wave_opened_at: sql<Date>`clock_timestamp()`,
          wave_settled_at: null,
          reasons: [],
        }))
        .where('rollout_no', '=', rolloutNo)
        .where('track', '=', track)
        .execute();
    },

    async markWaveSettled(rolloutNo, track) {
      await trx
        .updateTable('track')
        .set({ wave_settled_at: sql<Date>`clock_timestamp()` })
        .where('rollout_no', '=', rolloutNo)
        .where('track', '=', track)
        .where('wave_settled_at', 'is', null)
        .execute();
    },

    async setReasons(rolloutNo, track, reasons) {
      await trx
        .updateTable('track')
        .set({ reasons: [...reasons] })
        .where('rollout_no', '=', rolloutNo)
        .where('track', '=', track)
        .execute();
    },

    async setPhase(rolloutNo, track, phase, reasons) {
      await trx
        .updateTable('track')
        .set({ phase, reasons: [...reasons] })
        .where('rollout_no', '=', rolloutNo)
        .where('track', '=', track)
        .execute();
    },

    async haltTracks(rolloutNo, stopped, by, reasons) {
      if (stopped.length === 0) return { halted: [], again: [] };
      await sql`SELECT set_config('lock_timeout', ${`${rowLockMs}ms`}, true)`.execute(trx);
      const again = await trx
        .updateTable('track')
        .set((eb) => ({ epoch: eb('epoch', '+', 1) }))
        .where('rollout_no', '=', rolloutNo)
        .where('track', 'in', [...stopped])
        .where('phase', '=', 'halted')
        .returningAll()
        .execute();
      const halted = await trx
        .updateTable('track')
        .set((eb) => ({
          phase: 'halted' as const,
          epoch: eb('epoch', '+', 1),
          reasons: [...reasons],
          halted_at: sql<Date>`clock_timestamp()`,
          halted_by: by,
        }))
        .where('rollout_no', '=', rolloutNo)
        .where('track', 'in', [...stopped])
        .where('phase', '=', 'running')
        .returningAll()
        .execute();
      await sql`SELECT set_config('lock_timeout', ${`${ledgerLookMs}ms`}, true)`.execute(trx);
      if (halted.length > 0) {
        await sql`
          INSERT INTO halt_period (rollout_no, track, halted_at)
          SELECT rollout_no, track, halted_at FROM track
          WHERE rollout_no = ${rolloutNo} AND track = ANY(${halted.map((track) => track.track)}::text[])`.execute(trx);
      }
      return { halted: halted.map(toTrack), again: again.map(toTrack) };
    },

    async boundLockWaits(timeoutMs) {
      await sql`SELECT set_config('lock_timeout', ${`${timeoutMs}ms`}, true)`.execute(trx);
    },

    async haltQueues(rolloutNo, finished, by) {
      if (finished.length === 0) return [];
      const rows = await trx
        .updateTable('track')
        .set((eb) => ({
          epoch: eb('epoch', '+', 1),
          halted_at: sql<Date>`coalesce(halted_at, clock_timestamp())`,
          halted_by: sql<string>`coalesce(halted_by, ${by})`,
        }))
        .where('rollout_no', '=', rolloutNo)
        .where('track', 'in', [...finished])
        .where('phase', '=', 'finished')
        .returningAll()
        .execute();
      return rows.map(toTrack);
    },

    async resumeQueues(rolloutNo) {
      const rows = await trx
        .updateTable('track')
        .set({ halted_at: null, halted_by: null })
        .where('rollout_no', '=', rolloutNo)
        .where('phase', '=', 'finished')
        .where('halted_at', 'is not', null)
        .returning('track')
        .execute();
      return rows.map((row) => row.track as Track);
    },

    async finishedWithin(seconds) {
      const { rows } = await sql<Selectable<Database['rollout']>>`
        SELECT r.* FROM rollout r WHERE EXISTS (
          SELECT FROM track t WHERE t.rollout_no = r.no AND t.phase = 'finished'
            AND (t.halted_at IS NOT NULL OR coalesce(t.wave_settled_at, r.started_at) > clock_timestamp() - make_interval(secs => ${seconds})))
        ORDER BY r.no DESC LIMIT ${finishedMax}`.execute(trx);
      return rows.map(toRollout);
    },

    async resumeTracks(rolloutNo, resumed) {
      if (resumed.length === 0) return;
      await sql`
        UPDATE halt_period SET resumed_at = greatest(halted_at, clock_timestamp())
        WHERE rollout_no = ${rolloutNo} AND track = ANY(${[...resumed]}::text[]) AND resumed_at IS NULL`.execute(trx);
      await trx
        .updateTable('track')
        .set({
          phase: 'running',
          reasons: [],
          // The soak goes on where the halt broke it off.
          wave_settled_at: sql<Date | null>`wave_settled_at + (clock_timestamp() - halted_at)`,
          halted_at: null,
          halted_by: null,
        })
        .where('rollout_no', '=', rolloutNo)
        .where('track', 'in', [...resumed])
        .where('phase', '=', 'halted')
        .execute();
    },

    async haltPeriods(rolloutNo, track) {
      const { rows } = await sql<HaltPeriod>`
        SELECT halted_at AS "haltedAt", resumed_at AS "resumedAt" FROM halt_period
        WHERE rollout_no = ${rolloutNo} AND track = ${track} ORDER BY halted_at`.execute(trx);
      return rows;
    },

    async acknowledge(rolloutNo, verdicts) {
      for (const verdict of verdicts) {
        await trx
          .updateTable('track')
          .set({ acknowledged: sql<string>`acknowledged || ${JSON.stringify([verdict])}::jsonb` })
          .where('rollout_no', '=', rolloutNo)
          .where('track', '=', verdict.track)
          .execute();
      }
    },

    async beatSensor(name) {
      await sql`
        INSERT INTO sensor (name, seen_at) VALUES (${name}, clock_timestamp())
        ON CONFLICT (name) DO UPDATE SET seen_at = excluded.seen_at`.execute(trx);
    },

    async sensorAgeSeconds(name) {
      const { rows } = await sql<{ age: number }>`
        SELECT extract(epoch FROM clock_timestamp() - seen_at)::float8 AS age FROM sensor WHERE name = ${name}`.execute(
        trx,
      );
      return rows[0]?.age ?? null;
    },

    async beatWorker(worker) {
      const row = await trx
        .insertInto('worker')
        .values({
          id: worker.id,
          host: worker.host,
          pid: worker.pid,
          code_version: worker.codeVersion,
          mail_hold: worker.mailHold,
        })
        .onConflict((oc) =>
          oc.column('id').doUpdateSet({ seen_at: sql<Date>`clock_timestamp()`, mail_hold: worker.mailHold }),
        )
        .returning(
          sql<number>`(SELECT count(*)::int FROM worker w WHERE w.seen_at > clock_timestamp() - make_interval(secs => ${workerAliveSeconds}))`.as(
            'alive',
          ),
        )
        .executeTakeFirstOrThrow();
      // Before the first beat it is not among them.
      return Math.max(1, row.alive);
    },

    async mailHolds() {
      const { rows } = await sql<{ why: string; workers: number }>`
        SELECT mail_hold AS why, count(*)::int AS workers FROM worker
        WHERE mail_hold IS NOT NULL AND seen_at > clock_timestamp() - make_interval(secs => ${workerAliveSeconds})
        GROUP BY mail_hold ORDER BY 2 DESC, 1 LIMIT ${mailHoldsMax}`.execute(trx);
      return rows;
    },
  };
}

async function tryAlone(trx: DatabaseTx, rolloutNo: number, timeoutMs: number): Promise<boolean> {
  await sql`SAVEPOINT alone`.execute(trx);
  try {
    await sql`SELECT set_config('lock_timeout', ${`${timeoutMs}ms`}, true)`.execute(trx);
    await sql`SELECT pg_advisory_xact_lock(${rolloutLock}::int, ${rolloutNo}::int)`.execute(trx);
    await sql`SELECT set_config('lock_timeout', ${`${otherLocksMs}ms`}, true)`.execute(trx);
    return true;
  } catch (error) {
    await sql`ROLLBACK TO SAVEPOINT alone`.execute(trx);
    if ((error as { code?: string }).code === lockNotAvailable) return false;
    throw error;
  }
}

const lockNotAvailable = '55P03';

function toRollout(row: Selectable<Database['rollout']>): RolloutRow {
  return {
    no: row.no,
    kind: row.kind,
    subjectNo: row.subject_no,
    digest: row.digest as Digest,
    codeVersion: row.code_version,
    startedAt: row.started_at,
  };
}

function toTrack(row: Selectable<Database['track']>): StoredTrack {
  return {
    rolloutNo: row.rollout_no,
    track: row.track as Track,
    phase: row.phase,
    reasons: row.reasons,
    epoch: row.epoch,
    members: row.members,
    waveEnds: row.wave_ends,
    soakSeconds: row.soak_seconds,
    wavesOpened: row.waves_opened,
    openTo: row.open_to,
    nextOrdinal: row.next_ordinal,
    waveOpenedAt: row.wave_opened_at,
    waveSettledAt: row.wave_settled_at,
    haltedAt: row.halted_at,
    haltedBy: row.halted_by,
    acknowledged: row.acknowledged as readonly HeldVerdict[],
  };
}
