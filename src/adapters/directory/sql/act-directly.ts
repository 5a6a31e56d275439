import type pg from 'pg';
import type { SwapResult } from '../../../app/ports/directory.ts';
import { accountId } from '../../../domain/shared/ids.ts';
import type { AccountId } from '../../../domain/shared/ids.ts';
import type { FittedMapping, FittedSessions } from './fit-mapping.ts';

export interface Swap {
  readonly accountId: AccountId;
  readonly expected: string;
  readonly wanted: string;
}

/**
 * Compare-and-set in one statement, all or nothing. Rows are locked in the order of their accounts, so that two workers
 * wait for each other and never both; the lock re-checks the hash as it is by then. An account with two passwords is
 * left alone.
 */
export async function swapDirectly(
  pool: pg.Pool,
  fitted: FittedMapping,
  swaps: readonly Swap[],
): Promise<ReadonlyMap<AccountId, SwapResult>> {
  const known = swaps.filter((swap) => fitted.accepts(swap.accountId));
  const { rows } = await pool.query<{ id: string }>(
    `WITH held AS (
       SELECT c.${fitted.credentialAccount} AS account, request.expected, request.wanted
       FROM unnest($1::${fitted.idType}[], $2::text[], $3::text[]) AS request (account, expected, wanted)
       JOIN ${fitted.credentials} c ON c.${fitted.credentialAccount} = request.account
         AND c.${fitted.hash} = request.expected${fitted.andIsPassword('c')}
       WHERE 1 = (
         SELECT count(*) FROM ${fitted.credentials} twin WHERE twin.${fitted.credentialAccount} = request.account
           AND twin.${fitted.hash} <> ''${fitted.andIsPassword('twin')})
       ORDER BY 1
       FOR UPDATE OF c)
     UPDATE ${fitted.credentials} t SET ${fitted.hash} = held.wanted FROM held
     WHERE t.${fitted.credentialAccount} = held.account AND t.${fitted.hash} = held.expected${fitted.andIsPassword('t')}
     RETURNING t.${fitted.credentialAccount}::text AS id`,
    [known.map((swap) => swap.accountId), known.map((swap) => swap.expected), known.map((swap) => swap.wanted)],
  );
  const swapped = new Set(rows.map((row) => accountId(row.id)));
  const results = new Map<AccountId, SwapResult>(swaps.map((swap) => [swap.accountId, 'missing']));
  for (const id of swapped) results.set(id, 'swapped');
  const rest = known.filter((swap) => !swapped.has(swap.accountId));
  for (const [id, result] of await explainRest(pool, fitted, rest)) results.set(id, result);
  return results;
}

/**
 * A second statement, because the first one's snapshot is from before it waited for a lock: there, a twin call that
 * had just won would look like somebody else's change.
 */
async function explainRest(
  pool: pg.Pool,
  fitted: FittedMapping,
  rest: readonly Swap[],
): Promise<ReadonlyMap<AccountId, SwapResult>> {
  if (rest.length === 0) return new Map();
  const { rows } = await pool.query<{ id: string; result: SwapResult }>(
    `SELECT ${fitted.id}::text AS id,
       CASE WHEN EXISTS (
         SELECT FROM ${fitted.credentials} c WHERE c.${fitted.credentialAccount} = ${fitted.id}
           AND c.${fitted.hash} = request.wanted${fitted.andIsPassword('c')}) THEN 'already' ELSE 'changed' END AS result
     FROM unnest($1::${fitted.idType}[], $2::text[]) AS request (account, wanted)
     JOIN ${fitted.accounts} a ON ${fitted.id} = request.account`,
    [rest.map((swap) => swap.accountId), rest.map((swap) => swap.wanted)],
  );
  return new Map(rows.map((row) => [accountId(row.id), row.result]));
}

/**
 * Deletes every session row of the accounts, or changes the value that their sessions were opened under (then 1 for each).
 * The number ended per account, 0 for none; a missing account is absent.
 */
export async function endSessionsDirectly(
  pool: pg.Pool,
  fitted: FittedMapping,
  sessions: Exclude<FittedSessions, { kind: 'none' }>,
  ids: readonly AccountId[],
): Promise<ReadonlyMap<AccountId, number>> {
  if (sessions.kind === 'column') {
    const { rows } = await pool.query<{ id: string }>(
      `UPDATE ${fitted.accounts} a SET ${sessions.column} = ${sessions.next}
       WHERE ${fitted.id} = ANY($1::${fitted.idType}[]) RETURNING ${fitted.id}::text AS id`,
      [ids.filter(fitted.accepts)],
    );
    return new Map(rows.map((row) => [accountId(row.id), 1]));
  }
  const { rows } = await pool.query<{ id: string; ended: number }>(
    `WITH ended AS (
       DELETE FROM ${sessions.table} s WHERE s.${sessions.account} = ANY($1::${fitted.idType}[])
       RETURNING s.${sessions.account} AS account)
     SELECT ${fitted.id}::text AS id, count(ended.account)::int AS ended
     FROM ${fitted.accounts} a LEFT JOIN ended ON ended.account = ${fitted.id}
     WHERE ${fitted.id} = ANY($1::${fitted.idType}[])
     GROUP BY ${fitted.id}`,
    [ids.filter(fitted.accepts)],
  );
  return new Map(rows.map((row) => [accountId(row.id), row.ended]));
}
