import { sql } from 'kysely';
import type { HeldLedgerValue, HeldTarget, SubjectStore } from '../../app/ports/subject-store.ts';
import type { DatabaseTx } from './database.ts';
import { eraseChosenAddresses } from './retention-store.ts';

/** What stands in place of a text that was erased: columns that a class of evidence demands stay filled. */
const erased = 'erased';

const hasText = sql`(event_id <> '' AND event_id NOT LIKE ${`${erased}-%`}) OR (reason IS NOT NULL AND reason <> ${erased})`;

export function makeSubjectStore(trx: DatabaseTx): SubjectStore {
  return {
    async targetsOf(account) {
      const { rows } = await sql<Omit<HeldTarget, 'plan'> & { readonly planNo: number }>`
        SELECT t.plan_no AS "planNo", p.created_at AS "frozenAt", t.address, t.language, t.notice_number AS "noticeNumber",
          t.address IS NULL AND t.address_digest IS NOT NULL AS "isAddressErased"
        FROM plan_target t JOIN plan p ON p.no = t.plan_no
        WHERE t.account_id = ${account} AND p.header IS NOT NULL
        ORDER BY t.plan_no DESC`.execute(trx);
      return rows.map(({ planNo, ...rest }): HeldTarget => ({ plan: `plan_${planNo}`, ...rest }));
    },

    async ledgerValuesOf(account, addresses, limit) {
      const { rows } = await sql<HeldLedgerValue>`
        SELECT v.chain, v.seq, e.event, e.at, v.field, v.value
        FROM ledger_personal v JOIN ledger_entry e ON e.chain = v.chain AND e.seq = v.seq
        WHERE v.value IS NOT NULL AND e.event NOT LIKE 'operator.%' AND e.event <> 'subject.erased'
          AND (v.value = ${account}
            OR EXISTS (SELECT 1 FROM unnest(${[...addresses]}::text[]) a WHERE strpos(lower(v.value), lower(a)) > 0))
        ORDER BY e.at, v.chain, v.seq, v.field LIMIT ${limit}`.execute(trx);
      return rows;
    },

    async eraseAddresses(account) {
      const { rows } = await sql<{ planNo: number }>`
        SELECT plan_no AS "planNo" FROM plan_target
        WHERE account_id = ${account} AND address IS NOT NULL ORDER BY plan_no`.execute(trx);
      let count = 0;
      for (const { planNo } of rows) count += await eraseChosenAddresses(trx, planNo, sql`account_id = ${account}`);
      return count;
    },

    async countEvidenceTexts(account) {
      const { rows } = await sql<{ count: number }>`
        SELECT count(*) AS count FROM evidence WHERE account_id = ${account} AND (${hasText})`.execute(trx);
      return rows[0]?.count ?? 0;
    },

    async eraseEvidenceTexts(account) {
      const done = await sql`
        UPDATE evidence SET
          event_id = CASE WHEN event_id = '' THEN '' ELSE ${`${erased}-`}::text || evidence_no END,
          reason = CASE WHEN reason IS NULL THEN NULL ELSE ${erased}::text END
        WHERE account_id = ${account} AND (${hasText})`.execute(trx);
      return Number(done.numAffectedRows ?? 0n);
    },
  };
}
