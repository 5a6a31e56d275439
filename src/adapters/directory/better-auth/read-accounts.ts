import type pg from 'pg';
import type { Account } from '../../../app/ports/directory.ts';
import { accountId } from '../../../domain/shared/ids.ts';
import type { AccountId } from '../../../domain/shared/ids.ts';
import { readTimeZone } from '../../../domain/shared/time-zone.ts';

/** Some hundred kilobytes a page. */
const addressesPerPage = 5_000;

interface AccountRow {
  readonly id: string;
  readonly email: string | null;
  readonly emailVerified: boolean;
  readonly addressChangedAt: string | null;
  readonly passwordSetAt: Date | null;
  readonly hasPassword: boolean;
  readonly language: string | null;
  readonly timeZone: string | null;
  readonly staff: string | null;
  readonly business: string | null;
}

export async function countAccounts(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ count: string }>('SELECT count(*) AS count FROM "user"');
  return Number(rows[0]?.count ?? 0);
}

/** Pages by id, so that a long listing holds no transaction and no cursor open in the service's database. */
export async function* listAddresses(
  pool: pg.Pool,
): AsyncIterable<readonly { readonly accountId: AccountId; readonly address: string }[]> {
  let after = '';
  for (;;) {
    const { rows } = await pool.query<{ id: string; email: string }>(
      'SELECT id, email FROM "user" WHERE id > $1 AND email IS NOT NULL ORDER BY id LIMIT $2',
      [after, addressesPerPage],
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows.map((row) => ({ accountId: accountId(row.id), address: row.email }));
    after = last.id;
  }
}

/** Columns that only some services have are read through the row as JSON: absent is null, and no catalogue is asked. */
export async function readAccounts(pool: pg.Pool, ids: readonly AccountId[]): Promise<ReadonlyMap<AccountId, Account>> {
  const { rows } = await pool.query<AccountRow>(
    `SELECT u.id, u.email, u."emailVerified" AS "emailVerified",
       extra.row ->> 'addressChangedAt' AS "addressChangedAt",
       extra.row ->> 'language' AS language,
       extra.row ->> 'timeZone' AS "timeZone",
       extra.row ->> 'staff' AS staff,
       extra.row ->> 'business' AS business,
       credential."updatedAt" AS "passwordSetAt",
       coalesce(credential.password IS NOT NULL, false) AS "hasPassword"
     FROM "user" u
     CROSS JOIN LATERAL (SELECT to_jsonb(u) AS row) extra
     LEFT JOIN LATERAL (
       SELECT a.password, a."updatedAt" FROM account a
       WHERE a."userId" = u.id AND a."providerId" = 'credential' AND a.password IS NOT NULL
       ORDER BY a."createdAt", a.id LIMIT 1) credential ON true
     WHERE u.id = ANY($1::text[])`,
    [storable(ids)],
  );
  return new Map(rows.map((row) => [accountId(row.id), accountOf(row)]));
}

function accountOf(row: AccountRow): Account {
  return {
    accountId: accountId(row.id),
    address: row.email,
    addressConfirmed: row.emailVerified,
    addressChangedAt: row.addressChangedAt === null ? null : new Date(row.addressChangedAt),
    passwordSetAt: row.passwordSetAt,
    hasPassword: row.hasPassword,
    language: row.language,
    timeZone: row.timeZone === null ? null : readTimeZone(row.timeZone),
    protectedAs: row.staff === 'true' ? 'staff' : row.business === 'true' ? 'business' : null,
  };
}

/**
 * better-auth stores an address in lower case and looks for exactly that. Only A-Z are folded here: what folds further
 * (the Kelvin sign to k) would meet another person's account.
 */
export async function findByAddresses(
  pool: pg.Pool,
  addresses: readonly string[],
): Promise<ReadonlyMap<string, AccountId>> {
  const folded = new Map(storable(addresses).map((address) => [address, foldAscii(address)]));
  const { rows } = await pool.query<{ id: string; email: string }>(
    'SELECT id, email FROM "user" WHERE email = ANY($1::text[])',
    [[...new Set(folded.values())]],
  );
  const byEmail = new Map(rows.map((row) => [row.email, accountId(row.id)]));
  const found = new Map<string, AccountId>();
  for (const [address, email] of folded) {
    const id = byEmail.get(email);
    if (id !== undefined) found.set(address, id);
  }
  return found;
}

/** An account with two password rows answers with neither's: better-auth would take either, so neither can be swapped. */
export async function readCredentials(
  pool: pg.Pool,
  ids: readonly AccountId[],
): Promise<ReadonlyMap<AccountId, string | null>> {
  const { rows } = await pool.query<{ id: string; password: string | null }>(
    `SELECT u.id, CASE WHEN count(a.password) = 1 THEN max(a.password) END AS password
     FROM "user" u
     LEFT JOIN account a ON a."userId" = u.id AND a."providerId" = 'credential'
     WHERE u.id = ANY($1::text[])
     GROUP BY u.id`,
    [storable(ids)],
  );
  return new Map(rows.map((row) => [accountId(row.id), row.password]));
}

function foldAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** Postgres holds neither NUL nor a lone surrogate: such text of a hostile list is nobody's, and must not fail a batch. */
function storable<T extends string>(texts: readonly T[]): readonly T[] {
  return texts.filter((text) => !text.includes('\0') && text.isWellFormed());
}
