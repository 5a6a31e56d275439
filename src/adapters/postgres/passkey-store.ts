import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { Passkey, PasskeyStore } from '../../app/ports/passkey-store.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { DatabaseTx } from './database.ts';
import type { PasskeyTables } from './tables/passkey.ts';

/** Ten for each of a hundred people. */
const maxPasskeys = 1_000;
const clock = sql<Date>`clock_timestamp()`;

export function makePasskeyStore(trx: DatabaseTx): PasskeyStore {
  return {
    async add(passkey) {
      const added = await trx
        .insertInto('passkey')
        .values({
          operator_no: numberOf(passkey.operatorId),
          name: passkey.name,
          credential_id: passkey.credentialId,
          public_key: passkey.publicKey,
          cose_key: passkey.coseKey,
          rp_id: passkey.rpId,
          transports: passkey.transports.join(' '),
          aaguid: passkey.aaguid,
          is_backup_eligible: passkey.isBackupEligible,
          is_backed_up: passkey.isBackedUp,
          sign_count: passkey.signCount,
          challenge: passkey.challenge,
        })
        .onConflict((conflict) => conflict.doNothing())
        .returning('no')
        .executeTakeFirst();
      return added === undefined ? null : `passkey_${added.no}`;
    },
    async find(credentialId) {
      const row = await trx
        .selectFrom('passkey')
        .selectAll()
        .where('credential_id', '=', credentialId)
        .executeTakeFirst();
      return row === undefined ? null : passkeyOf(row);
    },
    async list(operatorId) {
      const all = trx.selectFrom('passkey').selectAll();
      const wanted = operatorId === null ? all : all.where('operator_no', '=', numberOf(operatorId));
      return (await wanted.orderBy('no').limit(maxPasskeys).execute()).map(passkeyOf);
    },
    async noteUse(passkey, { signCount, isBackedUp }) {
      const { numUpdatedRows } = await trx
        .updateTable('passkey')
        .set({
          sign_count: signCount,
          is_backed_up: isBackedUp,
          last_used_at: sql<Date>`date_trunc('hour', clock_timestamp())`,
        })
        .where('no', '=', numberOf(passkey))
        // Many authenticators count nothing and say 0 for ever.
        .where(sql<boolean>`(sign_count < ${signCount}::bigint OR (sign_count = 0 AND ${signCount}::bigint = 0))`)
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    },
    async revoke(passkey) {
      const { numUpdatedRows } = await trx
        .updateTable('passkey')
        .set({ revoked_at: clock })
        .where('no', '=', numberOf(passkey))
        .where('revoked_at', 'is', null)
        .executeTakeFirstOrThrow();
      await trx
        .updateTable('operator_session')
        .set({ ended_at: clock })
        .where('passkey_no', '=', numberOf(passkey))
        .where('ended_at', 'is', null)
        .execute();
      return numUpdatedRows > 0n;
    },
    async addLink({ codeHash, operatorId, nonce, expiresAt }) {
      const operatorNo = numberOf(operatorId);
      // Used ones stay for as long as their request could be sent again.
      await trx
        .deleteFrom('operator_link')
        .where('operator_no', '=', operatorNo)
        .where('expires_at', '<', clock)
        .execute();
      await trx
        .updateTable('operator_link')
        .set({ used_at: clock })
        .where('operator_no', '=', operatorNo)
        .where('used_at', 'is', null)
        .execute();
      const added = await trx
        .insertInto('operator_link')
        .values({ code_hash: codeHash, operator_no: operatorNo, nonce, expires_at: expiresAt })
        .onConflict((conflict) => conflict.doNothing())
        .returning('code_hash')
        .executeTakeFirst();
      return added !== undefined;
    },
    async findLink(codeHash) {
      const row = await trx
        .selectFrom('operator_link')
        .select('operator_no')
        .where('code_hash', '=', codeHash)
        .where('used_at', 'is', null)
        .where('expires_at', '>', clock)
        .executeTakeFirst();
      return row === undefined ? null : `operator_${row.operator_no}`;
    },
    async useLink(codeHash) {
      const { numUpdatedRows } = await trx
        .updateTable('operator_link')
        .set({ used_at: clock })
        .where('code_hash', '=', codeHash)
        .where('used_at', 'is', null)
        .where('expires_at', '>', clock)
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    },
  };
}

function passkeyOf(row: Selectable<PasskeyTables['passkey']>): Passkey {
  return {
    passkeyId: `passkey_${row.no}`,
    operatorId: `operator_${row.operator_no}`,
    name: row.name,
    credentialId: row.credential_id,
    publicKey: row.public_key,
    coseKey: row.cose_key,
    rpId: row.rp_id,
    transports: row.transports.split(' ').filter((word) => word !== ''),
    aaguid: row.aaguid,
    isBackupEligible: row.is_backup_eligible,
    isBackedUp: row.is_backed_up,
    signCount: row.sign_count,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    revokedAt: row.revoked_at,
  };
}
