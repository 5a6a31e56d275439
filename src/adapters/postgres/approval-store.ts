import { sql } from 'kysely';
import type { ApprovalStore } from '../../app/ports/approval-store.ts';
import type { Decision } from '../../domain/approval/approval-statement.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { DatabaseTx } from './database.ts';

/** More people than ever decide about one subject; each is read and verified again at every decision. */
const maxApprovals = 1_000;

export function makeApprovalStore(trx: DatabaseTx): ApprovalStore {
  return {
    async now() {
      const { rows } = await sql<{ now: Date }>`SELECT clock_timestamp()::timestamptz(3) AS now`.execute(trx);
      const [row] = rows;
      if (row === undefined) throw new Error('a SELECT without FROM always has one row');
      return row.now;
    },
    async lockSubject(subject) {
      await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`approval ${subject}`}, 0))`.execute(trx);
    },
    async isNonceUsed(nonce) {
      const used = await trx.selectFrom('approval').select('nonce').where('nonce', '=', nonce).executeTakeFirst();
      return used !== undefined;
    },
    async add({ subject, operatorId, digest, decision, statement, signature, nonce, givenAt, expiresAt }) {
      await trx
        .insertInto('approval')
        .values({
          subject,
          digest,
          decision,
          operator_no: numberOf(operatorId),
          statement,
          signature,
          nonce,
          given_at: givenAt,
          expires_at: expiresAt,
        })
        .execute();
    },
    async list(subject) {
      const rows = await trx
        .selectFrom('approval')
        .selectAll()
        .where('subject', '=', subject)
        .orderBy('no')
        .limit(maxApprovals)
        .execute();
      return rows.map((row) => ({
        operatorId: `operator_${row.operator_no}` as const,
        digest: row.digest,
        // Believed only after the signed statement was found to say the same.
        decision: row.decision as Decision,
        statement: row.statement,
        signature: row.signature,
        givenAt: row.given_at,
        expiresAt: row.expires_at,
      }));
    },
  };
}
