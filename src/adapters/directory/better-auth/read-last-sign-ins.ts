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
    // Grouped first: where a service has no index on the holder of a session, one call reads the table once and not per id.
    // A column that holds no time, but a number of its own kind, is not read: a cast that fails would keep a plan from being drawn up.
    `SELECT u.id, greatest(CASE WHEN noted.at ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}T' THEN noted.at::timestamptz END, newest.at) AS at
     FROM "user" u
     CROSS JOIN LATERAL (SELECT to_jsonb(u) ->> 'lastSignInAt' AS at) noted
     LEFT JOIN (SELECT s."userId", max(s."createdAt") AS at FROM session s
                WHERE s."userId" = ANY($1::text[]) GROUP BY s."userId") newest ON newest."userId" = u.id
     WHERE u.id = ANY($1::text[])`,
    [storable],
  );
  return new Map(rows.map((row) => [accountId(row.id), row.at]));
}
