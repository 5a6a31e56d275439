import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { OperatorStore } from '../../app/ports/operator-store.ts';
import type { Operator } from '../../domain/approval/operator.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { DatabaseTx } from './database.ts';
import type { InstallationTables } from './tables/installation.ts';

/** Far more people than operate one service. */
const maxOperators = 1_000;

export function makeOperatorStore(trx: DatabaseTx): OperatorStore {
  return {
    async lock() {
      await sql`SELECT pg_advisory_xact_lock(hashtextextended('operators', 0))`.execute(trx);
    },
    async list() {
      const rows = await trx.selectFrom('operator').selectAll().orderBy('no').limit(maxOperators).execute();
      return rows.map(operatorOf);
    },
    async page(limit, after) {
      const rows = await trx
        .selectFrom('operator')
        .selectAll()
        .where('no', '>', after === null ? 0 : numberOf(after))
        .orderBy('no')
        .limit(Math.min(limit, maxOperators + 1))
        .execute();
      return rows.map(operatorOf);
    },
    async read(operatorId) {
      const row = await trx
        .selectFrom('operator')
        .selectAll()
        .where('no', '=', numberOf(operatorId))
        .executeTakeFirst();
      return row === undefined ? null : operatorOf(row);
    },
    async add({ name, email, publicKey, state, activeFrom, addedBy }) {
      const row = await trx
        .insertInto('operator')
        .values({
          name,
          email,
          public_key: publicKey,
          state,
          active_from: activeFrom,
          added_by: addedBy === null ? null : numberOf(addedBy),
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      return operatorOf(row);
    },
    async setActive(operatorId, activeFrom) {
      await trx
        .updateTable('operator')
        .set({ state: 'active', active_from: activeFrom })
        .where('no', '=', numberOf(operatorId))
        .execute();
    },
    async suspend(operatorId) {
      await trx.updateTable('operator').set({ state: 'suspended' }).where('no', '=', numberOf(operatorId)).execute();
      await trx
        .updateTable('operator_token')
        .set({ revoked_at: sql<Date>`clock_timestamp()` })
        .where('operator_no', '=', numberOf(operatorId))
        .where('revoked_at', 'is', null)
        .execute();
    },
    async addToken({ hash, operatorId, nonce, expiresAt }) {
      const added = await trx
        .insertInto('operator_token')
        .values({ hash, operator_no: numberOf(operatorId), nonce, expires_at: expiresAt, revoked_at: null })
        .onConflict((conflict) => conflict.column('nonce').doNothing())
        .executeTakeFirst();
      return (added.numInsertedOrUpdatedRows ?? 0n) > 0n;
    },
    async findToken(hash) {
      const row = await trx
        .selectFrom('operator_token as t')
        .innerJoin('operator as o', 'o.no', 't.operator_no')
        .selectAll('o')
        .select(['t.expires_at', 't.revoked_at'])
        .where('t.hash', '=', hash)
        .executeTakeFirst();
      if (row === undefined) return null;
      return { operator: operatorOf(row), expiresAt: row.expires_at, isRevoked: row.revoked_at !== null };
    },
  };
}

function operatorOf(row: Selectable<InstallationTables['operator']>): Operator {
  return {
    operatorId: `operator_${row.no}`,
    name: row.name,
    email: row.email,
    publicKey: row.public_key,
    state: row.state,
    activeFrom: row.active_from,
    addedBy: row.added_by === null ? null : `operator_${row.added_by}`,
  };
}
