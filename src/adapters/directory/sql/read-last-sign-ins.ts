import type pg from 'pg';
import { Failure } from '../../../domain/shared/failure.ts';
import { accountId } from '../../../domain/shared/ids.ts';
import type { AccountId } from '../../../domain/shared/ids.ts';
import type { FittedMapping } from './fit-mapping.ts';

export async function readLastSignIns(
  pool: pg.Pool,
  fitted: FittedMapping,
  ids: readonly AccountId[],
): Promise<ReadonlyMap<AccountId, Date | null>> {
  if (fitted.lastSignInAt === null)
    throw new Failure(
      'usage',
      'The mapping names no column with the last sign-in. Add accounts.lastSignInAt where the service keeps one.',
    );
  const { rows } = await pool.query<{ id: string; at: Date | null }>(
    `SELECT ${fitted.id}::text AS id, ${fitted.lastSignInAt} AS at FROM ${fitted.accounts} a
     WHERE ${fitted.id} = ANY($1::${fitted.idType}[])`,
    [ids.filter(fitted.accepts)],
  );
  return new Map(rows.map((row) => [accountId(row.id), row.at]));
}
