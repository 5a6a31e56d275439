import type pg from 'pg';
import { accountId } from '../../../domain/shared/ids.ts';
import type { AccountId } from '../../../domain/shared/ids.ts';

/**
 * better-auth opens a session row with each sign-in, and deletes it at sign-out: the newest one that is left says when its
 * holder last signed in, unless they signed out since. A service that keeps a column `lastSignInAt` is believed where that is
 * later.
 */
export async function readLastSignIns(
  pool: pg.Pool,
  ids: readonly AccountId[],
): Promise<ReadonlyMap<AccountId, Date | null>> {
  const storable = ids.filter((id) => !id.includes('\0') && id.isWellFormed());
  const { rows } = await pool.query<{ id: string; at: Date | null }>(
    `SELECT u.id, greatest((to_jsonb(u) ->> 'lastSignInAt')::timestamptz,
       (SELECT max(s."createdAt") FROM session s WHERE s."userId" = u.id)) AS at
     FROM "user" u WHERE u.id = ANY($1::text[])`,
    [storable],
  );
  return new Map(rows.map((row) => [accountId(row.id), row.at]));
}
