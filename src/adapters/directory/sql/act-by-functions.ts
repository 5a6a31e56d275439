import type pg from 'pg';
import type { QuarantineRequest, RestoreRequest, SwapResult } from '../../../app/ports/directory.ts';
import { accountId } from '../../../domain/shared/ids.ts';
import type { AccountId } from '../../../domain/shared/ids.ts';
import type { FittedMapping } from './fit-mapping.ts';

/** A batch is one statement and so one transaction: a call that the cap refuses leaves nothing of its batch behind. */
export async function quarantineByFunction(
  pool: pg.Pool,
  fitted: FittedMapping,
  requests: readonly QuarantineRequest[],
): Promise<ReadonlyMap<AccountId, SwapResult>> {
  const known = inOrder(fitted, requests);
  const { rows } = await pool.query<{ id: string; result: SwapResult }>(
    `SELECT request.account::text AS id,
       ${fitted.functions}.allclear_quarantine(request.account, request.expected, request.marker) AS result
     FROM unnest($1::${fitted.idType}[], $2::text[], $3::text[]) AS request (account, expected, marker)`,
    [known.map((one) => one.accountId), known.map((one) => one.expectedHash), known.map((one) => one.marker)],
  );
  return answers(requests, rows);
}

/** The database has kept the old hash itself; ours is not sent, so that whoever holds this role can write none. */
export async function restoreByFunction(
  pool: pg.Pool,
  fitted: FittedMapping,
  requests: readonly RestoreRequest[],
): Promise<ReadonlyMap<AccountId, SwapResult>> {
  const known = inOrder(fitted, requests);
  const { rows } = await pool.query<{ id: string; result: SwapResult }>(
    `SELECT request.account::text AS id,
       ${fitted.functions}.allclear_restore(request.account, request.marker) AS result
     FROM unnest($1::${fitted.idType}[], $2::text[]) AS request (account, marker)`,
    [known.map((one) => one.accountId), known.map((one) => one.marker)],
  );
  return answers(requests, rows);
}

export async function endSessionsByFunction(
  pool: pg.Pool,
  fitted: FittedMapping,
  ids: readonly AccountId[],
): Promise<ReadonlyMap<AccountId, number>> {
  const known = inOrder(
    fitted,
    ids.map((id) => ({ accountId: id })),
  );
  const { rows } = await pool.query<{ id: string; ended: number | null }>(
    `SELECT request.account::text AS id, ${fitted.functions}.allclear_end_sessions(request.account) AS ended
     FROM unnest($1::${fitted.idType}[]) AS request (account)`,
    [known.map((one) => one.accountId)],
  );
  return new Map(rows.flatMap((row) => (row.ended === null ? [] : [[accountId(row.id), row.ended] as const])));
}

/** One order for every caller, so that two batches wait for each other's rows and never both. */
function inOrder<T extends { readonly accountId: AccountId }>(
  fitted: FittedMapping,
  items: readonly T[],
): readonly T[] {
  return items
    .filter((item) => fitted.accepts(item.accountId))
    .toSorted((a, b) => (a.accountId < b.accountId ? -1 : a.accountId > b.accountId ? 1 : 0));
}

function answers(
  requests: readonly { readonly accountId: AccountId }[],
  rows: readonly { readonly id: string; readonly result: SwapResult }[],
): ReadonlyMap<AccountId, SwapResult> {
  const results = new Map<AccountId, SwapResult>(requests.map((request) => [request.accountId, 'missing']));
  for (const row of rows) results.set(accountId(row.id), row.result);
  return results;
}
