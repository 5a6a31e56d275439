import type pg from 'pg';
import type { SuspensionRequest, SwapResult } from '../../../app/ports/directory.ts';
import { Failure } from '../../../domain/shared/failure.ts';
import { accountId } from '../../../domain/shared/ids.ts';
import type { AccountId } from '../../../domain/shared/ids.ts';
import type { FittedMapping } from './fit-mapping.ts';

/** What each account is suspended by, null where it is not; a missing account is absent. An empty text is no suspension. */
export async function readSuspensions(
  pool: pg.Pool,
  fitted: FittedMapping,
  ids: readonly AccountId[],
): Promise<ReadonlyMap<AccountId, string | null>> {
  const column = suspensionOf(fitted);
  const { rows } = await pool.query<{ id: string; mark: string | null }>(
    `SELECT ${fitted.id}::text AS id, nullif(a.${column}, '') AS mark FROM ${fitted.accounts} a
     WHERE ${fitted.id} = ANY($1::${fitted.idType}[])`,
    [ids.filter(fitted.accepts)],
  );
  return new Map(rows.map((row) => [accountId(row.id), row.mark]));
}

/** A batch is one statement and so one transaction: a call that the cap refuses leaves nothing of its batch behind. */
export async function suspendByFunction(
  pool: pg.Pool,
  fitted: FittedMapping,
  name: 'allclear_suspend' | 'allclear_reinstate',
  requests: readonly SuspensionRequest[],
): Promise<ReadonlyMap<AccountId, SwapResult>> {
  suspensionOf(fitted);
  const known = inOrder(fitted, requests);
  const { rows } = await pool.query<{ id: string; result: SwapResult }>(
    `SELECT request.account::text AS id, ${fitted.functions}.${name}(request.account, request.mark) AS result
     FROM unnest($1::${fitted.idType}[], $2::text[]) AS request (account, mark)`,
    [known.map((one) => one.accountId), known.map((one) => one.mark)],
  );
  return answers(requests, rows);
}

/**
 * Compare-and-set in one statement, all or nothing, in one order for every caller. `suspend` places the mark where nothing
 * stands, `reinstate` takes exactly that mark away.
 */
export async function suspendDirectly(
  pool: pg.Pool,
  fitted: FittedMapping,
  act: 'suspend' | 'reinstate',
  requests: readonly SuspensionRequest[],
): Promise<ReadonlyMap<AccountId, SwapResult>> {
  const column = suspensionOf(fitted);
  const known = inOrder(fitted, requests);
  const given = [known.map((one) => one.accountId), known.map((one) => one.mark)];
  const isFree = `coalesce(a.${column}, '') = ''`;
  const isMarked = `a.${column} = request.mark`;
  const { rows } = await pool.query<{ id: string }>(
    `WITH held AS (
       SELECT ${fitted.id} AS account, request.mark
       FROM unnest($1::${fitted.idType}[], $2::text[]) AS request (account, mark)
       JOIN ${fitted.accounts} a ON ${fitted.id} = request.account AND ${act === 'suspend' ? isFree : isMarked}
       ORDER BY 1 FOR UPDATE OF a)
     UPDATE ${fitted.accounts} a SET ${column} = ${act === 'suspend' ? 'held.mark' : 'NULL'} FROM held
     WHERE ${fitted.id} = held.account RETURNING ${fitted.id}::text AS id`,
    given,
  );
  const swapped = new Set(rows.map((row) => accountId(row.id)));
  // A second statement, because the first one's snapshot is from before it waited for a lock.
  const explained = await pool.query<{ id: string; result: SwapResult }>(
    `SELECT ${fitted.id}::text AS id,
       CASE WHEN ${act === 'suspend' ? isMarked : isFree} THEN 'already' ELSE 'changed' END AS result
     FROM unnest($1::${fitted.idType}[], $2::text[]) AS request (account, mark)
     JOIN ${fitted.accounts} a ON ${fitted.id} = request.account`,
    given,
  );
  return answers(
    requests,
    explained.rows.map((row) => (swapped.has(accountId(row.id)) ? { id: row.id, result: 'swapped' } : row)),
  );
}

function suspensionOf({ suspension }: FittedMapping): string {
  if (suspension !== null) return suspension;
  throw new Failure('usage', 'The mapping names no column that suspends an account. Nothing was done.');
}

function inOrder(fitted: FittedMapping, requests: readonly SuspensionRequest[]): readonly SuspensionRequest[] {
  return requests
    .filter((one) => fitted.accepts(one.accountId))
    .toSorted((a, b) => (a.accountId < b.accountId ? -1 : a.accountId > b.accountId ? 1 : 0));
}

function answers(
  requests: readonly SuspensionRequest[],
  rows: readonly { readonly id: string; readonly result: SwapResult }[],
): ReadonlyMap<AccountId, SwapResult> {
  const results = new Map<AccountId, SwapResult>(requests.map((request) => [request.accountId, 'missing']));
  for (const row of rows) results.set(accountId(row.id), row.result);
  return results;
}
