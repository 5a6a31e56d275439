import pg from 'pg';
import { Failure } from '../../../domain/shared/failure.ts';
import type { Column, Table } from './catalog.ts';
import { readCatalog } from './catalog.ts';
import { fitMapping, longestMarker } from './fit-mapping.ts';
import type { Mapping } from './mapping.ts';
import { pickAccountColumn, pickColumn } from './pick-column.ts';
import { proposeSessions } from './propose-sessions.ts';
import { writeGrants } from './write-functions.ts';

export interface ProposalOptions {
  readonly databaseUrl: string;
  /** Only tables of this schema; all when it is absent. */
  readonly schema?: string;
  readonly mode: Mapping['mode'];
  readonly role: string;
  /** The role by which hosted recovery sets passwords; none where it is not wanted. */
  readonly recoveryRole?: string | null;
  /** Null: one in a hundred accounts, at least 200. */
  readonly capPerHour: number | null;
  /** The scheme of a stored hash, or null. */
  readonly schemeOf: (hash: string) => string | null;
}

export interface Proposal {
  readonly mapping: Mapping;
  /** Why each part is as it is, by its place in the mapping. */
  readonly reasons: Readonly<Record<string, string>>;
  /** What a person has to look at before this is used. */
  readonly doubts: readonly string[];
  readonly accounts: number;
  readonly capPerHour: number;
  readonly sql: string;
}

const hashNames = [
  'password_hash',
  'hashed_password',
  'password_digest',
  'encrypted_password',
  'passwd_hash',
  'pw_hash',
  'pass_hash',
  'password',
  'passwd',
  'pwd',
  'hash',
];
const addressNames = ['email', 'email_address', 'e_mail', 'mail', 'emailaddress'];
const accountTableNames = [
  'users',
  'user',
  'accounts',
  'account',
  'members',
  'member',
  'customers',
  'customer',
  'people',
  'logins',
];
const confirmedNames = [
  'email_confirmed_at',
  'confirmed_at',
  'email_verified_at',
  'verified_at',
  'email_verified',
  'email_confirmed',
  'confirmed',
  'verified',
  'is_verified',
];
/** Made for this: what such a column would mean in a service that has one already is not ours to guess. */
const suspensionNames = ['allclear_suspension'];
const addressChangedNames = ['email_changed_at', 'address_changed_at', 'email_updated_at'];
const passwordSetNames = ['password_changed_at', 'password_set_at', 'password_updated_at'];
const languageNames = ['language', 'locale', 'lang', 'preferred_language'];
const timeZoneNames = ['time_zone', 'timezone', 'tz', 'time_zone_name', 'timezone_name', 'tz_name'];
const offsetNames = ['utc_offset', 'tz_offset', 'timezone_offset', 'time_zone_offset', 'gmt_offset', ...timeZoneNames];
const lastSignInNames = [
  'last_sign_in_at',
  'last_signin_at',
  'current_sign_in_at',
  'last_login_at',
  'last_login',
  'last_logged_in_at',
  'last_login_date',
];
const flagNames: Readonly<Record<string, string>> = {
  is_staff: 'staff',
  staff: 'staff',
  is_admin: 'staff',
  admin: 'staff',
  is_superuser: 'staff',
  is_employee: 'staff',
  business: 'business',
  is_business: 'business',
  is_bot: 'machine',
  is_service: 'machine',
  is_machine: 'machine',
};

/** Enough to see which schemes are there; a rare one is found when its hashes are met. */
const hashesRead = 500;
const statementTimeoutMs = 60_000;
const leastCap = 200;
const shareOfAccounts = 0.01;

/**
 * Looks at a database and proposes how its accounts are mapped. Changes nothing. `Failure('not-found')` where no table
 * looks like one of accounts, `'usage'` where one does and cannot be used as it is.
 */
export async function proposeMapping(options: ProposalOptions): Promise<Proposal> {
  const pool = new pg.Pool({
    connectionString: options.databaseUrl,
    max: 1,
    application_name: 'allclear-directory-add',
    connectionTimeoutMillis: 5_000,
    statement_timeout: statementTimeoutMs,
    // This looks and proposes; the DBA is who changes things.
    options: '-c default_transaction_read_only=on',
  });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  try {
    return await propose(pool, options);
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    const code = cause instanceof pg.DatabaseError ? (cause.code ?? 'unknown') : 'no-connection';
    throw new Failure('directory-unavailable', `The database could not be read (${code}).`, { code }, cause);
  } finally {
    await pool.end();
  }
}

async function propose(pool: pg.Pool, options: ProposalOptions): Promise<Proposal> {
  const all = await readCatalog(pool);
  const tables = all.filter(
    (one) => (one.kind === 'r' || one.kind === 'p') && (options.schema === undefined || one.schema === options.schema),
  );
  const reasons: Record<string, string> = {};
  const doubts: string[] = [];
  const { table, id, address } = findAccounts(tables, reasons, doubts);
  const credential = findCredential(tables, table, id, reasons);
  const sessions = proposeSessions(tables, table, id, reasons, doubts);
  const confirmed = pickColumn(table, confirmedNames, ['bool', 'timestamptz', 'timestamp']);
  if (confirmed === null) {
    doubts.push(
      'No column says whether an address was confirmed. false: nobody is told by mail. Write true only if the service lets nobody in before.',
    );
  }
  reasons['accounts.addressConfirmed'] =
    confirmed === null
      ? 'no such column was found'
      : `${confirmed.name} is ${confirmed.type === 'bool' ? 'true' : 'set'} once confirmed`;
  const changed = pickColumn(table, addressChangedNames, ['timestamptz', 'timestamp']);
  if (changed === null)
    doubts.push(
      'No column says when an address changed: a change after the evidence is not seen, and the notice goes to the new address.',
    );
  const language = pickColumn(table, languageNames, ['text', 'varchar']);
  const timeZone = findTimeZone(table, reasons, doubts);
  const lastSignIn = pickColumn(table, lastSignInNames, ['timestamptz', 'timestamp']);
  if (lastSignIn === null)
    doubts.push(
      'No column says when an account last signed in: who comes back is not measured against a control group.',
    );
  else reasons['accounts.lastSignInAt'] = `${lastSignIn.name} is taken for the last sign-in that succeeded`;
  const setAt = pickColumn(credential.table, passwordSetNames, ['timestamptz', 'timestamp']);
  if (setAt === null)
    doubts.push('No column says when a password was set: evidence older than the password is not told apart.');
  const flags = table.columns.flatMap((column) => {
    const as = flagNames[column.name.toLowerCase()];
    return as !== undefined && column.type === 'bool' ? [{ as, column: column.name }] : [];
  });
  if (flags.length === 0)
    doubts.push(
      'No column marks staff, business or machine accounts: none is protected. Add them under accounts.protected.',
    );
  else reasons['accounts.protected'] = 'true in these columns keeps an account out of normal action';

  const suspension = pickColumn(table, suspensionNames, ['text', 'varchar']);
  if (suspension !== null)
    reasons['suspension'] = 'any text in this column is a suspension; the service refuses sign-in while there is one';

  const draft: Mapping = {
    version: 1,
    accounts: {
      schema: table.schema,
      table: table.name,
      id: id.name,
      address: address.name,
      addressConfirmed: confirmed?.name ?? false,
      ...(changed === null ? {} : { addressChangedAt: changed.name }),
      ...(language === null ? {} : { language: language.name }),
      ...(timeZone === null ? {} : { timeZone: timeZone.name }),
      ...(lastSignIn === null ? {} : { lastSignInAt: lastSignIn.name }),
      protected: flags,
    },
    credential: {
      schema: credential.table.schema,
      table: credential.table.name,
      account: credential.account,
      hash: credential.hash.name,
      scheme: 'other',
      ...(setAt === null ? {} : { setAt: setAt.name }),
    },
    sessions,
    ...(suspension === null ? {} : { suspension: { column: suspension.name } }),
    addressComparison: 'exact',
    quarantine: 'prefix-marker',
    mode: options.mode,
    functions: { schema: 'allclear_guard' },
    collateral: [],
  };
  const fitted = fitMapping(draft, tables);
  const { scheme, why } = await readScheme(pool, draft, options.schemeOf, doubts);
  reasons['credential.scheme'] = why;
  const comparison = await readComparison(pool, fitted.accounts, fitted.address);
  reasons['addressComparison'] = comparison.why;
  reasons['quarantine'] =
    `the marker (at most ${longestMarker} characters) fits into ${credential.hash.name} and is no hash of any scheme`;
  reasons['mode'] =
    options.mode === 'functions'
      ? 'our role acts by functions of the DBA alone and can write no hash'
      : 'asked for: our role may write hashes itself';
  if (credential.hash.isChecked)
    doubts.push(
      `A check constraint speaks about ${credential.hash.name}: it must let a marker in. allclear directory test finds out.`,
    );
  const written = new Set([credential.table, ...(sessions.kind === 'column' || suspension !== null ? [table] : [])]);
  for (const one of [...written].flatMap(({ triggers }) => triggers))
    doubts.push(
      `The trigger ${one} runs when a hash is swapped, sessions are ended or an account is suspended: see that it mails nobody and touches no other row.`,
    );
  const mapping: Mapping = {
    ...draft,
    credential: { ...draft.credential, scheme },
    addressComparison: comparison.comparison,
  };
  const { rows } = await pool.query<{ accounts: number; database: string }>(
    `SELECT count(*)::int AS accounts, current_database() AS database FROM ${fitted.accounts}`,
  );
  const accounts = rows[0]?.accounts ?? 0;
  const capPerHour = options.capPerHour ?? Math.max(leastCap, Math.ceil(accounts * shareOfAccounts));
  const sql = writeGrants(mapping, fitted, {
    role: options.role,
    recoveryRole: options.recoveryRole ?? null,
    database: rows[0]?.database ?? '',
    capPerHour,
  });
  return { mapping, reasons, doubts, accounts, capPerHour, sql };
}

interface FoundAccounts {
  readonly table: Table;
  readonly id: Column;
  readonly address: Column;
}

function findAccounts(tables: readonly Table[], reasons: Record<string, string>, doubts: string[]): FoundAccounts {
  const candidates = tables
    .flatMap((table) => {
      const address = pickColumn(table, addressNames, ['text', 'varchar', 'citext']);
      const id =
        table.columns.find((column) => column.name === 'id' && column.isUnique) ??
        table.columns.find((column) => column.isUnique && column !== address);
      if (address === null || id === undefined) return [];
      const named = accountTableNames.indexOf(table.name.toLowerCase());
      const score =
        (pickColumn(table, hashNames, ['text', 'varchar']) === null ? 0 : 100) + (named === -1 ? 0 : 50 - named);
      return [{ table, id, address, score }];
    })
    .toSorted((a, b) => b.score - a.score);
  const [best, second] = candidates;
  if (best === undefined || best.score === 0) {
    throw new Failure(
      'not-found',
      'No table has an id and an address and looks like one of accounts. Write the mapping by hand: docs/recipes/your-own-table.md shows one.',
    );
  }
  if (second !== undefined && second.score > 0) {
    doubts.push(
      `${second.table.schema}.${second.table.name} could also be the table of accounts. ${best.table.schema}.${best.table.name} was taken.`,
    );
  }
  reasons['accounts'] = `${best.table.name} has a unique ${best.id.name} and an ${best.address.name}`;
  return best;
}

function findTimeZone(table: Table, reasons: Record<string, string>, doubts: string[]): Column | null {
  const named = pickColumn(table, timeZoneNames, ['text', 'varchar']);
  if (named !== null) {
    reasons['accounts.timeZone'] = `${named.name} is read as an IANA name; any other text in it counts as none`;
    return named;
  }
  const minutes = pickColumn(table, offsetNames, ['int2', 'int4', 'int8']);
  if (minutes === null) {
    doubts.push(
      'No column says where a holder lives: large waves of notices go by the day of ALLCLEAR_DEFAULT_TIME_ZONE for everybody.',
    );
    return null;
  }
  reasons['accounts.timeZone'] = `${minutes.name} is a whole number: minutes east of UTC`;
  doubts.push(
    `${minutes.name} is taken for minutes east of UTC (Berlin in winter: 60). Browsers count the other way round, and some ` +
      'services count hours: look at the row of somebody whose zone you know.',
  );
  return minutes;
}

interface FoundCredential {
  readonly table: Table;
  readonly account: string;
  readonly hash: Column;
}

function findCredential(
  tables: readonly Table[],
  accounts: Table,
  id: Column,
  reasons: Record<string, string>,
): FoundCredential {
  const own = pickColumn(accounts, hashNames, ['text', 'varchar']);
  if (own !== null) {
    reasons['credential'] = `${own.name} stands in the table of accounts itself`;
    return { table: accounts, account: id.name, hash: own };
  }
  for (const table of tables) {
    const hash = pickColumn(table, hashNames, ['text', 'varchar']);
    const account = pickAccountColumn(table, accounts, id);
    if (table === accounts || hash === null || account === null) continue;
    reasons['credential'] = `${table.name}.${account.name} names the account, ${hash.name} is its hash`;
    return { table, account: account.name, hash };
  }
  throw new Failure(
    'not-found',
    `No column looks like a password hash, neither in ${accounts.name} nor in a table that refers to it. Write the mapping by hand: docs/recipes/your-own-table.md shows one.`,
  );
}

async function readScheme(
  pool: pg.Pool,
  mapping: Mapping,
  schemeOf: ProposalOptions['schemeOf'],
  doubts: string[],
): Promise<{ readonly scheme: string; readonly why: string }> {
  const { schema, table, hash } = mapping.credential;
  const column = pg.escapeIdentifier(hash);
  const { rows } = await pool.query<{ hash: string }>(
    `SELECT ${column} AS hash FROM ${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table)} WHERE ${column} <> '' LIMIT ${hashesRead}`,
  );
  const counts = new Map<string, number>();
  for (const row of rows) {
    const scheme = schemeOf(row.hash) ?? 'other';
    counts.set(scheme, (counts.get(scheme) ?? 0) + 1);
  }
  const [most] = [...counts].toSorted((a, b) => b[1] - a[1]);
  if (most === undefined) {
    doubts.push('There is no hash to look at: the scheme is a guess.');
    return { scheme: 'other', why: 'no hash was there to look at' };
  }
  if (counts.size > 1)
    doubts.push(
      `More than one hash scheme is in use: ${[...counts].map(([name, count]) => `${name} ${count}`).join(', ')}. Each known one is verified.`,
    );
  if (most[0] === 'other')
    doubts.push(
      'Allclear cannot verify this hash scheme: leaked passwords stay weak evidence; what the service observed itself can act.',
    );
  return { scheme: most[0], why: `${most[1]} of ${rows.length} hashes that were looked at` };
}

async function readComparison(
  pool: pg.Pool,
  accounts: string,
  address: string,
): Promise<{ readonly comparison: Mapping['addressComparison']; readonly why: string }> {
  const { rows } = await pool.query<{ upper: number; twins: number }>(
    `SELECT count(*) FILTER (WHERE one.upper)::int AS upper,
       (count(one.folded) - count(DISTINCT one.folded))::int AS twins
     FROM (SELECT lower(${address} COLLATE "C") AS folded, ${address} <> lower(${address} COLLATE "C") AS upper FROM ${accounts} a) one`,
  );
  const { upper, twins } = rows[0] ?? { upper: 0, twins: 0 };
  if (twins > 0) return { comparison: 'exact', why: `${twins} addresses differ from another in the case of A-Z alone` };
  if (upper > 0)
    return {
      comparison: 'ascii-lower',
      why: `no two of the addresses differ in the case of A-Z alone, and ${upper} hold capitals`,
    };
  return { comparison: 'ascii-lower', why: 'every address is stored in lower case' };
}
