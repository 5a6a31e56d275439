import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { KnownToken, OperatorStore } from '../../app/ports/operator-store.ts';
import type { Operator } from '../../domain/approval/operator.ts';
import { parseScope } from '../../domain/approval/token-scope.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { DatabaseTx } from './database.ts';
import type { InstallationTables } from './tables/installation.ts';

/** Far more people than operate one service. */
const maxOperators = 1_000;
/** What a person can look through; each lives for 30 days at most. */
const maxTokens = 1_000;

const tokenColumns = ['no', 'operator_no', 'scope', 'created_at', 'expires_at', 'revoked_at', 'last_used_at'] as const;

/** With the public keys of every passkey that the account ever had: they say who is one person. */
export function operatorFields(alias: 'o' | 'operator') {
  return [
    sql<readonly string[]>`ARRAY(SELECT p.public_key FROM passkey p
      WHERE p.operator_no = ${sql.ref(`${alias}.no`)} ORDER BY p.no)`.as('passkeys'),
  ] as const;
}

export function makeOperatorStore(trx: DatabaseTx): OperatorStore {
  return {
    async lock() {
      await sql`SELECT pg_advisory_xact_lock(hashtextextended('operators', 0))`.execute(trx);
    },
    async list() {
      const rows = await trx
        .selectFrom('operator')
        .selectAll()
        .select(operatorFields('operator'))
        .orderBy('no')
        .limit(maxOperators)
        .execute();
      return rows.map(operatorOf);
    },
    async page(limit, after) {
      const rows = await trx
        .selectFrom('operator')
        .selectAll()
        .select(operatorFields('operator'))
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
        .select(operatorFields('operator'))
        .where('no', '=', numberOf(operatorId))
        .executeTakeFirst();
      return row === undefined ? null : operatorOf(row);
    },
    async readSome(operatorIds) {
      const rows = await trx
        .selectFrom('operator')
        .selectAll()
        .select(operatorFields('operator'))
        .where(sql<boolean>`no = ANY(${operatorIds.map(numberOf)}::bigint[])`)
        .execute();
      return new Map(rows.map((row) => [`operator_${row.no}` as const, operatorOf(row)]));
    },
    async add({ name, email, publicKey, role, state, activeFrom, addedBy }) {
      const row = await trx
        .insertInto('operator')
        .values({
          name,
          email,
          public_key: publicKey,
          role,
          state,
          active_from: activeFrom,
          added_by: addedBy === null ? null : numberOf(addedBy),
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      return operatorOf({ ...row, passkeys: [] });
    },
    async setActive(operatorId, activeFrom) {
      await trx
        .updateTable('operator')
        .set({ state: 'active', active_from: activeFrom })
        .where('no', '=', numberOf(operatorId))
        .execute();
    },
    async setRole(operatorId, role) {
      await trx
        .updateTable('operator')
        .set({ role, next_role: null, next_role_from: null, role_decided_at: sql<Date>`clock_timestamp()` })
        .where('no', '=', numberOf(operatorId))
        .execute();
    },
    async setNextRole(operatorId, next) {
      await trx
        .updateTable('operator')
        .set({
          next_role: next?.role ?? null,
          next_role_from: next?.from ?? null,
          role_decided_at: sql<Date>`clock_timestamp()`,
        })
        .where('no', '=', numberOf(operatorId))
        .execute();
    },
    async roleDecidedAt(operatorId) {
      const row = await trx
        .selectFrom('operator')
        .select('role_decided_at')
        .where('no', '=', numberOf(operatorId))
        .executeTakeFirst();
      return row?.role_decided_at ?? null;
    },
    async nextRole(operatorId) {
      const row = await trx
        .selectFrom('operator')
        .select(['next_role', 'next_role_from'])
        .where('no', '=', numberOf(operatorId))
        .executeTakeFirst();
      const { next_role: role = null, next_role_from: from = null } = row ?? {};
      return role === null || from === null ? null : { role, from };
    },
    async dueRoles() {
      const rows = await trx
        .selectFrom('operator')
        .select(['no', 'role', 'next_role'])
        .where('state', '=', 'active')
        .where('next_role_from', '<=', sql<Date>`clock_timestamp()`)
        .limit(maxOperators)
        .execute();
      return rows.flatMap(({ no, role, next_role: next }) =>
        next === null ? [] : [{ operatorId: `operator_${no}` as const, role, next }],
      );
    },
    async suspend(operatorId) {
      await trx.updateTable('operator').set({ state: 'suspended' }).where('no', '=', numberOf(operatorId)).execute();
      await trx
        .updateTable('operator_token')
        .set({ revoked_at: sql<Date>`clock_timestamp()` })
        .where('operator_no', '=', numberOf(operatorId))
        .where('revoked_at', 'is', null)
        .execute();
      await trx
        .updateTable('operator_session')
        .set({ ended_at: sql<Date>`clock_timestamp()` })
        .where('operator_no', '=', numberOf(operatorId))
        .where('ended_at', 'is', null)
        .execute();
      await trx.deleteFrom('operator_link').where('operator_no', '=', numberOf(operatorId)).execute();
    },
    async addToken({ hash, operatorId, scope, nonce, expiresAt }) {
      const added = await trx
        .insertInto('operator_token')
        .values({ hash, operator_no: numberOf(operatorId), scope, nonce, expires_at: expiresAt })
        .onConflict((conflict) => conflict.column('nonce').doNothing())
        .returning('no')
        .executeTakeFirst();
      return added === undefined ? null : `token_${added.no}`;
    },
    async findToken(hash) {
      // One query: every call of the API begins with it, and under a flood each round trip waits its turn.
      const row = await trx
        .selectFrom('operator_token as t')
        .innerJoin('operator as o', 'o.no', 't.operator_no')
        .selectAll('o')
        .select(operatorFields('o'))
        .select(['t.no as token_no', 't.operator_no', 't.scope', 't.expires_at', 't.revoked_at', 't.last_used_at'])
        .select(['t.created_at as token_created_at', sql<Date>`clock_timestamp()::timestamptz(3)`.as('now')])
        .where('t.hash', '=', hash)
        .executeTakeFirst();
      if (row === undefined) return null;
      const token = tokenOf({ ...row, no: row.token_no, created_at: row.token_created_at });
      return { ...token, operator: operatorOf(row), now: row.now };
    },
    async readToken(token) {
      const row = await trx
        .selectFrom('operator_token')
        .select(tokenColumns)
        .where('no', '=', numberOf(token))
        .executeTakeFirst();
      return row === undefined ? null : tokenOf(row);
    },
    async listTokens(operatorId) {
      const usable = trx
        .selectFrom('operator_token')
        .select(tokenColumns)
        .where('revoked_at', 'is', null)
        .where('expires_at', '>', sql<Date>`clock_timestamp()`);
      const wanted = operatorId === null ? usable : usable.where('operator_no', '=', numberOf(operatorId));
      const rows = await wanted.orderBy('no', 'desc').limit(maxTokens).execute();
      return rows.map(tokenOf);
    },
    async revokeToken(token) {
      const { numUpdatedRows } = await trx
        .updateTable('operator_token')
        .set({ revoked_at: sql<Date>`clock_timestamp()` })
        .where('no', '=', numberOf(token))
        .where('revoked_at', 'is', null)
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    },
    async noteTokenUse(token) {
      const free = trx
        .selectFrom('operator_token')
        .select('no')
        .where('no', '=', numberOf(token))
        .forUpdate()
        .skipLocked();
      await trx
        .updateTable('operator_token')
        .set({ last_used_at: sql<Date>`date_trunc('hour', clock_timestamp())` })
        .where('no', 'in', free)
        .execute();
    },
  };
}

function tokenOf(
  row: Pick<Selectable<InstallationTables['operator_token']>, (typeof tokenColumns)[number]>,
): KnownToken {
  return {
    token: `token_${row.no}`,
    operatorId: `operator_${row.operator_no}`,
    scope: parseScope(row.scope) ?? [],
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    lastUsedAt: row.last_used_at,
  };
}

export function operatorOf(
  row: Selectable<InstallationTables['operator']> & { readonly passkeys: readonly string[] },
): Operator {
  return {
    operatorId: `operator_${row.no}`,
    name: row.name,
    email: row.email,
    publicKey: row.public_key,
    passkeys: row.passkeys,
    role: row.role,
    state: row.state,
    activeFrom: row.active_from,
    addedBy: row.added_by === null ? null : `operator_${row.added_by}`,
  };
}
