import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { ApprovalStore, StoredAssertion } from '../../app/ports/approval-store.ts';
import type { Decision } from '../../domain/approval/approval-statement.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { DatabaseTx } from './database.ts';
import type { ApprovalTables } from './tables/approval.ts';

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
    async add({ subject, operatorId, digest, decision, statement, signature, assertion, nonce, givenAt, expiresAt }) {
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
          passkey_no: assertion === null ? null : numberOf(assertion.passkey.passkeyId),
          client_data: assertion?.clientDataJson ?? null,
          authenticator_data: assertion?.authenticatorData ?? null,
        })
        .execute();
    },
    async list(subject) {
      const rows = await trx
        .selectFrom('approval as a')
        .leftJoin('passkey as p', 'p.no', 'a.passkey_no')
        .selectAll('a')
        .select(['p.operator_no as passkey_of', 'p.credential_id', 'p.public_key', 'p.rp_id', 'p.revoked_at'])
        .where('a.subject', '=', subject)
        .orderBy('a.no')
        .limit(maxApprovals)
        .execute();
      return rows.map((row) => ({
        operatorId: `operator_${row.operator_no}` as const,
        digest: row.digest,
        // Believed only after the signed statement was found to say the same.
        decision: row.decision as Decision,
        statement: row.statement,
        signature: row.signature,
        assertion: assertionOf(row),
        givenAt: row.given_at,
        expiresAt: row.expires_at,
      }));
    },
  };
}

function assertionOf(
  row: Pick<Selectable<ApprovalTables['approval']>, 'passkey_no' | 'client_data' | 'authenticator_data'> & {
    readonly passkey_of: number | null;
    readonly credential_id: string | null;
    readonly public_key: string | null;
    readonly rp_id: string | null;
    readonly revoked_at: Date | null;
  },
): StoredAssertion | null {
  if (row.passkey_no === null) return null;
  return {
    passkey: {
      passkeyId: `passkey_${row.passkey_no}`,
      operatorId: `operator_${row.passkey_of ?? 0}`,
      // What is missing verifies nothing.
      credentialId: row.credential_id ?? '',
      publicKey: row.public_key ?? '',
      rpId: row.rp_id ?? '',
      revokedAt: row.revoked_at,
    },
    clientDataJson: row.client_data ?? '',
    authenticatorData: row.authenticator_data ?? '',
  };
}
