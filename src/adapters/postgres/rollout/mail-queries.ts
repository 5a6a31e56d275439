import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { MailMember, RolloutStore, StoredDispute } from '../../../app/ports/rollout-store.ts';
import { accountId } from '../../../domain/shared/ids.ts';
import type { NoticeNumber } from '../../../domain/shared/ids.ts';
import type { Track } from '../../../domain/shared/track.ts';
import type { Database, DatabaseTx } from '../database.ts';

type MailQueries = Pick<
  RolloutStore,
  | 'mailMembers'
  | 'addMailSamples'
  | 'mailSamples'
  | 'addLetters'
  | 'findNotice'
  | 'lettersOf'
  | 'addDispute'
  | 'disputes'
  | 'listDisputes'
  | 'disputeOf'
>;

interface ListedDisputeRow {
  readonly notice_number: string;
  readonly track: string;
  readonly account_id: string;
  readonly counted: boolean;
  readonly pressed_at: Date;
  readonly appeal_no: number | null;
  readonly words: string | null;
}

/** Rows of one INSERT of letters; Postgres takes at most 65,535 parameters a statement. */
const letterBatch = 1_000;

export function makeMailQueries(trx: DatabaseTx): MailQueries {
  return {
    async mailMembers(rolloutNo, track, from, size) {
      const { rows } =
        track === 'tell'
          ? await toldMembers(trx, rolloutNo, from, size)
          : await letterMembers(trx, rolloutNo, track, from, size);
      return rows.map(toMember);
    },

    async addMailSamples(rolloutNo, track, samples) {
      // In the order of `samples`, which is the same for everybody: two permits that settle at once do not deadlock.
      await trx
        .insertInto('mail_sample')
        .values(
          samples.map((sample) => ({
            rollout_no: rolloutNo,
            track,
            variant: sample.variant,
            mails: sample.mails,
            smallest_bytes: sample.smallestBytes,
            largest_bytes: sample.largestBytes,
            foreign_mails: sample.foreignMails,
          })),
        )
        .onConflict((oc) =>
          oc.columns(['rollout_no', 'track', 'variant']).doUpdateSet({
            mails: sql<number>`mail_sample.mails + excluded.mails`,
            smallest_bytes: sql<number>`least(mail_sample.smallest_bytes, excluded.smallest_bytes)`,
            largest_bytes: sql<number>`greatest(mail_sample.largest_bytes, excluded.largest_bytes)`,
            foreign_mails: sql<number>`mail_sample.foreign_mails + excluded.foreign_mails`,
          }),
        )
        .execute();
    },

    async mailSamples(rolloutNo, track) {
      const rows = await trx
        .selectFrom('mail_sample')
        .selectAll()
        .where('rollout_no', '=', rolloutNo)
        .where('track', '=', track)
        .orderBy('variant')
        .execute();
      return rows.map((row) => ({
        variant: row.variant,
        mails: row.mails,
        smallestBytes: row.smallest_bytes,
        largestBytes: row.largest_bytes,
        foreignMails: row.foreign_mails,
      }));
    },

    async addLetters(rolloutNo, track, letters) {
      let ordinal = 0;
      for (let start = 0; start < letters.length; start += letterBatch) {
        const rows = letters.slice(start, start + letterBatch).map((letter) => ({
          rollout_no: rolloutNo,
          track,
          ordinal: ordinal++,
          account_id: letter.accountId,
          plan_no: letter.planNo,
          plan_ordinal: letter.planOrdinal,
          template_kind: letter.templateKind,
          conditional: letter.conditional,
          notice_number: letter.noticeNumber,
        }));
        await trx.insertInto('letter').values(rows).execute();
      }
      return ordinal;
    },

    async findNotice(noticeNumber) {
      const { rows } = await sql<{ rollout_no: number; track: string; ordinal: number }>`
        SELECT r.no AS rollout_no, 'tell' AS track, t.tell_ordinal AS ordinal
          FROM plan_target t JOIN rollout r ON r.kind = 'plan' AND r.subject_no = t.plan_no
          WHERE t.notice_number = ${noticeNumber} AND t.tell_ordinal IS NOT NULL
        UNION ALL
        SELECT rollout_no, track, ordinal FROM letter WHERE notice_number = ${noticeNumber}`.execute(trx);
      const row = rows[0];
      return row === undefined ? null : { rolloutNo: row.rollout_no, track: row.track as Track, ordinal: row.ordinal };
    },

    async lettersOf(account) {
      const { rows } = await sql<MemberRow & { rollout_no: number; track: string }>`
        SELECT ${letterColumns}, l.rollout_no, l.track
          FROM letter l JOIN plan_target t ON t.plan_no = l.plan_no AND t.ordinal = l.plan_ordinal
          WHERE l.account_id = ${account} ORDER BY l.rollout_no DESC, l.track`.execute(trx);
      return rows.map((row) => ({ ...toMember(row), rolloutNo: row.rollout_no, track: row.track as Track }));
    },

    async addDispute(dispute) {
      const done = await trx
        .insertInto('dispute')
        .values({
          notice_number: dispute.noticeNumber,
          rollout_no: dispute.rolloutNo,
          track: dispute.track,
          ordinal: dispute.ordinal,
          counted: dispute.counted,
        })
        .onConflict((oc) =>
          // A scanner's press must not swallow the holder's own, later one.
          oc
            .column('notice_number')
            .doUpdateSet({ counted: true, pressed_at: sql<Date>`clock_timestamp()` })
            .where('dispute.counted', '=', false)
            .where('excluded.counted', '=', true),
        )
        .executeTakeFirst();
      return (done.numInsertedOrUpdatedRows ?? 0n) > 0n;
    },

    async disputes(rolloutNo) {
      const rows = await trx
        .selectFrom('dispute')
        .selectAll()
        .where('rollout_no', '=', rolloutNo)
        .orderBy('pressed_at')
        .execute();
      return rows.map(toDispute);
    },

    async listDisputes(rolloutNo, limit, after) {
      const { rows } = await sql<ListedDisputeRow>`
        SELECT d.notice_number, d.track, d.counted, d.pressed_at, a.no AS appeal_no, a.words,
          coalesce(
            (SELECT t.account_id FROM plan_target t WHERE t.notice_number = d.notice_number LIMIT 1),
            (SELECT l.account_id FROM letter l WHERE l.notice_number = d.notice_number)) AS account_id
        FROM dispute d
        LEFT JOIN LATERAL (
          SELECT no, words FROM appeal WHERE appeal.notice_number = d.notice_number ORDER BY no DESC LIMIT 1) a ON true
        WHERE d.rollout_no = ${rolloutNo}
          AND (${after}::text IS NULL OR (d.pressed_at, d.notice_number) <
            (SELECT pressed_at, notice_number FROM dispute WHERE notice_number = ${after}))
        ORDER BY d.pressed_at DESC, d.notice_number DESC LIMIT ${limit}`.execute(trx);
      return rows.map((row) => ({
        noticeNumber: row.notice_number as NoticeNumber,
        track: row.track as Track,
        accountId: accountId(row.account_id),
        counted: row.counted,
        pressedAt: row.pressed_at,
        words: row.words,
        appeal: row.appeal_no === null ? null : (`appeal_${row.appeal_no}` as const),
      }));
    },

    async disputeOf(noticeNumber) {
      const row = await trx
        .selectFrom('dispute')
        .selectAll()
        .where('notice_number', '=', noticeNumber)
        .executeTakeFirst();
      return row === undefined ? null : toDispute(row);
    },
  };
}

interface MemberRow {
  readonly ordinal: number;
  readonly account_id: string;
  readonly plan_no: number;
  readonly plan_ordinal: number;
  readonly address: string | null;
  readonly language: string | null;
  readonly evidence_nos: readonly number[];
  readonly notice_number: string;
  readonly template_kind: string;
  readonly conditional: boolean;
}

const letterColumns = sql`l.ordinal, l.account_id, l.plan_no, l.plan_ordinal, t.address, t.language, t.evidence_nos,
  l.notice_number, l.template_kind, l.conditional`;

function toldMembers(trx: DatabaseTx, rolloutNo: number, from: number, size: number): Promise<{ rows: MemberRow[] }> {
  return sql<MemberRow>`
    SELECT t.tell_ordinal AS ordinal, t.account_id, t.plan_no, t.ordinal AS plan_ordinal, t.address, t.language, t.evidence_nos,
      t.notice_number, 'notice' AS template_kind, false AS conditional
    FROM plan_target t JOIN rollout r ON r.no = ${rolloutNo} AND r.kind = 'plan' AND r.subject_no = t.plan_no
    WHERE t.tell_ordinal >= ${from} AND t.tell_ordinal < ${from + size} ORDER BY t.tell_ordinal`.execute(trx);
}

function letterMembers(
  trx: DatabaseTx,
  rolloutNo: number,
  track: Track,
  from: number,
  size: number,
): Promise<{ rows: MemberRow[] }> {
  return sql<MemberRow>`
    SELECT ${letterColumns} FROM letter l JOIN plan_target t ON t.plan_no = l.plan_no AND t.ordinal = l.plan_ordinal
    WHERE l.rollout_no = ${rolloutNo} AND l.track = ${track} AND l.ordinal >= ${from} AND l.ordinal < ${from + size}
    ORDER BY l.ordinal`.execute(trx);
}

function toDispute(row: Selectable<Database['dispute']>): StoredDispute {
  return {
    noticeNumber: row.notice_number,
    track: row.track as Track,
    ordinal: row.ordinal,
    counted: row.counted,
    pressedAt: row.pressed_at,
  };
}

function toMember(row: MemberRow): MailMember {
  return {
    ordinal: row.ordinal,
    accountId: accountId(row.account_id),
    planNo: row.plan_no,
    planOrdinal: row.plan_ordinal,
    address: row.address,
    language: row.language,
    evidenceNos: row.evidence_nos,
    noticeNumber: row.notice_number,
    templateKind: row.template_kind,
    conditional: row.conditional,
  };
}
