import pg from 'pg';
import type { SwapResult } from '../../../app/ports/directory.ts';
import type { PasswordWriter } from '../../../app/ports/password-writer.ts';
import { Failure } from '../../../domain/shared/failure.ts';
import { readCatalog } from './catalog.ts';
import { fitMapping } from './fit-mapping.ts';
import type { FittedMapping } from './fit-mapping.ts';
import type { Mapping } from './mapping.ts';
import { recoverySignatureOf } from './write-functions.ts';

export interface SqlWriterOptions {
  /** In `functions` mode as the role of recovery, which is another than the directory's. */
  readonly databaseUrl: string;
  readonly name: string;
  readonly mapping: Mapping;
  /** Told of errors on idle connections, which would otherwise end the process. */
  readonly onIdleError?: (error: Error) => void;
}

/** People who recover at the same moment; each holds a connection for one statement. */
const poolSize = 2;
const timeoutMs = 5_000;

/**
 * Writes new passwords over our own marker: by the DBA's function, or in one statement where our role may write hashes
 * itself. The mapping is fitted at the first call and again after every failed one.
 */
export function makeSqlWriter(options: SqlWriterOptions): PasswordWriter {
  const { mapping } = options;
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
  let fitting: Promise<FittedMapping> | null = null;

  async function fit(): Promise<FittedMapping> {
    const tables = await readCatalog(pool, [
      mapping.accounts,
      mapping.credential,
      ...(mapping.sessions.kind === 'table' ? [mapping.sessions] : []),
    ]);
    const fitted = fitMapping(mapping, tables);
    if (mapping.mode === 'functions') await requireFunction(fitted);
    return fitted;
  }

  async function requireFunction(fitted: FittedMapping): Promise<void> {
    const signature = recoverySignatureOf(fitted);
    const { rows } = await pool.query<{ may: boolean | null }>(
      `SELECT has_function_privilege(to_regprocedure($1), 'EXECUTE') AS may`,
      [signature],
    );
    if (rows[0]?.may === true) return;
    throw new Failure(
      'usage',
      `The role of ALLCLEAR_RECOVERY_DIRECTORY_URL may not execute ${signature}. Let the DBA run the SQL of: allclear directory add --recovery-role NAME`,
    );
  }

  return {
    async setPassword({ accountId, marker, hash }) {
      try {
        fitting ??= fit();
        const fitted = await fitting;
        if (!fitted.accepts(accountId)) return 'missing';
        const { rows } = await pool.query<{ result: SwapResult }>(
          mapping.mode === 'functions' ? byFunction(fitted) : directly(fitted),
          [accountId, marker, hash],
        );
        return rows[0]?.result ?? 'changed';
      } catch (cause) {
        fitting = null;
        throw unavailable(options.name, cause);
      }
    },
    async check() {
      try {
        const fitted = await (fitting ??= fit());
        if (mapping.mode === 'functions') return;
        const { rows } = await pool.query<{ can: boolean }>(`SELECT has_column_privilege($1, $2, 'UPDATE') AS can`, [
          fitted.credentials,
          mapping.credential.hash,
        ]);
        if (rows[0]?.can === true) return;
      } catch (cause) {
        fitting = null;
        throw unavailable(options.name, cause);
      }
      throw new Failure('usage', `The role of directory ${options.name} may not set passwords.`);
    },
    close: () => pool.end(),
  };
}

/** The driver's own message could hold a value; only its code is told. */
function unavailable(name: string, cause: unknown): Failure {
  if (cause instanceof Failure) return cause;
  const code = cause instanceof pg.DatabaseError ? (cause.code ?? 'unknown') : 'no-connection';
  return new Failure(
    'directory-unavailable',
    `Directory ${name} did not answer (${code}) when a new password was set; it is read back.`,
    { directory: name, code },
    cause,
  );
}

function byFunction(fitted: FittedMapping): string {
  return `SELECT ${fitted.functions}.allclear_set_password($1::${fitted.idType}, $2, $3) AS result`;
}

/** An account with two passwords is left alone: the service may take either. */
function directly(fitted: FittedMapping): string {
  const { setAtWrite } = fitted;
  const setAt = setAtWrite === null ? '' : `, ${setAtWrite.column} = ${setAtWrite.now}`;
  return `UPDATE ${fitted.credentials} c SET ${fitted.hash} = $3${setAt}
    WHERE c.${fitted.credentialAccount} = $1::${fitted.idType} AND c.${fitted.hash} = $2
      AND $2 LIKE 'allclear-q1$%'${fitted.andIsPassword('c')}
      AND 1 = (
        SELECT count(*) FROM ${fitted.credentials} twin WHERE twin.${fitted.credentialAccount} = $1::${fitted.idType}
          AND twin.${fitted.hash} <> ''${fitted.andIsPassword('twin')})
    RETURNING 'swapped'::text AS result`;
}
