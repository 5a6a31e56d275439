import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { PermitRow, RolloutStore } from '../../../app/ports/rollout-store.ts';
import type { Permit } from '../../../domain/rollout/permit.ts';
import type { Track } from '../../../domain/shared/track.ts';
import type { Database, DatabaseTx } from '../database.ts';

type PermitQueries = Pick<
  RolloutStore,
  'takePermit' | 'settlePermit' | 'expiredPermits' | 'permits' | 'permitAt' | 'notesOf'
>;
type Take = Parameters<RolloutStore['takePermit']>[0];

export function makePermitQueries(trx: DatabaseTx): PermitQueries {
  return {
    async takePermit(take) {
      return (await takeReturned(trx, take)) ?? (await takeNext(trx, take));
    },

    async settlePermit({ permit, outcome, state, dueInSeconds, notes }) {
      const done = await trx
        .updateTable('permit')
        .set({
          outcome: Buffer.from(outcome),
          state,
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
        .where('rollout_no', '=', rolloutNo)
        .where('track', '=', track)
        .orderBy('from_ordinal')
        .execute();
      return rows.map(toPermitRow);
    },

    async permitAt(rolloutNo, track, ordinal) {
      const row = await trx
        .selectFrom('permit')
        .selectAll()
        .where('rollout_no', '=', rolloutNo)
        .where('track', '=', track)
        .where('from_ordinal', '<=', ordinal)
        .orderBy('from_ordinal', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row === undefined || ordinal >= row.from_ordinal + row.size ? null : toPermitRow(row);
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

async function takeReturned(trx: DatabaseTx, take: Take): Promise<Permit | null> {
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
  if (row === undefined) return null;
  const outcome = Uint8Array.from(row.outcome, (state) => (take.claimable.includes(state) ? take.claimed : state));
  const taken = await trx
    .updateTable('permit')
    .set({
      state: 'open',
      attempt: row.attempt + 1,
      epoch: take.epoch,
      holder: take.holder,
      host: take.host,
      taken_at: sql<Date>`clock_timestamp()`,
      expires_at: sql<Date>`clock_timestamp() + make_interval(secs => ${take.seconds})`,
      outcome: Buffer.from(outcome),
      settled_at: null,
    })
    .where('rollout_no', '=', row.rollout_no)
    .where('track', '=', row.track)
    .where('from_ordinal', '=', row.from_ordinal)
    .returningAll()
    .executeTakeFirstOrThrow();
  return toPermitRow(taken);
}

async function takeNext(trx: DatabaseTx, take: Take): Promise<Permit | null> {
  // One statement moves the track's frontier, so two takers never get the same range.
  const { rows } = await sql<{ from_ordinal: number; next_ordinal: number }>`
    UPDATE track t SET next_ordinal = least(t.next_ordinal + ${take.size}, t.open_to)
    FROM (SELECT next_ordinal FROM track WHERE rollout_no = ${take.rolloutNo} AND track = ${take.track} FOR UPDATE) before
    WHERE t.rollout_no = ${take.rolloutNo} AND t.track = ${take.track}
      AND t.phase = 'running' AND t.next_ordinal < t.open_to
    RETURNING before.next_ordinal AS from_ordinal, t.next_ordinal`.execute(trx);
  const range = rows[0];
  if (range === undefined) return null;
  const size = range.next_ordinal - range.from_ordinal;
  const taken = await trx
    .insertInto('permit')
    .values({
      rollout_no: take.rolloutNo,
      track: take.track,
      from_ordinal: range.from_ordinal,
      size,
      wave: take.wave,
      state: 'open',
      epoch: take.epoch,
      holder: take.holder,
      host: take.host,
      expires_at: sql<Date>`clock_timestamp() + make_interval(secs => ${take.seconds})`,
      outcome: Buffer.alloc(size, take.claimed),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return toPermitRow(taken);
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
  };
}
