import { sql } from 'kysely';
import type { InvitationStore } from '../../app/ports/invitation-store.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { DatabaseTx } from './database.ts';

export function makeInvitationStore(trx: DatabaseTx): InvitationStore {
  return {
    async add({ codeHash, name, email, nonce, invitedBy, expiresAt }) {
      const added = await trx
        .insertInto('operator_invitation')
        .values({
          code_hash: codeHash,
          name,
          email,
          nonce,
          invited_by: numberOf(invitedBy),
          expires_at: expiresAt,
          closed_at: null,
          accepted_by: null,
        })
        .onConflict((conflict) => conflict.column('nonce').doNothing())
        .executeTakeFirst();
      return (added.numInsertedOrUpdatedRows ?? 0n) > 0n;
    },
    async find(codeHash) {
      const row = await trx
        .selectFrom('operator_invitation')
        .selectAll()
        .where('code_hash', '=', codeHash)
        .executeTakeFirst();
      if (row === undefined) return null;
      return {
        no: row.no,
        name: row.name,
        email: row.email,
        invitedBy: `operator_${row.invited_by}`,
        expiresAt: row.expires_at,
        isClosed: row.closed_at !== null,
      };
    },
    async closeAll(accepted) {
      await trx
        .updateTable('operator_invitation')
        .set({ closed_at: sql<Date>`clock_timestamp()` })
        .where('closed_at', 'is', null)
        .execute();
      if (accepted === null) return;
      await trx
        .updateTable('operator_invitation')
        .set({ accepted_by: numberOf(accepted.by) })
        .where('no', '=', accepted.no)
        .execute();
    },
  };
}
