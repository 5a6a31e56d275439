import { sql } from 'kysely';
import type { RawBuilder, Selectable } from 'kysely';
import type { AppealStore } from '../../app/ports/appeal-store.ts';
import type { Appeal } from '../../domain/appeal/appeal.ts';
import type { AppealTally } from '../../domain/guardrail/judge-appeals.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { accountId, numberOf } from '../../domain/shared/ids.ts';
import type { NoticeNumber } from '../../domain/shared/ids.ts';
import type { DatabaseTx } from './database.ts';
import type { AppealTables } from './tables/appeal.ts';

/** More than the people of a service decide about one plan in a day. */
const mostAtOnce = 1_000;

export function makeAppealStore(trx: DatabaseTx): AppealStore {
  const appeals = () =>
    trx
      .selectFrom('appeal')
      .selectAll('appeal')
      .select(sql<Appeal['about']>`(SELECT p.action FROM plan p WHERE p.no = appeal.plan_no)`.as('about'))
      // What waits for the directory may have been ended by a retraction meanwhile.
      .select(
        sql<Appeal['lifted']>`(SELECT CASE s.state WHEN 'retired' THEN 'suspended-by-service' ELSE 'reinstated' END
          FROM suspension s WHERE appeal.lifted = 'waits' AND s.plan_no = appeal.plan_no AND s.account_id = appeal.account_id
            AND s.state NOT IN ('marked', 'open') LIMIT 1)`.as('ended'),
      );
  return {
    async open(appeal, mostPerNotice) {
      const { before } = await trx
        .selectFrom('appeal')
        .select((eb) => eb.fn.countAll<number>().as('before'))
        .where('notice_number', '=', appeal.noticeNumber)
        .executeTakeFirstOrThrow();
      if (before >= mostPerNotice) return null;
      const row = await trx
        .insertInto('appeal')
        .values({
          notice_number: appeal.noticeNumber,
          rollout_no: appeal.rolloutNo,
          plan_no: numberOf(appeal.plan),
          account_id: appeal.accountId,
          words: appeal.words,
        })
        .onConflict((conflict) => conflict.doNothing())
        .returning('no')
        .executeTakeFirst();
      return row === undefined ? null : `appeal_${row.no}`;
    },

    async read(appeal) {
      const row = await appeals().where('no', '=', numberOf(appeal)).executeTakeFirst();
      return row === undefined ? null : appealOf(row);
    },

    async lock(appeal) {
      const row = await appeals().where('no', '=', numberOf(appeal)).forUpdate().executeTakeFirst();
      return row === undefined ? null : appealOf(row);
    },

    async list(of, limit, after) {
      const from = after === null ? null : numberOf(after);
      let query = appeals().where('decision', of === 'open' ? 'is' : 'is not', null);
      if (from !== null) query = query.where('no', of === 'open' ? '>' : '<', from);
      const rows = await query
        .orderBy('no', of === 'open' ? 'asc' : 'desc')
        .limit(limit)
        .execute();
      return rows.map(appealOf);
    },

    async countOpen() {
      const { open } = await trx
        .selectFrom('appeal')
        .select((eb) => eb.fn.countAll<number>().as('open'))
        .where('decision', 'is', null)
        .executeTakeFirstOrThrow();
      return open;
    },

    async decide(appeal, decision, reason, by) {
      await trx
        .updateTable('appeal')
        .set({ decision, reason, decided_by: numberOf(by), decided_at: sql<Date>`clock_timestamp()` })
        .where('no', '=', numberOf(appeal))
        .execute();
    },

    async noteLifted(appeal, lift) {
      await trx.updateTable('appeal').set({ lifted: lift }).where('no', '=', numberOf(appeal)).execute();
    },

    async accountsOf(asked) {
      if (asked.length > mostAtOnce)
        throw new Failure('internal', `${asked.length} appeals in one call, and at most ${mostAtOnce} are taken.`);
      const rows = await trx
        .selectFrom('appeal')
        .select(['no', 'account_id'])
        .where(sql<boolean>`no = ANY(${asked.map(numberOf)}::bigint[])`)
        .execute();
      return new Map(rows.map((row) => [`appeal_${row.no}` as const, accountId(row.account_id)]));
    },

    async decidedByRule(plan) {
      const { rows } = await sql<AppealTally>`
        WITH decided AS (
          SELECT account_id, bool_or(decision = 'granted') AS granted FROM appeal
          WHERE plan_no = ${numberOf(plan)} AND decision IS NOT NULL GROUP BY account_id)
        SELECT s.name AS source, e.rule, count(DISTINCT d.account_id) FILTER (WHERE d.granted) AS granted,
          count(DISTINCT d.account_id) AS decided
        FROM decided d
        JOIN plan_target t ON t.plan_no = ${numberOf(plan)} AND t.account_id = d.account_id
        JOIN evidence e ON e.evidence_no = ANY (t.evidence_nos)
        JOIN evidence_batch b ON b.batch_no = e.batch_no
        JOIN source s ON s.source_no = b.source_no
        GROUP BY 1, 2 ORDER BY 1, 2`.execute(trx);
      return rows;
    },

    async noteTold(appeal, outcome) {
      await trx.updateTable('appeal').set({ told: outcome }).where('no', '=', numberOf(appeal)).execute();
    },

    async askAnswer(appeal) {
      await trx.updateTable('appeal').set({ told: null }).where('no', '=', numberOf(appeal)).execute();
    },

    async hasUntold(sinceSeconds) {
      const { rows } = await sql`SELECT FROM appeal WHERE ${untold(sinceSeconds)} LIMIT 1`.execute(trx);
      return rows.length > 0;
    },

    async takeUntold(sinceSeconds) {
      const { rows } = await sql<{ readonly no: number }>`
        UPDATE appeal SET told = 'unknown' WHERE no = (
          SELECT no FROM appeal WHERE ${untold(sinceSeconds)} ORDER BY no LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING no`.execute(trx);
      return rows[0] === undefined ? null : `appeal_${rows[0].no}`;
    },

    async ofAccount(account) {
      const rows = await appeals().where('account_id', '=', account).orderBy('no').execute();
      return rows.map(appealOf);
    },

    async eraseWords(account) {
      const done = await trx
        .updateTable('appeal')
        .set({ words: null, reason: null })
        .where('account_id', '=', account)
        .where((eb) => eb.or([eb('words', 'is not', null), eb('reason', 'is not', null)]))
        .executeTakeFirst();
      return Number(done.numUpdatedRows);
    },
  };
}

function untold(sinceSeconds: number): RawBuilder<boolean> {
  return sql`decision = 'granted' AND lifted <> 'waits' AND told IS NULL
    AND decided_at <= clock_timestamp() - make_interval(secs => ${sinceSeconds})`;
}

function appealOf(
  row: Selectable<AppealTables['appeal']> & Pick<Appeal, 'about'> & { readonly ended: Appeal['lifted'] },
): Appeal {
  return {
    id: `appeal_${row.no}`,
    noticeNumber: row.notice_number as NoticeNumber,
    plan: `plan_${row.plan_no}`,
    about: row.about,
    accountId: accountId(row.account_id),
    words: row.words,
    openedAt: row.opened_at,
    decision: row.decision as Appeal['decision'],
    reason: row.reason,
    decidedBy: row.decided_by === null ? null : `operator_${row.decided_by}`,
    decidedAt: row.decided_at,
    told: row.told as Appeal['told'],
    lifted: row.ended ?? (row.lifted as Appeal['lifted']),
  };
}
