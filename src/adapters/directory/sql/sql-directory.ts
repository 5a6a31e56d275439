import pg from 'pg';
import type { Directory } from '../../../app/ports/directory.ts';
import { durationInWords } from '../../../domain/shared/duration-in-words.ts';
import { Failure } from '../../../domain/shared/failure.ts';
import { endSessionsByFunction, quarantineByFunction, restoreByFunction } from './act-by-functions.ts';
import { endSessionsDirectly, swapDirectly } from './act-directly.ts';
import { readCatalog } from './catalog.ts';
import { fitMapping } from './fit-mapping.ts';
import type { FittedMapping } from './fit-mapping.ts';
import type { Mapping } from './mapping.ts';
import {
  countAccounts,
  countTimeZones,
  findByAddresses,
  listAddresses,
  readAccounts,
  readCredentials,
} from './read-accounts.ts';
import { readLastSignIns } from './read-last-sign-ins.ts';
import { readSuspensions, suspendByFunction, suspendDirectly } from './suspend-accounts.ts';
import { capReached, signaturesOf } from './write-functions.ts';

export interface SqlDirectoryOptions {
  readonly databaseUrl: string;
  /** The name that approvers type; part of every seal and marker. */
  readonly name: string;
  readonly environment: string;
  readonly mapping: Mapping;
  /** Told of errors on idle connections, which would otherwise end the process. */
  readonly onIdleError?: (error: Error) => void;
  /** Told when the database's own cap refuses a call: the call's result only says that it was not done. */
  readonly onCapReached?: (message: string) => void;
}

export interface SqlDirectoryCheck {
  readonly roleCanWriteHashes: boolean;
  /** Of the accounts that were looked at, how many say a time zone that is known; null where the mapping names none. */
  readonly timeZones: { readonly accounts: number; readonly known: number } | null;
}

export interface SqlDirectory extends Directory {
  /** Fits the mapping to the catalogue now. `Failure('usage' | 'directory-unavailable')`. */
  check(): Promise<SqlDirectoryCheck>;
  close(): Promise<void>;
}

/** Several permits at once per worker, and never a load on the service's own database. */
const poolSize = 4;
/** A directory that does not answer for this long is called unavailable; the call's outcome is then read back. */
const statementTimeoutMs = 30_000;
/** A row that the service itself holds locked for longer is not waited for. */
const lockTimeoutMs = 5_000;
const connectTimeoutMs = 5_000;
/** Statements stay small, and a list of candidates is bounded where it is made. */
const mostAtOnce = 1_000;

/**
 * A service that keeps its accounts in Postgres tables of its own, described by a mapping. The mapping is fitted to the
 * catalogue at the first call and again after every failed one, so that a migration of the service is met by a refusal.
 */
export function makeSqlDirectory(options: SqlDirectoryOptions): SqlDirectory {
  const { mapping } = options;
  const pool = new pg.Pool({
    connectionString: options.databaseUrl,
    max: poolSize,
    application_name: 'allclear-directory',
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    lock_timeout: lockTimeoutMs,
  });
  pool.on('error', options.onIdleError ?? (() => undefined));
  // The call in hand says that its connection went, and nothing of it may end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));

  let fitting: Promise<FittedMapping> | null = null;
  const fit = async (): Promise<FittedMapping> => {
    const tables = await readCatalog(pool, [
      mapping.accounts,
      mapping.credential,
      ...(mapping.sessions.kind === 'table' ? [mapping.sessions] : []),
    ]);
    const fitted = fitMapping(mapping, tables);
    if (mapping.mode === 'functions') await requireFunctions(pool, fitted);
    return fitted;
  };

  async function guard<T>(work: (fitted: FittedMapping) => Promise<T>): Promise<T> {
    try {
      fitting ??= fit();
      return await work(await fitting);
    } catch (cause) {
      fitting = null;
      if (cause instanceof pg.DatabaseError && cause.code === capReached) options.onCapReached?.(cause.message);
      throw unavailable(options.name, cause);
    }
  }

  async function call<K, V>(
    items: readonly unknown[],
    work: (fitted: FittedMapping) => Promise<ReadonlyMap<K, V>>,
  ): Promise<ReadonlyMap<K, V>> {
    if (items.length > mostAtOnce) {
      throw new Failure(
        'internal',
        `${items.length} accounts in one call to directory ${options.name}, and at most ${mostAtOnce} are taken.`,
      );
    }
    return items.length === 0 ? new Map() : guard(work);
  }

  return {
    name: options.name,
    environment: options.environment,
    capabilities: {
      quarantine: true,
      restore: true,
      compareAndSet: true,
      endSessions: mapping.sessions.kind !== 'none',
      suspend: mapping.suspension !== undefined,
      countsSessions: mapping.sessions.kind === 'table',
      sessionsLiveMinutes: mapping.sessions.kind === 'none' ? mapping.sessions.liveMinutes : null,
      lastSignIn: mapping.accounts.lastSignInAt !== undefined,
      addressComparison: mapping.addressComparison,
      collateral: collateralOf(mapping),
    },
    countAccounts: () => guard((fitted) => countAccounts(pool, fitted)),
    async *listAddresses() {
      try {
        yield* listAddresses(pool, await guard(async (fitted) => fitted));
      } catch (cause) {
        throw unavailable(options.name, cause);
      }
    },
    readAccounts: (ids) => call(ids, (fitted) => readAccounts(pool, fitted, ids)),
    findByAddresses: (addresses) =>
      call(addresses, (fitted) => findByAddresses(pool, fitted, mapping.addressComparison, addresses)),
    readCredentials: (ids) => call(ids, (fitted) => readCredentials(pool, fitted, ids)),
    readLastSignIns: (ids) => call(ids, (fitted) => readLastSignIns(pool, fitted, ids)),
    quarantine: (requests) =>
      call(requests, (fitted) =>
        mapping.mode === 'functions'
          ? quarantineByFunction(pool, fitted, requests)
          : swapDirectly(
              pool,
              fitted,
              requests.map((one) => ({ accountId: one.accountId, expected: one.expectedHash, wanted: one.marker })),
            ),
      ),
    restore: (requests) =>
      call(requests, (fitted) =>
        mapping.mode === 'functions'
          ? restoreByFunction(pool, fitted, requests)
          : swapDirectly(
              pool,
              fitted,
              requests.map((one) => ({ accountId: one.accountId, expected: one.marker, wanted: one.hash })),
            ),
      ),
    readSuspensions: (ids) => call(ids, (fitted) => readSuspensions(pool, fitted, ids)),
    suspend: (requests) =>
      call(requests, (fitted) =>
        mapping.mode === 'functions'
          ? suspendByFunction(pool, fitted, 'allclear_suspend', requests)
          : suspendDirectly(pool, fitted, 'suspend', requests),
      ),
    reinstate: (requests) =>
      call(requests, (fitted) =>
        mapping.mode === 'functions'
          ? suspendByFunction(pool, fitted, 'allclear_reinstate', requests)
          : suspendDirectly(pool, fitted, 'reinstate', requests),
      ),
    endSessions: (ids) =>
      call(ids, (fitted) => {
        if (fitted.sessions.kind === 'none')
          throw new Failure(
            'usage',
            `Directory ${options.name} cannot end sessions, and it was asked to. Nothing was done.`,
          );
        return mapping.mode === 'functions'
          ? endSessionsByFunction(pool, fitted, ids)
          : endSessionsDirectly(pool, fitted, fitted.sessions, ids);
      }),
    check: () =>
      guard(async (fitted) => {
        const { rows } = await pool.query<{ can: boolean }>(`SELECT has_column_privilege($1, $2, 'UPDATE') AS can`, [
          fitted.credentials,
          mapping.credential.hash,
        ]);
        const timeZones = mapping.accounts.timeZone === undefined ? null : await countTimeZones(pool, fitted);
        return { roleCanWriteHashes: rows[0]?.can ?? true, timeZones };
      }),
    close: () => pool.end(),
  };
}

async function requireFunctions(pool: pg.Pool, fitted: FittedMapping): Promise<void> {
  const signatures = signaturesOf(fitted);
  const { rows } = await pool.query<{ name: string }>(
    `SELECT name FROM unnest($1::text[]) name
     WHERE has_function_privilege(to_regprocedure(name), 'EXECUTE') IS NOT TRUE`,
    [signatures],
  );
  const [missing] = rows;
  if (missing === undefined) return;
  throw new Failure(
    'usage',
    `The directory's role may not execute ${missing.name}. Let the DBA run the SQL that allclear directory add prints.`,
  );
}

function collateralOf(mapping: Mapping): readonly string[] {
  return [
    ...mapping.collateral,
    ...sessionsOf(mapping.sessions),
    'Every other way in (social sign-in, passkeys, magic links, API keys, app passwords) stays open.',
    'A password-reset link that was asked for before stays valid until it expires.',
    mapping.mode === 'functions'
      ? 'The old hash leaves the account row and is kept in a table of the DBA for the way back; backups and replicas keep it too.'
      : 'The old hash leaves the account row; copies in the service’s own backups and replicas keep it.',
  ];
}

function sessionsOf(sessions: Mapping['sessions']): readonly string[] {
  const late =
    'A sign-in that read the old hash before the swap opens a session just after sessions were ended; it lives until the second look, about a minute later.';
  switch (sessions.kind) {
    case 'table':
      return [
        'A session that the service keeps outside its table of sessions (a signed cookie, a JWT, a cache) stays usable until it expires there.',
        late,
      ];
    case 'column':
      return [
        `A session is refused from then on by whatever part of the service compares it with ${sessions.column}; one that is only checked by its signature or from a cache stays usable until it expires there.`,
        `How many sessions were ended is not known: ${sessions.column} changes once for each account.`,
        late,
      ];
    case 'none':
      return [
        `Sessions cannot be ended. Whoever is signed in, a thief too, stays signed in until the session ends by itself, ${durationInWords(sessions.liveMinutes)} after it was opened at the latest.`,
      ];
  }
}

/** The driver's own message could hold a value; only its code is told. */
function unavailable(name: string, cause: unknown): Failure {
  if (cause instanceof Failure) return cause;
  const code = cause instanceof pg.DatabaseError ? (cause.code ?? 'unknown') : 'no-connection';
  const facts = { directory: name, code };
  if (code === capReached) {
    const words = cause instanceof Error ? cause.message : '';
    return new Failure(
      'directory-unavailable',
      `Directory ${name} refuses, and nothing of this call was done: ${words}`,
      facts,
    );
  }
  const hint =
    code === '42501'
      ? 'Its role lacks a right: let the DBA run the SQL that allclear directory add prints.'
      : 'Check its database; what was asked is read back before it is asked again.';
  return new Failure('directory-unavailable', `Directory ${name} did not answer (${code}). ${hint}`, facts, cause);
}
