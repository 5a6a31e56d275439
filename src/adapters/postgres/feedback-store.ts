import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { FeedbackStore } from '../../app/ports/feedback-store.ts';
import { deliveryByte } from '../../domain/notice/delivery-state.ts';
import type { BounceClass } from '../../domain/notice/bounce-class.ts';
import type { FeedbackKind, FeedbackSource } from '../../domain/notice/feedback.ts';
import type { DatabaseTx } from './database.ts';
import type { FeedbackTables } from './tables/feedback.ts';

/** What the world said of mails after their ranges were settled, inside one transaction. */
/** As outcome vectors hold them: these have no notice, and were not refused one. */
const untold = (['claimed', 'deferred', 'released', 'withheld'] as const).map(deliveryByte);

export function makeFeedbackStore(trx: DatabaseTx): FeedbackStore {
  return {
    async lockMember(rolloutNo, track, ordinal) {
      // Locked first and read in a second statement: one that waited for the lock sees its rows, and no others, anew.
      const { rows } = await sql<{ from_ordinal: number }>`
        SELECT p.from_ordinal FROM permit p
        WHERE p.rollout_no = ${rolloutNo} AND p.track = ${track}
          AND p.from_ordinal <= ${ordinal} AND ${ordinal} < p.from_ordinal + p.size
        FOR UPDATE`.execute(trx);
      const range = rows[0];
      if (range === undefined) return null;
      const read = await sql<{ byte: number }>`
        SELECT resolved_byte(p.rollout_no, p.track, ${ordinal}::int, get_byte(p.outcome, ${ordinal}::int - p.from_ordinal)) AS byte
        FROM permit p
        WHERE p.rollout_no = ${rolloutNo} AND p.track = ${track} AND p.from_ordinal = ${range.from_ordinal}`.execute(
        trx,
      );
      return read.rows[0] ?? null;
    },

    async add(feedback) {
      const done = await trx
        .insertInto('feedback')
        .values({
          notice_number: feedback.noticeNumber,
          kind: feedback.kind,
          rollout_no: feedback.rolloutNo,
          track: feedback.track,
          ordinal: feedback.ordinal,
          class: feedback.class,
          status: feedback.status,
          source: feedback.source,
          provider_id: feedback.providerId,
          event_at: feedback.eventAt,
        })
        .onConflict((oc) => oc.doNothing())
        .executeTakeFirst();
      return (done.numInsertedOrUpdatedRows ?? 0n) > 0n;
    },

    async resolve(rolloutNo, track, ordinal, byte) {
      await trx
        .insertInto('resolved_outcome')
        .values({ rollout_no: rolloutNo, track, ordinal, state: byte })
        .onConflict((oc) => oc.columns(['rollout_no', 'track', 'ordinal']).doUpdateSet({ state: byte }))
        .execute();
    },

    async resolved(rolloutNo) {
      const rows = await trx
        .selectFrom('resolved_outcome')
        .select(['track', 'ordinal', 'state'])
        .where('rollout_no', '=', rolloutNo)
        .orderBy('track')
        .orderBy('ordinal')
        .execute();
      return rows.map((row) => ({ track: row.track, ordinal: row.ordinal, byte: row.state }));
    },

    async arrived(rolloutNo) {
      return trx
        .selectFrom('feedback')
        .select(['track', 'ordinal'])
        .distinct()
        .where('rollout_no', '=', rolloutNo)
        .where('kind', 'in', ['delivered', 'auto-replied'])
        .execute();
    },

    async ofNotice(noticeNumber) {
      const rows = await trx
        .selectFrom('feedback')
        .selectAll()
        .where('notice_number', '=', noticeNumber)
        .orderBy('recorded_at')
        .execute();
      return rows.map((row) => ({
        kind: row.kind as FeedbackKind,
        class: row.class as BounceClass | null,
        status: row.status,
        source: row.source as FeedbackSource,
        providerId: row.provider_id,
        eventAt: row.event_at,
        recordedAt: row.recorded_at,
      }));
    },

    async suppress({ addressKey, reason, status, noticeNumber }) {
      const row = { reason, status, notice_number: noticeNumber };
      const done = await trx
        .insertInto('suppression')
        .values({ address_key: addressKey, ...row })
        .onConflict((oc) =>
          // Removed once and failed again: suppressed anew.
          oc
            .column('address_key')
            .doUpdateSet({ ...row, suppressed_at: sql<Date>`clock_timestamp()`, removed_at: null, removed_by: null })
            .where('suppression.removed_at', 'is not', null),
        )
        .executeTakeFirst();
      return (done.numInsertedOrUpdatedRows ?? 0n) > 0n;
    },

    async suppressedAmong(addressKeys) {
      if (addressKeys.length === 0) return new Set();
      const rows = await trx
        .selectFrom('suppression')
        .select('address_key')
        .where('removed_at', 'is', null)
        .where(sql<boolean>`address_key = ANY(${[...addressKeys]}::text[])`)
        .execute();
      return new Set(rows.map((row) => row.address_key));
    },

    async suppressions(limit, of = null, after = null) {
      const all = trx.selectFrom('suppression').where('removed_at', 'is', null);
      const standing = of === null ? all : all.where('notice_number', '=', of);
      const { total } = await standing.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      const { rows } = await sql<Selectable<FeedbackTables['suppression']> & { readonly us: number }>`
        SELECT *, (extract(epoch FROM suppressed_at) * 1000000)::bigint AS us FROM suppression
        WHERE removed_at IS NULL AND (${of}::text IS NULL OR notice_number = ${of})
          AND (${after?.suppressedAtUs ?? null}::bigint IS NULL OR (
            suppressed_at <= 'epoch'::timestamptz + ${after?.suppressedAtUs ?? null}::bigint * interval '1 microsecond'
            AND (suppressed_at, notice_number) <
              ('epoch'::timestamptz + ${after?.suppressedAtUs ?? null}::bigint * interval '1 microsecond', ${after?.noticeNumber ?? null}::text)))
        ORDER BY suppressed_at DESC, notice_number DESC LIMIT ${limit + 1}`.execute(trx);
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      return {
        total,
        next:
          rows.length > limit && last !== undefined
            ? { suppressedAtUs: last.us, noticeNumber: last.notice_number }
            : null,
        suppressions: page.map((row) => ({
          noticeNumber: row.notice_number,
          reason: row.reason,
          status: row.status,
          suppressedAt: row.suppressed_at,
        })),
      };
    },

    async unsuppress(noticeNumber, by) {
      const done = await trx
        .updateTable('suppression')
        .set({ removed_at: sql<Date>`clock_timestamp()`, removed_by: by })
        .where('notice_number', '=', noticeNumber)
        .where('removed_at', 'is', null)
        .executeTakeFirst();
      return done.numUpdatedRows > 0n;
    },

    async bounceClasses(rolloutNo, track) {
      // A refused mail is out of a later permit's reach, so its last note is the one that says why.
      const { rows } = await sql<{ class: BounceClass; members: number }>`
        SELECT class, count(*) AS members FROM (
          SELECT ordinal, coalesce(class, 'unclear') AS class FROM outcome_note
            WHERE rollout_no = ${rolloutNo} AND track = ${track} AND state = 'refused'
          UNION ALL
          SELECT f.ordinal, f.class FROM feedback f
            JOIN resolved_outcome r ON r.rollout_no = f.rollout_no AND r.track = f.track AND r.ordinal = f.ordinal
            WHERE f.rollout_no = ${rolloutNo} AND f.track = ${track} AND f.kind = 'bounced'
        ) bounce GROUP BY class`.execute(trx);
      return Object.fromEntries(rows.map((row) => [row.class, row.members]));
    },

    async heldByPolicy(rolloutNo, track) {
      // Its notes stay; whoever got the mail after all is not among them any more.
      const { rows } = await sql<{ members: number }>`
        SELECT count(DISTINCT n.ordinal)::int AS members FROM outcome_note n
        CROSS JOIN LATERAL (
          SELECT from_ordinal, size, outcome FROM permit
          WHERE rollout_no = n.rollout_no AND track = n.track AND from_ordinal <= n.ordinal
          ORDER BY from_ordinal DESC LIMIT 1) p
        WHERE n.rollout_no = ${rolloutNo} AND n.track = ${track} AND n.state = 'deferred' AND n.class = 'policy'
          AND n.ordinal < p.from_ordinal + p.size AND get_byte(p.outcome, (n.ordinal - p.from_ordinal)::int) = ANY (${[...untold]})`.execute(
        trx,
      );
      return rows[0]?.members ?? 0;
    },
  };
}
