import { sql } from 'kysely';
import type { StandingStore } from '../../app/ports/standing-store.ts';
import type { PlanId, RetractionId } from '../../domain/shared/ids.ts';
import type { DatabaseTx } from './database.ts';
import { toPermitRow } from './rollout/permit-queries.ts';

/** More halts than any rollout saw: an epoch that a fence closed in the lost part must not close the track for ever. */
const epochsSkipped = 1_000;
/** More plans, rollouts, batches and operators than are made between two backups. */
const numbersSkipped = 10_000;
/** Restore points and pieces of evidence are counted per account. */
const accountNumbersSkipped = 1_000_000_000;
/** Whoever works is heard several times a second. */
const workersAtMost = 10_000;

export function makeStandingStore(trx: DatabaseTx): StandingStore {
  return {
    async behind() {
      const row = await trx.selectFrom('behind').selectAll().executeTakeFirst();
      if (row === undefined) return null;
      return { kind: row.kind, reason: row.reason, foundOn: row.found_on, foundAt: row.found_at };
    },
    async noteBehind({ kind, reason, foundOn }) {
      const noted = await trx
        .insertInto('behind')
        .values({ kind, reason, found_on: foundOn })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      return (noted.numInsertedOrUpdatedRows ?? 0n) > 0n;
    },
    async clearBehind() {
      await trx.deleteFrom('behind').execute();
    },

    async noteHeard(host, entryHash) {
      await trx
        .insertInto('heard_journal')
        .values({ host, entry_hash: entryHash })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    async wasHeard(host, entryHash) {
      const row = await trx
        .selectFrom('heard_journal')
        .select('host')
        .where('host', '=', host)
        .where('entry_hash', '=', entryHash)
        .executeTakeFirst();
      return row !== undefined;
    },

    async noteLostStart(subject) {
      await trx
        .insertInto('lost_start')
        .values({ subject })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    async wasStartLost(subject) {
      const row = await trx
        .selectFrom('lost_start')
        .select('subject')
        .where('subject', '=', subject)
        .executeTakeFirst();
      return row !== undefined;
    },
    async notStarted() {
      const { rows } = await sql<{ subject: PlanId | RetractionId }>`
        SELECT 'plan_' || no AS subject FROM plan p
        WHERE NOT EXISTS (SELECT FROM rollout r WHERE r.kind = 'plan' AND r.subject_no = p.no)
        UNION ALL
        SELECT 'retraction_' || no FROM retraction t
        WHERE NOT EXISTS (SELECT FROM rollout r WHERE r.kind = 'retraction' AND r.subject_no = t.no)`.execute(trx);
      return rows.map((row) => row.subject);
    },

    async workerHosts() {
      const { rows } = await sql<{ host: string }>`
        SELECT DISTINCT split_part(host, ':', 1) AS host
        FROM (SELECT host FROM worker UNION SELECT host FROM permit) known ORDER BY 1 LIMIT ${workersAtMost}`.execute(
        trx,
      );
      return rows.map((row) => row.host);
    },
    async haltBeyondLoss(by, reason) {
      await sql`
        UPDATE track SET epoch = epoch + ${epochsSkipped},
          phase = CASE phase WHEN 'finished' THEN 'finished' ELSE 'halted' END,
          reasons = CASE phase WHEN 'finished' THEN reasons ELSE ARRAY[${reason}] END,
          halted_at = CASE phase WHEN 'running' THEN clock_timestamp() ELSE halted_at END,
          halted_by = CASE phase WHEN 'finished' THEN halted_by ELSE ${by} END`.execute(trx);
    },
    async skipNumbers() {
      const { rows } = await sql<{ sequence: string; tab: string }>`
        SELECT pg_get_serial_sequence(format('%I.%I', n.nspname, c.relname), a.attname) AS sequence, c.relname AS tab
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'allclear' AND a.attidentity <> '' AND NOT a.attisdropped`.execute(trx);
      for (const { sequence, tab } of rows) {
        const skipped = ['restore_point', 'suspension', 'evidence'].includes(tab)
          ? accountNumbersSkipped
          : numbersSkipped;
        await sql`SELECT setval(${sequence}::regclass, nextval(${sequence}::regclass) + ${skipped}::bigint)`.execute(
          trx,
        );
      }
    },

    async claimAgain(permit, attempt, claimable, claimed) {
      const outcome = Uint8Array.from(permit.outcome, (state) => (claimable.includes(state) ? claimed : state));
      const row = await trx
        .updateTable('permit')
        .set({ state: 'open', attempt, outcome: Buffer.from(outcome), settled_at: null })
        .where('rollout_no', '=', permit.rolloutNo)
        .where('track', '=', permit.track)
        .where('from_ordinal', '=', permit.fromOrdinal)
        .returningAll()
        .executeTakeFirstOrThrow();
      return toPermitRow(row);
    },
    async claimBeyond({ rolloutNo, track, from, size, claimed }) {
      const { rows } = await sql<{ wave: number; epoch: number }>`
        UPDATE track t SET
          next_ordinal = greatest(t.next_ordinal, ${from + size}::int),
          waves_opened = greatest(t.waves_opened, w.wave + 1),
          open_to = greatest(t.open_to, t.wave_ends[w.wave + 1]),
          wave_opened_at = coalesce(t.wave_opened_at, clock_timestamp()),
          wave_settled_at = NULL
        FROM (SELECT count(*)::int AS wave FROM track, unnest(wave_ends) AS ends
              WHERE rollout_no = ${rolloutNo} AND track = ${track} AND ends < ${from + size}::int) w
        WHERE t.rollout_no = ${rolloutNo} AND t.track = ${track}
        RETURNING w.wave, t.epoch`.execute(trx);
      const row = await trx
        .insertInto('permit')
        .values({
          rollout_no: rolloutNo,
          track,
          from_ordinal: from,
          size,
          wave: rows[0]?.wave ?? 0,
          state: 'open',
          epoch: rows[0]?.epoch ?? 1,
          holder: 'lost',
          host: 'lost',
          expires_at: sql<Date>`clock_timestamp()`,
          outcome: Buffer.alloc(size, claimed),
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      return toPermitRow(row);
    },
  };
}
