import { sql } from 'kysely';
import type { RawBuilder, Selectable } from 'kysely';
import type {
  HourAsker,
  HoursOfRanges,
  LentElsewhere,
  PermitRow,
  RangeToTake,
  ReadRange,
  RolloutStore,
} from '../../../app/ports/rollout-store.ts';
import { wallDoubtMs } from '../../../domain/rate/rate-limit.ts';
import type { Permit } from '../../../domain/rollout/permit.ts';
import type { Track } from '../../../domain/shared/track.ts';
import type { Database, DatabaseTx } from '../database.ts';

type PermitQueries = Pick<
  RolloutStore,
  | 'takePermit'
  | 'tellRangeFacts'
  | 'settlePermit'
  | 'triesOf'
  | 'expiredPermits'
  | 'permits'
  | 'permitAt'
  | 'deferralsOf'
  | 'lockHour'
  | 'lentWithin'
  | 'lentForHour'
  | 'noteLent'
  | 'notesOf'
>;
/** First key of an advisory lock; the second is the rollout's number. */
const hourLock = 0x616c6c65;

/** Rows that count no more are kept a day, for people to look at. */
const lentKeptMs = 86_400_000;

/**
 * On the boot that lent it the clock of that boot alone proves anything: the database and its worker may be on one machine, and
 * their clocks on the wall jump together. A row of the version before has no machine, and the database's clock alone.
 */
function isProvedOld({ bootId, askedAtMs, wallMs }: HourAsker, ms: number): RawBuilder<boolean> {
  return sql<boolean>`(CASE WHEN boot = ${bootId} THEN ${askedAtMs}::float8 - boot_ms >= ${ms}::float8
    ELSE least(extract(epoch FROM clock_timestamp() - taken_at) * 1000, ${wallMs}::float8 - wall_ms) >= ${ms + wallDoubtMs}::float8 END)`;
}

type Take = Parameters<RolloutStore['takePermit']>[0];

export function makePermitQueries(trx: DatabaseTx): PermitQueries {
  return {
    async takePermit(take) {
      return take.hours === undefined ? takeAnyHour(trx, take) : takeInHours(trx, take, take.hours);
    },

    async lockHour(rolloutNo) {
      await sql`SELECT pg_advisory_xact_lock(${hourLock}::int, ${rolloutNo}::int)`.execute(trx);
    },
    async lentWithin(rolloutNo, seconds) {
      const { rows } = await sql<{ people: number }>`
        SELECT coalesce(sum(people), 0)::int AS people FROM told_hour
        WHERE rollout_no = ${rolloutNo} AND taken_at > clock_timestamp() - make_interval(secs => ${seconds})`.execute(
        trx,
      );
      return rows[0]?.people ?? 0;
    },
    async lentForHour(rolloutNo, asker, countsForMs) {
      const { rows } = await sql<{ here: number; elsewhere: readonly LentElsewhere[] }>`
        SELECT coalesce(sum(people) FILTER (WHERE boot = ${asker.bootId}), 0)::int AS here,
          coalesce(jsonb_agg(jsonb_build_object('no', no, 'people', people)) FILTER (WHERE boot IS DISTINCT FROM ${asker.bootId}), '[]')
            AS elsewhere
        FROM told_hour WHERE rollout_no = ${rolloutNo} AND NOT ${isProvedOld(asker, countsForMs)}`.execute(trx);
      return rows[0] ?? { here: 0, elsewhere: [] };
    },
    async noteLent(rolloutNo, people, asker) {
      const { bootId: boot, askedAtMs: boot_ms, wallMs: wall_ms } = asker;
      await trx.insertInto('told_hour').values({ rollout_no: rolloutNo, people, boot, boot_ms, wall_ms }).execute();
      await sql`DELETE FROM told_hour WHERE rollout_no = ${rolloutNo} AND ${isProvedOld(asker, lentKeptMs)}`.execute(
        trx,
      );
    },

    async tellRangeFacts(rolloutNo, from, size) {
      // A restore point that was closed says that the account is contained no more.
      const { rows } = await sql<{ timeZone: string | null; oldestContainedAt: Date | null }>`
        SELECT (array_agg(t.time_zone ORDER BY t.tell_ordinal))[1] AS "timeZone",
          least(
            min(rp.contained_at) FILTER (WHERE rp.state NOT IN ('restored', 'retired')),
            min(su.suspended_at) FILTER (WHERE su.state IN ('marked', 'open'))) AS "oldestContainedAt"
        FROM plan_target t
        JOIN rollout r ON r.no = ${rolloutNo} AND r.kind = 'plan' AND r.subject_no = t.plan_no
        JOIN plan p ON p.no = t.plan_no
        LEFT JOIN restore_point rp
          ON rp.plan_no = t.plan_no AND rp.directory = p.directory AND rp.account_id = t.account_id
        LEFT JOIN suspension su
          ON su.plan_no = t.plan_no AND su.directory = p.directory AND su.account_id = t.account_id
        WHERE t.tell_ordinal >= ${from} AND t.tell_ordinal < ${from + size}`.execute(trx);
      return rows[0] ?? { timeZone: null, oldestContainedAt: null };
    },

    async triesOf({ rolloutNo, track, fromOrdinal }) {
      const row = await trx
        .selectFrom('permit')
        .select('tries')
        .where('rollout_no', '=', rolloutNo)
        .where('track', '=', track)
        .where('from_ordinal', '=', fromOrdinal)
        .executeTakeFirst();
      return row?.tries ?? 0;
    },

    async settlePermit({ permit, isTry, outcome, state, dueInSeconds, notes }) {
      const done = await trx
        .updateTable('permit')
        .set({
          outcome: Buffer.from(outcome),
          state,
          ...(isTry ? { tries: sql<number>`tries + 1` } : {}),
          due_at: sql<Date>`clock_timestamp() + make_interval(secs => ${dueInSeconds})`,
          settled_at: sql<Date>`clock_timestamp()`,
        })
        .where('rollout_no', '=', permit.rolloutNo)
        .where('track', '=', permit.track)
        .where('from_ordinal', '=', permit.fromOrdinal)
        .where('attempt', '=', permit.attempt)
        .where('state', '=', 'open')
        .executeTakeFirst();
      if (done.numUpdatedRows !== 1n) return false;
      if (notes.length > 0) {
        await trx
          .insertInto('outcome_note')
          .values(
            notes.map((note) => ({
              rollout_no: permit.rolloutNo,
              track: permit.track,
              ordinal: note.ordinal,
              attempt: note.attempt,
              state: note.state,
              note: note.note,
              class: note.class ?? null,
            })),
          )
          .onConflict((oc) => oc.doNothing())
          .execute();
      }
      return true;
    },

    async expiredPermits(graceSeconds, limit) {
      const rows = await trx
        .selectFrom('permit')
        .selectAll()
        .where('state', '=', 'open')
        .where('expires_at', '<', sql<Date>`clock_timestamp() - make_interval(secs => ${graceSeconds})`)
        .orderBy('expires_at')
        .limit(limit)
        .forUpdate()
        .skipLocked()
        .execute();
      return rows.map(toPermitRow);
    },

    async permits(rolloutNo, track) {
      const rows = await trx
        .selectFrom('permit')
        .selectAll()
        .select(saidLater)
        .where('rollout_no', '=', rolloutNo)
        .where('track', '=', track)
        .orderBy('from_ordinal')
        .execute();
      return rows.map(toReadRange);
    },

    async permitAt(rolloutNo, track, ordinal) {
      const row = await trx
        .selectFrom('permit')
        .selectAll()
        .select(saidLater)
        .where('rollout_no', '=', rolloutNo)
        .where('track', '=', track)
        .where('from_ordinal', '<=', ordinal)
        .orderBy('from_ordinal', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row === undefined || ordinal >= row.from_ordinal + row.size ? null : toReadRange(row);
    },

    async deferralsOf({ rolloutNo, track, fromOrdinal, size, attempt }) {
      const { rows } = await sql<{ ordinal: number; deferrals: number }>`
        SELECT ordinal, count(*)::int AS deferrals FROM outcome_note
        WHERE rollout_no = ${rolloutNo} AND track = ${track} AND ordinal >= ${fromOrdinal} AND ordinal < ${fromOrdinal + size}
          AND attempt < ${attempt} AND state = 'deferred'
        GROUP BY ordinal`.execute(trx);
      return new Map(rows.map((row) => [row.ordinal, row.deferrals]));
    },

    async notesOf(rolloutNo, track, ordinal) {
      const rows = await trx
        .selectFrom('outcome_note')
        .select(['ordinal', 'attempt', 'state', 'note', 'at'])
        .where('rollout_no', '=', rolloutNo)
        .where('track', '=', track)
        .where('ordinal', '=', ordinal)
        .orderBy('attempt')
        .execute();
      return rows;
    },
  };
}

/** Ranges that one transaction holds back before it gives up for now: a halt waits for it meanwhile, for half a second. */
const mostHeldAtOnce = 10;

/** `isNew`: beyond the frontier so far, without a row of its own. */
type FoundRange = RangeToTake & { readonly isNew: boolean };

async function takeInHours(trx: DatabaseTx, take: Take, hours: HoursOfRanges): Promise<Permit | null> {
  for (let held = 0; held < mostHeldAtOnce; held += 1) {
    const range = (await findReturned(trx, take)) ?? (await moveFrontier(trx, take, hours));
    if (range === null) return null;
    const until = range.fromOrdinal < hours.fromOrdinal ? null : await hours.holdUntil(range);
    if (until === null) return range.isNew ? insertOpen(trx, take, range) : reopen(trx, take, range);
    await hold(trx, take, range, until);
    await hours.onHeld(range, until);
  }
  return null;
}

async function takeAnyHour(trx: DatabaseTx, take: Take): Promise<Permit | null> {
  const returned = await findReturned(trx, take);
  if (returned !== null) return reopen(trx, take, returned);
  const next = await moveFrontier(trx, take, null);
  return next === null ? null : insertOpen(trx, take, next);
}

/**
 * What was said later of a range's members, each as ordinal * 256 + state. In the statement that reads the range, so that
 * both are of one moment. 5,000 ranges of 500,000 members, 15,000 of them bounced: 100 ms, 62 ms without (November 2026, two busy
 * cores).
 */
const saidLater = sql<readonly number[]>`ARRAY(
  SELECT r.ordinal::bigint * 256 + r.state FROM resolved_outcome r
  WHERE r.rollout_no = permit.rollout_no AND r.track = permit.track
    AND r.ordinal >= permit.from_ordinal AND r.ordinal < permit.from_ordinal + permit.size)`.as('said_later');

function toReadRange(row: Selectable<Database['permit']> & { readonly said_later: readonly number[] }): ReadRange {
  const settled = toPermitRow(row);
  const outcome = Uint8Array.from(settled.outcome);
  for (const said of row.said_later) outcome[Math.floor(said / 256) - settled.fromOrdinal] = said % 256;
  return { ...settled, outcome, settledOutcome: settled.outcome };
}

async function findReturned(trx: DatabaseTx, take: Take): Promise<FoundRange | null> {
  const row = await trx
    .selectFrom('permit')
    .selectAll()
    .where('rollout_no', '=', take.rolloutNo)
    .where('track', '=', take.track)
    .where('state', '=', 'returned')
    .where('due_at', '<=', sql<Date>`clock_timestamp()`)
    .orderBy('from_ordinal')
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  return row === undefined ? null : { ...toPermitRow(row), isNew: false };
}

async function reopen(trx: DatabaseTx, take: Take, range: FoundRange): Promise<Permit> {
  const outcome = range.outcome.map((state) => (take.claimable.includes(state) ? take.claimed : state));
  const taken = await trx
    .updateTable('permit')
    .set({
      state: 'open',
      attempt: range.attempt + 1,
      epoch: take.epoch,
      holder: take.holder,
      host: take.host,
      taken_at: sql<Date>`clock_timestamp()`,
      expires_at: sql<Date>`clock_timestamp() + make_interval(secs => ${take.seconds})`,
      outcome: Buffer.from(outcome),
      settled_at: null,
      held_until: null,
    })
    .where('rollout_no', '=', take.rolloutNo)
    .where('track', '=', take.track)
    .where('from_ordinal', '=', range.fromOrdinal)
    .returningAll()
    .executeTakeFirstOrThrow();
  return toPermitRow(taken);
}

/** One statement moves the track's frontier, so two takers never get the same range. */
async function moveFrontier(trx: DatabaseTx, take: Take, hours: HoursOfRanges | null): Promise<FoundRange | null> {
  const size = hours === null ? take.size : await sizeOfOneZone(trx, take, hours);
  const { rows } = await sql<{ from_ordinal: number; next_ordinal: number }>`
    UPDATE track t SET next_ordinal = least(t.next_ordinal + ${size}, t.open_to)
    FROM (SELECT next_ordinal FROM track WHERE rollout_no = ${take.rolloutNo} AND track = ${take.track} FOR UPDATE) before
    WHERE t.rollout_no = ${take.rolloutNo} AND t.track = ${take.track}
      AND t.phase = 'running' AND t.next_ordinal < t.open_to
    RETURNING before.next_ordinal AS from_ordinal, t.next_ordinal`.execute(trx);
  const range = rows[0];
  if (range === undefined) return null;
  const moved = range.next_ordinal - range.from_ordinal;
  return {
    fromOrdinal: range.from_ordinal,
    size: moved,
    wave: take.wave,
    attempt: 0,
    outcome: new Uint8Array(moved),
    isNew: true,
  };
}

/** How many of the next `size` members live in the zone of the first. Locks the frontier, so that it stays where it was read. */
async function sizeOfOneZone(trx: DatabaseTx, take: Take, hours: HoursOfRanges): Promise<number> {
  const { rows: tracks } = await sql<{ next: number }>`
    SELECT next_ordinal AS next FROM track WHERE rollout_no = ${take.rolloutNo} AND track = ${take.track} FOR UPDATE`.execute(
    trx,
  );
  const next = tracks[0]?.next ?? 0;
  if (next < hours.fromOrdinal) return take.size;
  const { rows } = await sql<{ zone: string }>`
    SELECT coalesce(t.time_zone, ${hours.defaultZone}) AS zone
    FROM plan_target t JOIN rollout r ON r.no = ${take.rolloutNo} AND r.kind = 'plan' AND r.subject_no = t.plan_no
    WHERE t.tell_ordinal >= ${next} AND t.tell_ordinal < ${next + take.size} ORDER BY t.tell_ordinal`.execute(trx);
  const other = rows.findIndex((row) => row.zone !== rows[0]?.zone);
  return other === -1 ? take.size : other;
}

async function insertOpen(trx: DatabaseTx, take: Take, range: FoundRange): Promise<Permit> {
  const taken = await trx
    .insertInto('permit')
    .values({
      rollout_no: take.rolloutNo,
      track: take.track,
      from_ordinal: range.fromOrdinal,
      size: range.size,
      wave: range.wave,
      state: 'open',
      epoch: take.epoch,
      holder: take.holder,
      host: take.host,
      expires_at: sql<Date>`clock_timestamp() + make_interval(secs => ${take.seconds})`,
      outcome: Buffer.alloc(range.size, take.claimed),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return toPermitRow(taken);
}

/** Nobody is claimed and no attempt is counted; the range is due when its people may be told. */
async function hold(trx: DatabaseTx, take: Take, range: FoundRange, until: Date): Promise<void> {
  const waits = { state: 'returned' as const, due_at: until, held_until: until };
  if (!range.isNew) {
    await trx
      .updateTable('permit')
      .set(waits)
      .where('rollout_no', '=', take.rolloutNo)
      .where('track', '=', take.track)
      .where('from_ordinal', '=', range.fromOrdinal)
      .execute();
    return;
  }
  await trx
    .insertInto('permit')
    .values({
      ...waits,
      rollout_no: take.rolloutNo,
      track: take.track,
      from_ordinal: range.fromOrdinal,
      size: range.size,
      wave: range.wave,
      attempt: range.attempt,
      epoch: take.epoch,
      holder: take.holder,
      host: take.host,
      expires_at: sql<Date>`clock_timestamp()`,
      outcome: Buffer.from(range.outcome),
    })
    .execute();
}

export function toPermitRow(row: Selectable<Database['permit']>): PermitRow {
  return {
    rolloutNo: row.rollout_no,
    track: row.track as Track,
    fromOrdinal: row.from_ordinal,
    size: row.size,
    wave: row.wave,
    attempt: row.attempt,
    epoch: row.epoch,
    outcome: Uint8Array.from(row.outcome),
    state: row.state,
    holder: row.holder,
    host: row.host,
    settledAt: row.settled_at,
    heldUntil: row.held_until,
  };
}
