import type pg from 'pg';
import { accountId } from '../../../domain/shared/ids.ts';
import type { AccountId } from '../../../domain/shared/ids.ts';

/** Deletes every session row of the accounts. The number ended per account, 0 for none; a missing account is absent. */
export async function endSessions(pool: pg.Pool, ids: readonly AccountId[]): Promise<ReadonlyMap<AccountId, number>> {
  const { rows } = await pool.query<{ id: string; ended: number }>(
    `WITH held AS (
       SELECT s.id FROM session s WHERE s."userId" = ANY($1::text[]) ORDER BY s.id FOR UPDATE),
     ended AS (
       DELETE FROM session USING held WHERE session.id = held.id RETURNING session."userId")
     SELECT u.id, count(ended."userId")::int AS ended
     FROM "user" u LEFT JOIN ended ON ended."userId" = u.id
     WHERE u.id = ANY($1::text[])
     GROUP BY u.id`,
    [ids],
  );
  return new Map(rows.map((row) => [accountId(row.id), row.ended]));
}
