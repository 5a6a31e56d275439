import pg from 'pg';
import { Failure } from '../../../domain/shared/failure.ts';
import type { Column, Table } from './catalog.ts';
import type { Mapping } from './mapping.ts';

/** `allclear-q1$rp_` + at most 16 digits + `$` + 32 hex digits + `:-`. */
export const longestMarker = 66;
/** `allclear-s1$sus_` + at most 16 digits + `$` + 32 hex digits. */
const longestMark = 65;

/** What may stand in an id of this type, so that one odd id cannot fail a batch. Ids are canonical: one text per account. */
const idTypes: Readonly<Record<string, { readonly sql: string; readonly accepts: RegExp }>> = {
  int2: { sql: 'smallint', accepts: /^(0|-?[1-9][0-9]{0,3})$/ },
  int4: { sql: 'integer', accepts: /^(0|-?[1-9][0-9]{0,8}|1[0-9]{9})$/ },
  int8: { sql: 'bigint', accepts: /^(0|-?[1-9][0-9]{0,17})$/ },
  uuid: { sql: 'uuid', accepts: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/ },
  text: { sql: 'text', accepts: /./su },
  varchar: { sql: 'text', accepts: /./su },
};
const texts = ['text', 'varchar'];
const uuidLength = 36;

/** A mapping that fits the catalogue, as quoted SQL. Columns are expressions over the aliases `a`, `c` and `s`. */
export interface FittedMapping {
  readonly idType: string;
  readonly accepts: (id: string) => boolean;
  readonly accounts: string;
  readonly id: string;
  readonly address: string;
  readonly addressConfirmed: string;
  readonly addressChangedAt: string;
  readonly language: string;
  /** A name, or an offset as `+05:30`; what is neither is told apart by whoever reads it. */
  readonly timeZone: string;
  /** Null where the mapping names none. */
  readonly lastSignInAt: string | null;
  readonly protectedAs: string;
  readonly credentials: string;
  readonly credentialAccount: string;
  readonly hash: string;
  readonly setAt: string;
  /** What is written where a password is set: a column and its value, both quoted; null where the mapping names none. */
  readonly setAtWrite: { readonly column: string; readonly now: string } | null;
  /** ` AND ...` where only some rows of the table are passwords; over the alias that is given. */
  readonly andIsPassword: (alias: string) => string;
  readonly sessions: FittedSessions;
  /** The column of the accounts that says what one is suspended by, quoted; null where the mapping names none. */
  readonly suspension: string | null;
  readonly functions: string;
}

/** How sessions are ended, in quoted SQL; `none` where they are not. */
export type FittedSessions =
  | { readonly kind: 'table'; readonly table: string; readonly account: string }
  /** `next` is an expression over the alias `a`: a value that the column never held before. */
  | { readonly kind: 'column'; readonly column: string; readonly next: string }
  | { readonly kind: 'none' };

/** Columns that our role reads, by quoted table; what GRANT needs. */
export type ReadColumns = ReadonlyMap<string, readonly string[]>;

/**
 * Checks every name of the mapping against the catalogue, and that what will be done can be done. Only names that the
 * catalogue has come back, quoted. `Failure('usage')` says what does not fit and how to mend it.
 */
export function fitMapping(mapping: Mapping, tables: readonly Table[]): FittedMapping {
  const accounts = findTable(tables, mapping.accounts);
  const credentials = findTable(tables, mapping.credential);
  const id = findColumn(accounts, mapping.accounts.id);
  const idType = idTypes[id.type];
  if (idType === undefined || !id.isExact) {
    throw unfit(
      `${said(accounts, id)} is ${id.type}, and an id is an integer, a uuid or a text that compares byte for byte`,
    );
  }
  if (!id.isUnique) throw unfit(`${said(accounts, id)} is not unique: one id would name two people`);
  const credentialAccount = findColumn(credentials, mapping.credential.account);
  requireComparable(credentials, credentialAccount, accounts, id);
  const hash = findColumn(credentials, mapping.credential.hash);
  requireSwappable(credentials, hash);
  const address = findColumn(accounts, mapping.accounts.address);
  if (![...texts, 'citext'].includes(address.type))
    throw unfit(`${said(accounts, address)} is ${address.type}, no text`);
  const { only } = mapping.credential;
  const onlyColumn = only === undefined ? null : findColumn(credentials, only.column);
  return {
    idType: idType.sql,
    accepts: (text) => idType.accepts.test(text) && !text.includes('\0') && text.isWellFormed(),
    accounts: quoted(accounts),
    id: `a.${ident(id)}`,
    address: `a.${ident(address)}::text`,
    addressConfirmed: confirmedOf(accounts, mapping.accounts.addressConfirmed),
    addressChangedAt: timeOf('a', accounts, mapping.accounts.addressChangedAt),
    language: languageOf(accounts, mapping.accounts.language),
    timeZone: timeZoneOf(accounts, mapping.accounts.timeZone),
    lastSignInAt:
      mapping.accounts.lastSignInAt === undefined ? null : timeOf('a', accounts, mapping.accounts.lastSignInAt),
    protectedAs: protectedOf(accounts, mapping.accounts.protected),
    credentials: quoted(credentials),
    credentialAccount: ident(credentialAccount),
    hash: ident(hash),
    setAt: timeOf('c', credentials, mapping.credential.setAt),
    setAtWrite: timeWrite(credentials, mapping.credential.setAt),
    andIsPassword: (alias) =>
      onlyColumn === null || only === undefined
        ? ''
        : ` AND ${alias}.${ident(onlyColumn)}::text = ${pg.escapeLiteral(only.equals)}`,
    sessions: fitSessions(mapping.sessions, tables, accounts, id),
    suspension: mapping.suspension === undefined ? null : suspensionColumn(accounts, mapping.suspension.column),
    functions: pg.escapeIdentifier(mapping.functions.schema),
  };
}

/** What our role has to read, for GRANT: columns, never a whole table. Sessions are read in `direct` mode only. */
export function readColumns(mapping: Mapping): ReadColumns {
  const { accounts, credential, sessions } = mapping;
  const columns = new Map<string, Set<string>>();
  const add = (table: { readonly schema: string; readonly table: string }, ...names: (string | undefined)[]): void => {
    const key = `${pg.escapeIdentifier(table.schema)}.${pg.escapeIdentifier(table.table)}`;
    const held = columns.get(key) ?? new Set();
    for (const one of names) if (one !== undefined) held.add(pg.escapeIdentifier(one));
    columns.set(key, held);
  };
  const confirmed = accounts.addressConfirmed;
  add(accounts, accounts.id, accounts.address, typeof confirmed === 'string' ? confirmed : undefined);
  add(
    accounts,
    accounts.addressChangedAt,
    accounts.language,
    accounts.timeZone,
    accounts.lastSignInAt,
    ...accounts.protected.map((one) => one.column),
  );
  add(accounts, mapping.suspension?.column);
  add(credential, credential.account, credential.hash, credential.setAt, credential.only?.column);
  if (mapping.mode === 'direct' && sessions.kind === 'table') add(sessions, sessions.account);
  if (mapping.mode === 'direct' && sessions.kind === 'column') add(accounts, sessions.column);
  return new Map([...columns].map(([table, names]) => [table, [...names]]));
}

function findTable(tables: readonly Table[], wanted: { readonly schema: string; readonly table: string }): Table {
  const table = tables.find((one) => one.schema === wanted.schema && one.name === wanted.table);
  if (table === undefined) throw unfit(`there is no table ${wanted.schema}.${wanted.table}`);
  if (table.kind !== 'r' && table.kind !== 'p') throw unfit(`${wanted.schema}.${wanted.table} is no table but a view`);
  if (table.hidesRows) {
    throw unfit(
      `row-level security hides rows of ${wanted.schema}.${wanted.table} from this role, and a hidden account would be ` +
        `taken for none. Let the role see all rows by a policy of its own with USING (true), or BYPASSRLS`,
    );
  }
  return table;
}

function findColumn(table: Table, name: string): Column {
  const column = table.columns.find((one) => one.name === name);
  if (column !== undefined) return column;
  throw unfit(
    `${table.schema}.${table.name} has no column ${name}; it has ${table.columns.map((one) => one.name).join(', ')}`,
  );
}

function requireComparable(table: Table, column: Column, accounts: Table, id: Column): void {
  if (kindOf(column.type) === kindOf(id.type)) return;
  throw unfit(`${said(table, column)} is ${column.type} and ${said(accounts, id)} is ${id.type}: they do not compare`);
}

function fitSessions(
  mapped: Mapping['sessions'],
  tables: readonly Table[],
  accounts: Table,
  id: Column,
): FittedSessions {
  switch (mapped.kind) {
    case 'none':
      return { kind: 'none' };
    case 'table': {
      const table = findTable(tables, mapped);
      const account = findColumn(table, mapped.account);
      requireComparable(table, account, accounts, id);
      return { kind: 'table', table: quoted(table), account: ident(account) };
    }
    case 'column': {
      const column = findColumn(accounts, mapped.column);
      return { kind: 'column', column: ident(column), next: nextOf(accounts, column) };
    }
  }
}

/** A number goes up by one, a time becomes now, and a stamp becomes one that nobody can have seen. */
function nextOf(accounts: Table, column: Column): string {
  const value = `a.${ident(column)}`;
  if (column.isGenerated) throw unfit(`${said(accounts, column)} is generated: it cannot be set`);
  if (kindOf(column.type) === 'integer') return `coalesce(${value}, 0) + 1`;
  if (column.type === 'timestamptz') return 'clock_timestamp()';
  if (column.type === 'timestamp') return `clock_timestamp() AT TIME ZONE 'UTC'`;
  if (column.type === 'uuid') return 'gen_random_uuid()';
  const fits = column.width === null || column.width >= uuidLength;
  if (texts.includes(column.type) && fits) return 'gen_random_uuid()::text';
  throw unfit(
    `${said(accounts, column)} is ${column.type}${fits ? '' : ` of ${column.width} characters`}: sessions are ended by a ` +
      'whole number that goes up, a time that becomes now, or a stamp (uuid, or text of at least 36 characters) that changes',
  );
}

function requireSwappable(table: Table, hash: Column): void {
  if (!texts.includes(hash.type) || !hash.isExact || hash.isGenerated) {
    throw unfit(
      `${said(table, hash)} is ${hash.type}: a hash is swapped in a plain text or varchar that compares byte for byte`,
    );
  }
  if (hash.width !== null && hash.width < longestMarker) {
    throw unfit(
      `${said(table, hash)} holds ${hash.width} characters and a marker needs up to ${longestMarker}. ` +
        `Widen it: ALTER TABLE ${quoted(table)} ALTER COLUMN ${ident(hash)} TYPE text`,
    );
  }
}

function suspensionColumn(accounts: Table, named: string): string {
  const column = findColumn(accounts, named);
  const fits = column.width === null || column.width >= longestMark;
  if (!texts.includes(column.type) || !column.isExact || column.isGenerated || !fits) {
    throw unfit(
      `${said(accounts, column)} is ${column.type}${fits ? '' : ` of ${column.width} characters`}: a suspension is marked in a plain ` +
        `text or varchar of at least ${longestMark} characters that may be NULL and compares byte for byte`,
    );
  }
  return ident(column);
}

function confirmedOf(table: Table, mapped: string | boolean): string {
  if (typeof mapped === 'boolean') return String(mapped);
  const column = findColumn(table, mapped);
  return column.type === 'bool'
    ? `coalesce(a.${ident(column)}, false)`
    : `a.${ident(timeColumn(table, column))} IS NOT NULL`;
}

/** A timestamp without a zone is taken for UTC, which is how services that use it mean it. */
function timeOf(alias: 'a' | 'c', table: Table, mapped: string | undefined): string {
  if (mapped === undefined) return 'NULL::timestamptz';
  const column = timeColumn(table, findColumn(table, mapped));
  return column.type === 'timestamptz' ? `${alias}.${ident(column)}` : `${alias}.${ident(column)} AT TIME ZONE 'UTC'`;
}

function timeWrite(table: Table, mapped: string | undefined): FittedMapping['setAtWrite'] {
  if (mapped === undefined) return null;
  const column = timeColumn(table, findColumn(table, mapped));
  const now = column.type === 'timestamptz' ? 'clock_timestamp()' : `clock_timestamp() AT TIME ZONE 'UTC'`;
  return { column: ident(column), now };
}

function timeColumn(table: Table, column: Column): Column {
  if (column.type === 'timestamptz' || column.type === 'timestamp') return column;
  throw unfit(`${said(table, column)} is ${column.type}, no timestamp`);
}

/** `de_AT`, as some write it, is `de-AT` in BCP 47. */
function languageOf(table: Table, mapped: string | undefined): string {
  if (mapped === undefined) return 'NULL::text';
  return `replace(a.${ident(findColumn(table, mapped))}::text, '_', '-')`;
}

/** Minutes are written as an offset here, so that a text column that holds numbers is not taken for minutes. */
function timeZoneOf(table: Table, mapped: string | undefined): string {
  if (mapped === undefined) return 'NULL::text';
  const column = findColumn(table, mapped);
  const value = `a.${ident(column)}`;
  if (texts.includes(column.type)) return value;
  if (kindOf(column.type) !== 'integer') {
    throw unfit(
      `${said(table, column)} is ${column.type}: a time zone is a text (Europe/Berlin) or a whole number, minutes east of UTC`,
    );
  }
  return `CASE WHEN ${value} BETWEEN -720 AND 840 THEN (CASE WHEN ${value} < 0 THEN '-' ELSE '+' END) ||
    to_char(abs(${value}) / 60, 'FM00') || ':' || to_char(abs(${value}) % 60, 'FM00') END`;
}

function protectedOf(table: Table, flags: Mapping['accounts']['protected']): string {
  if (flags.length === 0) return 'NULL::text';
  const cases = flags.map((flag) => {
    const column = findColumn(table, flag.column);
    if (flag.equals === undefined && column.type !== 'bool') {
      throw unfit(`${said(table, column)} is ${column.type}: say with "equals" which values protect as ${flag.as}`);
    }
    const fits =
      flag.equals === undefined
        ? `a.${ident(column)}`
        : `a.${ident(column)}::text IN (${flag.equals.map((one) => pg.escapeLiteral(one)).join(', ')})`;
    return `WHEN ${fits} THEN ${pg.escapeLiteral(flag.as)}`;
  });
  return `CASE ${cases.join(' ')} END`;
}

function kindOf(type: string): string {
  if (type.startsWith('int')) return 'integer';
  return texts.includes(type) ? 'text' : type;
}

function ident(column: Column): string {
  return pg.escapeIdentifier(column.name);
}

function quoted(table: Table): string {
  return `${pg.escapeIdentifier(table.schema)}.${pg.escapeIdentifier(table.name)}`;
}

function said(table: Table, column: Column): string {
  return `${table.schema}.${table.name}.${column.name}`;
}

function unfit(why: string): Failure {
  return new Failure('usage', `The mapping does not fit the directory's database: ${why}.`);
}
