import pg from 'pg';
import type { PasswordWriter } from '../../../app/ports/password-writer.ts';
import { Failure } from '../../../domain/shared/failure.ts';

export interface BetterAuthWriterOptions {
  readonly databaseUrl: string;
  readonly name: string;
  /** Told of errors on idle connections, which would otherwise end the process. */
  readonly onIdleError?: (error: Error) => void;
}

/** People who recover at the same moment; each holds a connection for one statement. */
const poolSize = 2;
const timeoutMs = 5_000;

/**
 * Writes new passwords into better-auth's own row, in one statement, and only over our marker. `updatedAt` moves: the
 * holder has set a password. Its role needs UPDATE on `account` and nothing else than what is read here.
 */
export function makeBetterAuthWriter(options: BetterAuthWriterOptions): PasswordWriter {
  const pool = new pg.Pool({
    connectionString: options.databaseUrl,
    max: poolSize,
    application_name: 'allclear-recovery',
    connectionTimeoutMillis: timeoutMs,
    statement_timeout: timeoutMs,
    lock_timeout: timeoutMs,
  });
  pool.on('error', options.onIdleError ?? (() => undefined));
  pool.on('connect', (client) => client.on('error', () => undefined));
  return {
    async setPassword({ accountId, marker, hash }) {
      try {
        const { rowCount } = await pool.query(
          `UPDATE account SET password = $3, "updatedAt" = clock_timestamp()
           WHERE "userId" = $1 AND "providerId" = 'credential' AND password = $2 AND $2 LIKE 'allclear-q1$%'
             AND NOT EXISTS (
               SELECT FROM account twin WHERE twin."userId" = account."userId" AND twin."providerId" = 'credential'
                 AND twin.id <> account.id AND twin.password IS NOT NULL)`,
          [accountId, marker, hash],
        );
        if (rowCount === 1) return 'swapped';
        const known = await pool.query('SELECT FROM "user" WHERE id = $1', [accountId]);
        return known.rowCount === 0 ? 'missing' : 'changed';
      } catch (cause) {
        throw unavailable(options.name, cause);
      }
    },
    async check() {
      try {
        const { rows } = await pool.query<{ can: boolean }>(
          `SELECT bool_and(has_column_privilege('account', name, 'UPDATE')) AS can
           FROM unnest(ARRAY['password', 'updatedAt']) name`,
        );
        if (rows[0]?.can === true) return;
      } catch (cause) {
        throw unavailable(options.name, cause);
      }
      throw new Failure(
        'usage',
        `The role of ALLCLEAR_RECOVERY_DIRECTORY_URL may not set passwords in directory ${options.name}: GRANT UPDATE (password, "updatedAt") ON account.`,
      );
    },
    close: () => pool.end(),
  };
}

/** The driver's own message could hold a value; only its code is told. */
function unavailable(name: string, cause: unknown): Failure {
  const code = cause instanceof pg.DatabaseError ? (cause.code ?? 'unknown') : 'no-connection';
  return new Failure(
    'directory-unavailable',
    `Directory ${name} did not answer (${code}) when a new password was set; it is read back.`,
    { directory: name, code },
    cause,
  );
}
