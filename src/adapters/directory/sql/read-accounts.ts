import type pg from 'pg';
import type { Account } from '../../../app/ports/directory.ts';
import { accountId } from '../../../domain/shared/ids.ts';
import type { AccountId } from '../../../domain/shared/ids.ts';
import { readTimeZone } from '../../../domain/shared/time-zone.ts';
import type { FittedMapping } from './fit-mapping.ts';

/** Some hundred kilobytes a page. */
const addressesPerPage = 5_000;
/** Enough for a share that is good to a tenth of a percent; more would read a large table whole. */
const mostZonesCounted = 100_000;

type AccountRow = Omit<Account, 'accountId'> & { readonly id: string };

export async function countAccounts(pool: pg.Pool, fitted: FittedMapping): Promise<number> {
  const { rows } = await pool.query<{ count: string }>(`SELECT count(*) AS count FROM ${fitted.accounts}`);
  return Number(rows[0]?.count ?? 0);
}

/** Pages by id, so that a long listing holds no transaction and no cursor open in the service's database. */
export async function* listAddresses(
  pool: pg.Pool,
  fitted: FittedMapping,
): AsyncIterable<readonly { readonly accountId: AccountId; readonly address: string }[]> {
  let after: string | null = null;
  for (;;) {
    const { rows }: pg.QueryResult<{ id: string; address: string }> = await pool.query(
      `SELECT ${fitted.id}::text AS id, ${fitted.address} AS address FROM ${fitted.accounts} a
       WHERE ${fitted.address} <> '' AND ($1::${fitted.idType} IS NULL OR ${fitted.id} > $1::${fitted.idType})
       ORDER BY ${fitted.id} LIMIT $2`,
      [after, addressesPerPage],
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows.map((row) => ({ accountId: accountId(row.id), address: row.address }));
    after = last.id;
  }
}

export async function readAccounts(
  pool: pg.Pool,
  fitted: FittedMapping,
  ids: readonly AccountId[],
): Promise<ReadonlyMap<AccountId, Account>> {
  const { rows } = await pool.query<AccountRow>(
    `SELECT ${fitted.id}::text AS id, nullif(${fitted.address}, '') AS address,
       ${fitted.addressConfirmed} AS "addressConfirmed", ${fitted.addressChangedAt} AS "addressChangedAt",
       ${fitted.language} AS language, ${fitted.timeZone} AS "timeZone", ${fitted.protectedAs} AS "protectedAs",
       credential."setAt" AS "passwordSetAt", credential.held IS NOT NULL AS "hasPassword"
     FROM ${fitted.accounts} a
     LEFT JOIN LATERAL (
       SELECT true AS held, ${fitted.setAt} AS "setAt" FROM ${fitted.credentials} c
       WHERE c.${fitted.credentialAccount} = ${fitted.id} AND c.${fitted.hash} <> ''${fitted.andIsPassword('c')}
       LIMIT 1) credential ON true
     WHERE ${fitted.id} = ANY($1::${fitted.idType}[])`,
    [ids.filter(fitted.accepts)],
  );
  return new Map(
    rows.map(({ id, timeZone, ...row }) => [
      accountId(id),
      { accountId: accountId(id), ...row, timeZone: timeZone === null ? null : readTimeZone(timeZone) },
    ]),
  );
}

/** Of the first accounts that the database comes to, how many say a zone that is known. */
export async function countTimeZones(
  pool: pg.Pool,
  fitted: FittedMapping,
): Promise<{ readonly accounts: number; readonly known: number }> {
  const { rows } = await pool.query<{ zone: string | null; accounts: string }>(
    `SELECT seen.zone, count(*) AS accounts
     FROM (SELECT ${fitted.timeZone} AS zone FROM ${fitted.accounts} a LIMIT ${mostZonesCounted}) seen GROUP BY 1`,
  );
  let accounts = 0;
  let known = 0;
  for (const row of rows) {
    accounts += Number(row.accounts);
    if (row.zone !== null && readTimeZone(row.zone) !== null) known += Number(row.accounts);
  }
  return { accounts, known };
}

/**
 * Only A-Z are folded, by the collation that knows no other letters: what folds further (the Kelvin sign to k) would
 * meet another person's account. An address that two accounts share is nobody's.
 */
export async function findByAddresses(
  pool: pg.Pool,
  fitted: FittedMapping,
  comparison: 'ascii-lower' | 'exact',
  addresses: readonly string[],
): Promise<ReadonlyMap<string, AccountId>> {
  const fold = comparison === 'exact' ? (text: string) => text : foldAscii;
  const wanted = new Map(addresses.filter(isStorable).map((address) => [address, fold(address)]));
  const compared = comparison === 'exact' ? fitted.address : `lower(${fitted.address} COLLATE "C")`;
  const { rows } = await pool.query<{ id: string; folded: string }>(
    `SELECT min(${fitted.id}::text) AS id, ${compared} AS folded FROM ${fitted.accounts} a
     WHERE ${compared} = ANY($1::text[]) AND ${fitted.address} <> ''
     GROUP BY ${compared} HAVING count(*) = 1`,
    [[...new Set(wanted.values())]],
  );
  const byFolded = new Map(rows.map((row) => [row.folded, accountId(row.id)]));
  const found = new Map<string, AccountId>();
  for (const [address, folded] of wanted) {
    const id = byFolded.get(folded);
    if (id !== undefined) found.set(address, id);
  }
  return found;
}

/** An account with two passwords answers with neither: the service may take either, so neither can be swapped. */
export async function readCredentials(
  pool: pg.Pool,
  fitted: FittedMapping,
  ids: readonly AccountId[],
): Promise<ReadonlyMap<AccountId, string | null>> {
  const { rows } = await pool.query<{ id: string; hash: string | null }>(
    `SELECT ${fitted.id}::text AS id, CASE WHEN count(c.${fitted.hash}) = 1 THEN max(c.${fitted.hash}::text) END AS hash
     FROM ${fitted.accounts} a
     LEFT JOIN ${fitted.credentials} c ON c.${fitted.credentialAccount} = ${fitted.id}
       AND c.${fitted.hash} <> ''${fitted.andIsPassword('c')}
     WHERE ${fitted.id} = ANY($1::${fitted.idType}[])
     GROUP BY ${fitted.id}`,
    [ids.filter(fitted.accepts)],
  );
  return new Map(rows.map((row) => [accountId(row.id), row.hash]));
}

function foldAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** Postgres holds neither NUL nor a lone surrogate: such text of a hostile list is nobody's, and must not fail a batch. */
function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}
