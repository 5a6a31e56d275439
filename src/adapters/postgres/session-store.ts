import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { KnownSession, SessionStore } from '../../app/ports/session-store.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { DatabaseTx } from './database.ts';
import { operatorFields, operatorOf } from './operator-store.ts';
import type { PasskeyTables } from './tables/passkey.ts';

/** What a person can look through. */
const maxSessions = 100;
const clock = sql<Date>`clock_timestamp()`;
const columns = ['no', 'operator_no', 'by', 'created_at', 'expires_at', 'last_seen_at', 'ended_at'] as const;

export function makeSessionStore(trx: DatabaseTx): SessionStore {
  return {
    async add({ secretHash, operatorId, passkey, challenge, expiresAt }) {
      const added = await trx
        .insertInto('operator_session')
        .values({
          secret_hash: secretHash,
          operator_no: numberOf(operatorId),
          by: passkey === null ? 'oidc' : 'passkey',
          passkey_no: passkey === null ? null : numberOf(passkey),
          challenge,
          expires_at: expiresAt,
        })
        .onConflict((conflict) => conflict.column('challenge').doNothing())
        .returning('no')
        .executeTakeFirst();
      return added === undefined ? null : `session_${added.no}`;
    },
    async find(secretHash) {
      // One query, as for a token: every call of the console begins with it.
      const row = await trx
        .selectFrom('operator_session as s')
        .innerJoin('operator as o', 'o.no', 's.operator_no')
        .selectAll('o')
        .select(operatorFields('o'))
        .select(['s.no as session_no', 's.operator_no', 's.by', 's.expires_at', 's.last_seen_at', 's.ended_at'])
        .select(['s.created_at as begun_at', sql<Date>`clock_timestamp()::timestamptz(3)`.as('now')])
        .where('s.secret_hash', '=', secretHash)
        .executeTakeFirst();
      if (row === undefined) return null;
      const session = sessionOf({ ...row, no: row.session_no, created_at: row.begun_at });
      return { ...session, operator: operatorOf(row), now: row.now };
    },
    async list(operatorId) {
      const rows = await trx
        .selectFrom('operator_session')
        .select(columns)
        .where('operator_no', '=', numberOf(operatorId))
        .where('ended_at', 'is', null)
        .where('expires_at', '>', clock)
        .orderBy('no', 'desc')
        .limit(maxSessions)
        .execute();
      return rows.map(sessionOf);
    },
    async noteUse(session) {
      const free = trx
        .selectFrom('operator_session')
        .select('no')
        .where('no', '=', numberOf(session))
        .forUpdate()
        .skipLocked();
      await trx.updateTable('operator_session').set({ last_seen_at: clock }).where('no', 'in', free).execute();
    },
    async end(session, operatorId) {
      const { numUpdatedRows } = await trx
        .updateTable('operator_session')
        .set({ ended_at: clock })
        .where('no', '=', numberOf(session))
        .where('operator_no', '=', numberOf(operatorId))
        .where('ended_at', 'is', null)
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    },
    async boundTo({ issuer, subject }) {
      const row = await trx
        .selectFrom('operator_identity')
        .select('operator_no')
        .where('issuer', '=', issuer)
        .where('subject', '=', subject)
        .executeTakeFirst();
      return row === undefined ? null : `operator_${row.operator_no}`;
    },
    async bind({ issuer, subject }, operatorId) {
      const bound = await trx
        .insertInto('operator_identity')
        .values({ issuer, subject, operator_no: numberOf(operatorId) })
        .onConflict((conflict) => conflict.doNothing())
        .returning('operator_no')
        .executeTakeFirst();
      return bound !== undefined;
    },
    async purge(limit) {
      const old = trx
        .selectFrom('operator_session')
        .select('no')
        .where('expires_at', '<', sql<Date>`clock_timestamp() - interval '1 day'`)
        .limit(limit);
      const { numDeletedRows } = await trx
        .deleteFrom('operator_session')
        .where('no', 'in', old)
        .executeTakeFirstOrThrow();
      return Number(numDeletedRows);
    },
  };
}

function sessionOf(row: Pick<Selectable<PasskeyTables['operator_session']>, (typeof columns)[number]>): KnownSession {
  return {
    session: `session_${row.no}`,
    operatorId: `operator_${row.operator_no}`,
    by: row.by,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastSeenAt: row.last_seen_at,
    endedAt: row.ended_at,
  };
}
