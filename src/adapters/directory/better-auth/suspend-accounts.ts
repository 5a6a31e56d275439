import type pg from 'pg';
import type { SuspensionRequest, SwapResult } from '../../../app/ports/directory.ts';
import { Failure } from '../../../domain/shared/failure.ts';
import { accountId } from '../../../domain/shared/ids.ts';
import type { AccountId } from '../../../domain/shared/ids.ts';

/** What stands for a suspension by the service that gives no reason. */
const noReason = 'banned';

interface SuspensionRow {
  readonly id: string;
  readonly hasColumns: boolean;
  readonly suspendedBy: string | null;
}

/** Whether the columns of the admin plugin are there. Reads the catalogue: `information_schema` hides what our role may not touch. */
export async function hasSuspensionColumns(pool: pg.Pool): Promise<boolean> {
  const { rows } = await pool.query<{ readonly columns: number }>(
    `SELECT count(*)::int AS columns FROM pg_attribute
     WHERE attrelid = to_regclass('"user"') AND attname = ANY($1) AND NOT attisdropped`,
    [['banned', 'banReason', 'banExpires']],
  );
  return rows[0]?.columns === 3;
}

export const noSuspensionColumns =
  'The directory cannot suspend accounts: its table "user" lacks columns of better-auth\'s admin plugin (banned, banReason, banExpires). Add the plugin, let it migrate, and start the server and the workers anew.';

/**
 * better-auth's admin plugin keeps `banned`, `banReason` and `banExpires` in `user`, and refuses every way of signing in while
 * `banned` is true. Our mark stands as the reason. A ban of the service that is over by its own date counts as none: better-auth
 * lifts it at the next sign-in.
 */
export async function readSuspensions(
  pool: pg.Pool,
  ids: readonly AccountId[],
): Promise<ReadonlyMap<AccountId, string | null>> {
  const { rows } = await pool.query<SuspensionRow>(
    `SELECT u.id, extra.row ? 'banned' AND extra.row ? 'banReason' AS "hasColumns",
       CASE WHEN (extra.row ->> 'banned')::boolean
         AND coalesce((extra.row ->> 'banExpires')::timestamptz > clock_timestamp(), true)
         THEN coalesce(nullif(extra.row ->> 'banReason', ''), $2) END AS "suspendedBy"
     FROM "user" u
     CROSS JOIN LATERAL (SELECT to_jsonb(u) AS row) extra
     WHERE u.id = ANY($1::text[])`,
    [ids.filter((id) => !id.includes('\0') && id.isWellFormed()), noReason],
  );
  if (rows.some((row) => !row.hasColumns)) throw new Failure('usage', noSuspensionColumns);
  return new Map(rows.map((row) => [accountId(row.id), row.suspendedBy]));
}

/**
 * Compare-and-set in one statement, all or nothing. Rows are locked in the order of their ids, so that two workers wait for
 * each other and never both. `updatedAt` is left alone: nothing of the holder's changed.
 */
export async function suspendAccounts(
  pool: pg.Pool,
  requests: readonly SuspensionRequest[],
): Promise<ReadonlyMap<AccountId, SwapResult>> {
  return change(
    pool,
    requests,
    `u.banned IS NOT TRUE OR u."banExpires" <= clock_timestamp()`,
    `banned = true, "banReason" = held.mark, "banExpires" = NULL`,
    `u.banned AND u."banReason" = request.mark`,
  );
}

/** Takes our own mark away, byte for byte, and nothing that the service or an operator of it put there. */
export async function reinstateAccounts(
  pool: pg.Pool,
  requests: readonly SuspensionRequest[],
): Promise<ReadonlyMap<AccountId, SwapResult>> {
  return change(
    pool,
    requests,
    `u.banned AND u."banReason" = request.mark`,
    `banned = false, "banReason" = NULL, "banExpires" = NULL`,
    `u.banned IS NOT TRUE`,
  );
}

async function change(
  pool: pg.Pool,
  requests: readonly SuspensionRequest[],
  expected: string,
  wanted: string,
  isThere: string,
): Promise<ReadonlyMap<AccountId, SwapResult>> {
  if (requests.length === 0) return new Map();
  const given = [requests.map((one) => one.accountId), requests.map((one) => one.mark)];
  const { rows } = await pool.query<{ id: string }>(
    `WITH held AS (
       SELECT u.id, request.mark FROM unnest($1::text[], $2::text[]) AS request (account_id, mark)
       JOIN "user" u ON u.id = request.account_id AND (${expected})
       ORDER BY u.id FOR UPDATE OF u)
     UPDATE "user" SET ${wanted} FROM held WHERE "user".id = held.id RETURNING "user".id`,
    given,
  );
  const swapped = new Set(rows.map((row) => accountId(row.id)));
  const results = new Map<AccountId, SwapResult>(
    requests.map((one) => [one.accountId, swapped.has(one.accountId) ? 'swapped' : 'missing']),
  );
  // A second statement, because the first one's snapshot is from before it waited for a lock.
  const rest = requests.filter((one) => !swapped.has(one.accountId));
  if (rest.length === 0) return results;
  const explained = await pool.query<{ id: string; result: SwapResult }>(
    `SELECT u.id, CASE WHEN ${isThere} THEN 'already' ELSE 'changed' END AS result
     FROM unnest($1::text[], $2::text[]) AS request (account_id, mark) JOIN "user" u ON u.id = request.account_id`,
    [rest.map((one) => one.accountId), rest.map((one) => one.mark)],
  );
  for (const row of explained.rows) results.set(accountId(row.id), row.result);
  return results;
}
