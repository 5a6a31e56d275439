import type pg from 'pg';
import type { QuarantineRequest, RestoreRequest, SwapResult } from '../../../app/ports/directory.ts';
import type { AccountId } from '../../../domain/shared/ids.ts';

interface Swap {
  readonly accountId: AccountId;
  readonly expected: string;
  readonly wanted: string;
}

export function quarantineCredentials(
  pool: pg.Pool,
  requests: readonly QuarantineRequest[],
): Promise<ReadonlyMap<AccountId, SwapResult>> {
  return swapCredentials(
    pool,
    requests.map((request) => ({
      accountId: request.accountId,
      expected: request.expectedHash,
      wanted: request.marker,
    })),
  );
}

export function restoreCredentials(
  pool: pg.Pool,
  requests: readonly RestoreRequest[],
): Promise<ReadonlyMap<AccountId, SwapResult>> {
  return swapCredentials(
    pool,
    requests.map((request) => ({ accountId: request.accountId, expected: request.marker, wanted: request.hash })),
  );
}

/**
 * Compare-and-set in one statement, all or nothing. Rows are locked in the order of their ids, so that two workers
 * wait for each other and never both; the lock re-checks the password as it is by then. `updatedAt` is left alone: it
 * says when the holder last set a password.
 */
async function swapCredentials(pool: pg.Pool, swaps: readonly Swap[]): Promise<ReadonlyMap<AccountId, SwapResult>> {
  if (swaps.length === 0) return new Map();
  const { rows } = await pool.query<{ id: AccountId }>(
    `WITH held AS (
       SELECT a.id, request.wanted
       FROM unnest($1::text[], $2::text[], $3::text[]) AS request (account_id, expected, wanted)
       JOIN account a ON a."userId" = request.account_id
         AND a."providerId" = 'credential' AND a.password = request.expected
       WHERE NOT EXISTS (
         SELECT FROM account twin WHERE twin."userId" = a."userId" AND twin."providerId" = 'credential'
           AND twin.id <> a.id AND twin.password IS NOT NULL)
       ORDER BY a.id
       FOR UPDATE OF a)
     UPDATE account SET password = held.wanted FROM held WHERE account.id = held.id
     RETURNING account."userId" AS id`,
    [swaps.map((swap) => swap.accountId), swaps.map((swap) => swap.expected), swaps.map((swap) => swap.wanted)],
  );
  const swapped = new Set(rows.map((row) => row.id));
  const results = new Map<AccountId, SwapResult>([...swapped].map((id) => [id, 'swapped']));
  for (const [id, result] of await explainRest(
    pool,
    swaps.filter((swap) => !swapped.has(swap.accountId)),
  )) {
    results.set(id, result);
  }
  return results;
}

/**
 * A second statement, because the first one's snapshot is from before it waited for a lock: there, a twin call that
 * had just won would look like somebody else's change.
 */
async function explainRest(pool: pg.Pool, rest: readonly Swap[]): Promise<ReadonlyMap<AccountId, SwapResult>> {
  if (rest.length === 0) return new Map();
  const { rows } = await pool.query<{ id: AccountId; result: SwapResult }>(
    `SELECT request.account_id AS id,
       CASE WHEN u.id IS NULL THEN 'missing'
         WHEN EXISTS (
           SELECT FROM account a WHERE a."userId" = u.id AND a."providerId" = 'credential'
             AND a.password = request.wanted) THEN 'already'
         ELSE 'changed' END AS result
     FROM unnest($1::text[], $2::text[]) AS request (account_id, wanted)
     LEFT JOIN "user" u ON u.id = request.account_id`,
    [rest.map((swap) => swap.accountId), rest.map((swap) => swap.wanted)],
  );
  return new Map(rows.map((row) => [row.id, row.result]));
}
