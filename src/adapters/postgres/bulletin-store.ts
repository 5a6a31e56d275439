import { sql } from 'kysely';
import type { BulletinMailState, BulletinStore } from '../../app/ports/bulletin-store.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { DatabaseTx } from './database.ts';

export function makeBulletinStore(trx: DatabaseTx): BulletinStore {
  return {
    async place() {
      const row = await trx.selectFrom('bulletin_place').select('seq').forUpdate().executeTakeFirst();
      return row?.seq ?? null;
    },
    async setPlace(seq) {
      await sql`
        INSERT INTO bulletin_place (seq) VALUES (${seq})
        ON CONFLICT (only_row) DO UPDATE SET seq = EXCLUDED.seq`.execute(trx);
    },
    async add({ seq, event, at }, to) {
      await sql`
        WITH made AS (
          INSERT INTO bulletin (seq, event, at) VALUES (${seq}, ${event}, ${at}) ON CONFLICT (seq) DO NOTHING RETURNING no)
        INSERT INTO bulletin_mail (bulletin_no, operator_no, state)
        SELECT made.no, given, 'waiting' FROM made, unnest(${to.map(numberOf)}::bigint[]) AS given`.execute(trx);
    },
    async take(limit, seconds) {
      const { rows } = await sql<{ bulletin: number; operator: number; tries: number; seq: number }>`
        WITH due AS (
          SELECT bulletin_no, operator_no FROM bulletin_mail
          WHERE state = 'waiting' AND next_at <= clock_timestamp()
          ORDER BY bulletin_no, operator_no LIMIT ${limit} FOR UPDATE SKIP LOCKED)
        UPDATE bulletin_mail m
        SET state = 'sending', tries = m.tries + 1, next_at = clock_timestamp() + make_interval(secs => ${seconds})
        FROM due JOIN bulletin b ON b.no = due.bulletin_no
        WHERE m.bulletin_no = due.bulletin_no AND m.operator_no = due.operator_no
        RETURNING m.bulletin_no AS bulletin, m.operator_no AS operator, m.tries, b.seq`.execute(trx);
      return rows.map((row) => ({
        bulletin: row.bulletin,
        seq: row.seq,
        operatorId: `operator_${row.operator}` as const,
        tries: row.tries,
      }));
    },
    async settle({ bulletin, operatorId }, state, note, againSeconds) {
      await sql`
        UPDATE bulletin_mail
        SET state = ${state}, note = ${note}, next_at = clock_timestamp() + make_interval(secs => ${againSeconds})
        WHERE bulletin_no = ${bulletin} AND operator_no = ${numberOf(operatorId)} AND state = 'sending'`.execute(trx);
    },
    async closeLost() {
      const { numAffectedRows } = await sql`
        UPDATE bulletin_mail SET state = 'unknown', note = 'its sender ended while it was being sent'
        WHERE state = 'sending' AND next_at <= clock_timestamp()`.execute(trx);
      return Number(numAffectedRows ?? 0n);
    },
    async giveUpAll(note) {
      const { numAffectedRows } = await sql`
        UPDATE bulletin_mail SET state = 'given-up', note = ${note} WHERE state = 'waiting'`.execute(trx);
      return Number(numAffectedRows ?? 0n);
    },
    async counts(days) {
      const { rows } = await sql<{ state: BulletinMailState; count: number; oldest: number }>`
        SELECT m.state, count(*)::int AS count,
          extract(epoch FROM clock_timestamp() - min(b.at))::float8 AS oldest
        FROM bulletin_mail m JOIN bulletin b ON b.no = m.bulletin_no
        WHERE b.at > clock_timestamp() - make_interval(days => ${days})
        GROUP BY m.state`.execute(trx);
      return {
        byState: Object.fromEntries(rows.map((row) => [row.state, row.count])),
        oldestWaitingSeconds: rows.find((row) => row.state === 'waiting')?.oldest ?? null,
      };
    },
    async forget(days, limit) {
      await sql`
        DELETE FROM bulletin WHERE no IN (
          SELECT no FROM bulletin WHERE at < clock_timestamp() - make_interval(days => ${days})
          ORDER BY no LIMIT ${limit})`.execute(trx);
    },
  };
}
