import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { Kysely, PostgresDialect } from 'kysely';
import type pg from 'pg';
import type { Digests } from '../../app/ports/digests.ts';
import type { Tx } from '../../app/ports/store.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { copyIn, isEmptySchema, setSequence, settleTextForm } from './backup-tables.ts';
import type { BackupTable, SequenceValue } from './backup-tables.ts';
import { makePool } from './database.ts';
import type { Database, DatabaseTx } from './database.ts';
import { applyMissing, makeSchemaOf } from './migrate.ts';
import type { AppliedMigration } from './migrate.ts';
import { makeTx } from './store.ts';

/** An empty database that is being filled, in one transaction. */
export interface BackupTarget {
  /** Makes the schema as these migrations left it. `Failure('conflict')` where the database is not empty, or they are newer. */
  makeSchema(migrations: readonly AppliedMigration[]): Promise<void>;
  copyIn(table: BackupTable): { write(bytes: Buffer): Promise<void>; end(): Promise<number> };
  setSequences(values: readonly SequenceValue[]): Promise<void>;
  /** The migrations that this version has beyond those; names them. */
  applyMissing(): Promise<readonly string[]>;
  /** The stores, in the same transaction. */
  readonly tx: Tx;
}

/** Commits when `work` resolves; whatever else happens leaves the database as it was. */
export async function withBackupTarget<T>(
  url: string,
  digests: Digests,
  work: (target: BackupTarget) => Promise<T>,
): Promise<T> {
  const pool = makePool({
    url,
    poolSize: 1,
    applicationName: 'allclear import',
    // Into an empty database of its own: nobody waits for it, and it waits for whoever brings the file.
    silentInTransactionMs: 'unbounded',
    onIdleError: () => undefined,
  });
  try {
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      const done = await work(targetOver(client, digests));
      await client.query('COMMIT');
      return done;
    } finally {
      client.release(true);
    }
  } finally {
    await pool.end();
  }
}

function targetOver(client: pg.PoolClient, digests: Digests): BackupTarget {
  return {
    async makeSchema(migrations) {
      if (!(await isEmptySchema(client)))
        throw new Failure(
          'conflict',
          'The database is not empty. A backup goes into an empty one only: name another in DATABASE_URL.',
        );
      await makeSchemaOf(client, migrations);
      await settleTextForm(client);
    },
    copyIn(table) {
      const stream = copyIn(client, table);
      const done = finished(stream);
      // It is awaited at the end; a refusal in between must not end the process.
      done.catch(() => undefined);
      return {
        async write(bytes) {
          if (!stream.write(bytes)) await Promise.race([once(stream, 'drain'), done]);
        },
        async end() {
          stream.end();
          await done;
          return stream.rowCount;
        },
      };
    },
    async setSequences(values) {
      for (const value of values) await setSequence(client, value);
    },
    applyMissing: () => applyMissing(client),
    tx: makeTx(overClient(client), digests),
  };
}

/** The stores over the one connection whose transaction is open already. */
function overClient(client: pg.PoolClient): DatabaseTx {
  const pool = {
    connect: async () => ({ query: client.query.bind(client), release: () => undefined }),
    end: async () => undefined,
  };
  const database = new Kysely<Database>({ dialect: new PostgresDialect({ pool: pool as unknown as pg.Pool }) });
  // A transaction is a connection to kysely as well; ours began outside of it and ends there.
  return database as unknown as DatabaseTx;
}
