import { sql } from 'kysely';
import type { MailQueueStore, NoticeInQueue, QueueHold } from '../../app/ports/mail-queue-store.ts';
import type { Track } from '../../domain/shared/track.ts';
import { isQueueHalted } from '../../domain/rollout/queue-halt.ts';
import type { DatabaseTx } from './database.ts';

/** Hosts that send mail; more than a screen shows. */
const levelsMax = 100;
/** As many mails of ours as a queue is read to. */
const holdsMax = 100_000;

export function makeMailQueueStore(trx: DatabaseTx): MailQueueStore {
  return {
    async note({ host, hostName, cap, commanded, holdReason, readError, commandError }) {
      const how = {
        host_name: hostName,
        cap,
        commanded,
        hold_reason: holdReason,
        read_error: readError,
        command_error: commandError,
        looked_at: sql<Date>`clock_timestamp()`,
      };
      const none = { waiting: 0, deferred: 0, on_hold: 0, others: 0, read_at: null };
      await trx
        .insertInto('mail_queue')
        .values({ host, ...how, ...none })
        .onConflict((oc) => oc.column('host').doUpdateSet(how))
        .execute();
    },

    async noteDepth(host, { waiting, deferred, onHold, others }) {
      await trx
        .updateTable('mail_queue')
        .set({ waiting, deferred, on_hold: onHold, others, read_at: sql<Date>`now()` })
        .where('host', '=', host)
        .execute();
    },

    async levels(withinSeconds) {
      const rows = await trx
        .selectFrom('mail_queue')
        .selectAll()
        .where('looked_at', '>', sql<Date>`clock_timestamp() - make_interval(secs => ${withinSeconds})`)
        .orderBy('host')
        .limit(levelsMax)
        .execute();
      return rows.map((row) => ({
        host: row.host,
        hostName: row.host_name,
        waiting: row.waiting,
        deferred: row.deferred,
        onHold: row.on_hold,
        others: row.others,
        cap: row.cap,
        commanded: row.commanded,
        holdReason: row.hold_reason,
        readError: row.read_error,
        commandError: row.command_error,
        readAt: row.read_at,
      }));
    },

    async haltedAmong(mails) {
      if (mails.length === 0) return [];
      const halted = await sql`SELECT FROM track WHERE halted_at IS NOT NULL LIMIT 1`.execute(trx);
      if (halted.rows.length === 0) return [];
      const { rows } = await sql<{ notice_number: string; rollout_no: number; track: string }>`
        WITH asked AS (SELECT unnest(${mails.map((mail) => mail.noticeNumber)}::text[]) AS notice_number),
        found AS (
          SELECT a.notice_number, r.no AS rollout_no, 'tell' AS track
            FROM asked a JOIN plan_target t ON t.notice_number = a.notice_number AND t.tell_ordinal IS NOT NULL
            JOIN rollout r ON r.kind = 'plan' AND r.subject_no = t.plan_no
          UNION ALL
          SELECT a.notice_number, l.rollout_no, l.track FROM asked a JOIN letter l ON l.notice_number = a.notice_number)
        SELECT f.notice_number, f.rollout_no, f.track FROM found f
          JOIN track k ON k.rollout_no = f.rollout_no AND k.track = f.track AND (k.phase = 'halted' OR k.phase = 'finished' AND k.halted_at IS NOT NULL)`.execute(
        trx,
      );
      const byNumber = new Map(rows.map((row) => [row.notice_number, row]));
      return mails.flatMap((mail: NoticeInQueue) => {
        const row = byNumber.get(mail.noticeNumber);
        return row === undefined ? [] : [{ ...mail, rolloutNo: row.rollout_no, track: row.track as Track }];
      });
    },

    async holds(host) {
      const rows = await trx
        .selectFrom('queue_hold as h')
        .innerJoin('track as k', (join) =>
          join.onRef('k.rollout_no', '=', 'h.rollout_no').onRef('k.track', '=', 'h.track'),
        )
        .select(['h.queue_id', 'h.notice_number', 'h.rollout_no', 'h.track', 'h.seen_at', 'k.phase', 'k.halted_at'])
        .where('h.host', '=', host)
        .limit(holdsMax)
        .execute();
      return rows.map((row): QueueHold => ({
        queueId: row.queue_id,
        noticeNumber: row.notice_number,
        rolloutNo: row.rollout_no,
        track: row.track as Track,
        isSeen: row.seen_at !== null,
        isHalted: row.phase === 'halted' || isQueueHalted({ phase: row.phase, haltedAt: row.halted_at }),
      }));
    },

    async orderHolds(host, mails) {
      if (mails.length === 0) return;
      await sql`
        INSERT INTO queue_hold (host, queue_id, notice_number, rollout_no, track)
        SELECT ${host}, * FROM unnest(${mails.map((mail) => mail.queueId)}::text[],
          ${mails.map((mail) => mail.noticeNumber)}::text[], ${mails.map((mail) => mail.rolloutNo)}::bigint[],
          ${mails.map((mail) => mail.track)}::text[])
        ON CONFLICT (host, queue_id) DO UPDATE SET notice_number = excluded.notice_number,
          rollout_no = excluded.rollout_no, track = excluded.track, ordered_at = clock_timestamp(), seen_at = NULL
          WHERE queue_hold.notice_number <> excluded.notice_number`.execute(trx);
    },

    async noteSeen(host, queueIds) {
      if (queueIds.length === 0) return [];
      const { rows } = await sql<{ queue_id: string }>`
        UPDATE queue_hold SET seen_at = clock_timestamp()
        WHERE host = ${host} AND queue_id = ANY(${queueIds}::text[]) AND seen_at IS NULL RETURNING queue_id`.execute(
        trx,
      );
      return rows.map((row) => row.queue_id);
    },

    async forgetHolds(host, queueIds) {
      if (queueIds.length === 0) return [];
      const { rows } = await sql<{ queue_id: string }>`
        DELETE FROM queue_hold WHERE host = ${host} AND queue_id = ANY(${queueIds}::text[])
        RETURNING queue_id`.execute(trx);
      return rows.map((row) => row.queue_id);
    },

    async countHeld(rolloutNo) {
      const { held } = await trx
        .selectFrom('queue_hold')
        .select((eb) => eb.fn.countAll<number>().as('held'))
        .where('rollout_no', '=', rolloutNo)
        .where('seen_at', 'is not', null)
        .executeTakeFirstOrThrow();
      return held;
    },
  };
}
