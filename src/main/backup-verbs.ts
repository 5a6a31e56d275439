import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { digests } from '../adapters/crypto/digests.ts';
import { findEmbeddedPostgres, startEmbeddedPostgres } from '../adapters/embedded/postgres.ts';
import { makeFileFence } from '../adapters/fence/file-fence.ts';
import { makeDatabase, makePool } from '../adapters/postgres/database.ts';
import { makeHaltPublisher } from '../adapters/postgres/halt-relay.ts';
import { migrate } from '../adapters/postgres/migrate.ts';
import { makeStore } from '../adapters/postgres/store.ts';
import { haltRollout } from '../app/rollout/halt-rollout.ts';
import type { LocalVerbs } from '../cli/local-verbs.ts';
import type { Config } from '../config/config.ts';
import { Failure } from '../domain/shared/failure.ts';
import { checkBackup } from './backup/check-backup.ts';
import { exportBackup } from './backup/export-backup.ts';
import { importBackup } from './backup/import-backup.ts';

/** A command does one thing at a time; a second connection ends backends that hold a lock. */
const poolSize = 2;

export const makeBackupVerbs = (
  readConfig: () => Config,
): Pick<LocalVerbs, 'exportBackup' | 'checkBackup' | 'importBackup' | 'migrate'> => ({
  async exportBackup(request, onProgress) {
    const config = readConfig();
    if (existsSync(request.file))
      throw new Failure('conflict', `A file is already there and is not written over: ${request.file}`);
    return withPool(config, false, (pool) =>
      withClient(pool, (client) => exportBackup(config, client, request, onProgress)),
    );
  },
  checkBackup: (request, onProgress) => checkBackup(request, onProgress),
  importBackup(request, onProgress) {
    const config = readConfig();
    return withPool(config, true, (pool) =>
      withClient(pool, (client) => importBackup(config, client, request, onProgress)),
    );
  },
  migrate({ halt }) {
    const config = readConfig();
    return withPool(config, false, async (pool) => {
      if (halt) await haltAll(config, pool);
      return migrate(pool);
    });
  },
});

async function withClient<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect().catch((cause: unknown) => {
    throw new Failure('database-unavailable', 'The database does not answer. Correct DATABASE_URL.', {}, cause);
  });
  try {
    return await work(client);
  } finally {
    client.release(true);
  }
}

/** DATABASE_URL, the embedded cluster that runs on the home folder, or that cluster started for as long as this takes. */
async function withPool<T>(config: Config, mayMake: boolean, work: (pool: pg.Pool) => Promise<T>): Promise<T> {
  const dataDir = join(config.home, 'data', 'postgres');
  const running = config.databaseUrl ?? (await findEmbeddedPostgres(dataDir));
  if (running === undefined && !mayMake && !existsSync(dataDir))
    throw new Failure('database-unavailable', `There is no database in ${config.home}, and DATABASE_URL is not set.`);
  const started = running === undefined ? await startEmbeddedPostgres({ dataDir }) : null;
  try {
    const url = running ?? started?.url ?? '';
    const pool = makePool({ url, poolSize, applicationName: 'allclear cli', onIdleError: () => undefined });
    try {
      return await work(pool);
    } finally {
      await pool.end();
    }
  } finally {
    await started?.stop();
  }
}

async function haltAll(config: Config, pool: pg.Pool): Promise<void> {
  const fence = makeFileFence(config.stateDir);
  try {
    await haltRollout(
      {
        store: makeStore(makeDatabase(pool), digests),
        fence,
        publishHalt: makeHaltPublisher(pool),
        warn: (message) => void process.stderr.write(`${message}\n`),
      },
      { subject: null, scope: 'all', by: 'migrate', reason: 'halted to migrate to a newer version' },
    );
  } finally {
    fence.stop();
  }
}
