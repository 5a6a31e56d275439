import pg from 'pg';
import type { Directory } from '../../../app/ports/directory.ts';
import { Failure } from '../../../domain/shared/failure.ts';
import { endSessions } from './end-sessions.ts';
import { countAccounts, findByAddresses, listAddresses, readAccounts, readCredentials } from './read-accounts.ts';
import { readLastSignIns } from './read-last-sign-ins.ts';
import {
  hasSuspensionColumns,
  noSuspensionColumns,
  reinstateAccounts,
  readSuspensions,
  suspendAccounts,
} from './suspend-accounts.ts';
import { restoreCredentials, quarantineCredentials } from './swap-credentials.ts';

export interface BetterAuthDirectoryOptions {
  readonly databaseUrl: string;
  /** The name that approvers type; part of every seal and marker. */
  readonly name: string;
  readonly environment: string;
  /** Told of errors on idle connections, which would otherwise end the process. */
  readonly onIdleError?: (error: Error) => void;
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
 * A service that keeps its accounts with better-auth 1.7 on Postgres: tables `user`, `account` (one row per way to
 * sign in, the password in the row of provider `credential`) and `session`. Optional columns of `user` are read where
 * they exist: `language` (BCP 47), `business` and `staff` (boolean), `addressChangedAt`, `lastSignInAt`. Accounts are
 * suspended by the columns of its admin plugin.
 */
export function makeBetterAuthDirectory(options: BetterAuthDirectoryOptions): Directory & {
  /** Finds out whether accounts can be suspended. While the database is away that is taken to be so: a look at suspensions says it then. */
  readonly lookAtSchema: () => Promise<void>;
  readonly close: () => Promise<void>;
} {
  const pool = new pg.Pool({
    connectionString: options.databaseUrl,
    max: poolSize,
    application_name: 'allclear-directory',
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    lock_timeout: lockTimeoutMs,
  });
  pool.on('error', options.onIdleError ?? (() => undefined));
  // As with our own database: the call in hand says that its connection went, and nothing of it may end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));

  let lacksColumns = false;

  async function callAboutSuspension<T>(items: readonly unknown[], work: () => Promise<T>): Promise<T> {
    if (lacksColumns) throw new Failure('usage', noSuspensionColumns);
    return call(items, work);
  }

  async function call<T>(items: readonly unknown[], work: () => Promise<T>): Promise<T> {
    if (items.length > mostAtOnce) {
      throw new Failure(
        'internal',
        `${items.length} accounts in one call to directory ${options.name}, and at most ${mostAtOnce} are taken.`,
      );
    }
    try {
      return await work();
    } catch (cause) {
      throw unavailable(options.name, cause);
    }
  }

  return {
    name: options.name,
    environment: options.environment,
    capabilities: {
      quarantine: true,
      restore: true,
      compareAndSet: true,
      endSessions: true,
      // A worker that cannot know yet must not stop letting people back in, so what is not known yet counts as there.
      get suspend() {
        return !lacksColumns;
      },
      countsSessions: true,
      sessionsLiveMinutes: null,
      lastSignIn: true,
      addressComparison: 'ascii-lower',
      collateral: [
        'A session that the service keeps in a signed cookie (cookie cache) or outside Postgres (secondary storage) stays usable until it expires there.',
        'A sign-in that read the old hash before the swap opens a session just after sessions were ended; it lives until the second look, about a minute later.',
        'Signing in through a social provider, a passkey, a magic link or a one-time code stays open.',
        'API keys, OAuth grants and other tokens that plugins issued stay valid.',
        'A password-reset link that was asked for before stays valid until it expires.',
        'The old hash leaves the account row; copies in the service’s own backups and replicas keep it.',
      ],
    },
    countAccounts: () => call([], () => countAccounts(pool)),
    async *listAddresses() {
      try {
        yield* listAddresses(pool);
      } catch (cause) {
        throw unavailable(options.name, cause);
      }
    },
    readAccounts: (ids) => call(ids, () => readAccounts(pool, ids)),
    findByAddresses: (addresses) => call(addresses, () => findByAddresses(pool, addresses)),
    readCredentials: (ids) => call(ids, () => readCredentials(pool, ids)),
    readLastSignIns: (ids) => call(ids, () => readLastSignIns(pool, ids)),
    quarantine: (requests) => call(requests, () => quarantineCredentials(pool, requests)),
    restore: (requests) => call(requests, () => restoreCredentials(pool, requests)),
    readSuspensions: (ids) => callAboutSuspension(ids, () => readSuspensions(pool, ids)),
    suspend: (requests) => callAboutSuspension(requests, () => suspendAccounts(pool, requests)),
    reinstate: (requests) => callAboutSuspension(requests, () => reinstateAccounts(pool, requests)),
    endSessions: (ids) => call(ids, () => endSessions(pool, ids)),
    async lookAtSchema() {
      lacksColumns = !(await hasSuspensionColumns(pool).catch(() => true));
    },
    close: () => pool.end(),
  };
}

/** The driver's own message names tables and hosts, never a value; its `detail` could, so only the code is a fact. */
function unavailable(name: string, cause: unknown): Failure {
  if (cause instanceof Failure) return cause;
  const code = cause instanceof pg.DatabaseError ? (cause.code ?? 'unknown') : 'no-connection';
  return new Failure(
    'directory-unavailable',
    `Directory ${name} did not answer (${code}). Check its database; what was asked is read back before it is asked again.`,
    { directory: name, code },
    cause,
  );
}
