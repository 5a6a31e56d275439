import type { Readable } from 'node:stream';
import type { ChainHead } from '../../domain/ledger/ledger-row.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { copyOut, listTables, readSequences, settleTextForm } from './backup-tables.ts';
import type { BackupTable, SequenceValue } from './backup-tables.ts';
import { makePool } from './database.ts';
import { listApplied } from './migrate.ts';
import type { AppliedMigration } from './migrate.ts';

/** One snapshot of the whole database, as it was when it was opened. */
export interface BackupSource {
  readonly deployment: string;
  readonly environment: string;
  readonly ledgerPublicKey: string;
  /** By the database's clock. */
  readonly takenAt: Date;
  readonly migrations: readonly AppliedMigration[];
  readonly tables: readonly BackupTable[];
  readonly heads: readonly ChainHead[];
  /** Fingerprints of the sealing keys under which something can still be given back. */
  readonly sealedUnder: readonly string[];
  /** The rows in Postgres's text form; one table at a time. */
  copyOut(table: BackupTable): Readable & { readonly rowCount: number };
  /** Read last: a number that was given meanwhile is not given again. */
  sequences(): Promise<readonly SequenceValue[]>;
}

/** REPEATABLE READ, read only: beside a working server, and nothing waits for it. `Failure('conflict')` without a deployment. */
export async function withBackupSource<T>(url: string, work: (source: BackupSource) => Promise<T>): Promise<T> {
  const pool = makePool({
    url,
    poolSize: 1,
    applicationName: 'allclear export',
    // Reads one snapshot and holds no row. Between two tables it waits for whoever takes the file: a disk, a slow pipe.
    silentInTransactionMs: 'unbounded',
    onIdleError: () => undefined,
  });
  try {
    const client = await pool.connect();
    try {
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      const nothing = new Failure('conflict', 'No server ever started on this database: there is nothing to keep.');
      const found = await client.query<{ found: boolean }>(
        `SELECT to_regclass('allclear.deployment') IS NOT NULL AS found`,
      );
      if (found.rows[0]?.found !== true) throw nothing;
      const { rows } = await client.query<{ id: string; environment: string; key: string; at: Date }>(
        `SELECT deployment_id AS id, environment, ledger_public_key AS key, clock_timestamp() AS at FROM allclear.deployment`,
      );
      const [row] = rows;
      if (row === undefined) throw nothing;
      await settleTextForm(client);
      const heads = await client.query<ChainHead>(
        'SELECT chain, seq, hash FROM allclear.ledger_head WHERE seq > 0 ORDER BY chain',
      );
      const sealed = await client.query<{ id: string }>(
        'SELECT DISTINCT key_id AS id FROM allclear.plan_key WHERE destroyed_at IS NULL ORDER BY 1',
      );
      return await work({
        deployment: row.id,
        environment: row.environment,
        ledgerPublicKey: row.key,
        takenAt: row.at,
        migrations: await listApplied(client),
        tables: await listTables(client),
        heads: heads.rows,
        sealedUnder: sealed.rows.map((one) => one.id),
        copyOut: (table) => copyOut(client, table),
        sequences: () => readSequences(client),
      });
    } finally {
      // Its transaction goes with it, also where a copy was broken off in the middle.
      client.release(true);
    }
  } finally {
    await pool.end();
  }
}
