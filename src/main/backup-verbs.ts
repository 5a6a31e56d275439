import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { digests } from '../adapters/crypto/digests.ts';
import { findEmbeddedPostgres, startEmbeddedPostgres } from '../adapters/embedded/postgres.ts';
import { makeFileFence } from '../adapters/fence/file-fence.ts';
import { makeDatabase, makePool } from '../adapters/postgres/database.ts';
import { makeHaltPublisher } from '../adapters/postgres/halt-relay.ts';
import { migrate } from '../adapters/postgres/migrate.ts';
import { makeStore } from '../adapters/postgres/store.ts';
import { enterHalt } from '../app/rollout/halt-rollout.ts';
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
    return withDatabase(config, false, (url) => exportBackup(config, url, request, onProgress));
  },
  checkBackup: (request, onProgress) => checkBackup(request, onProgress),
  importBackup(request, onProgress) {
    const config = readConfig();
    return withDatabase(config, true, (url) => importBackup(config, url, request, onProgress));
  },
  migrate({ halt }) {
    const config = readConfig();
    return withDatabase(config, false, async (url) => {
      const pool = makePool({ url, poolSize, applicationName: 'allclear cli', onIdleError: () => undefined });
      try {
        if (halt) await haltAll(config, pool);
        return await migrate(pool);
      } finally {
        await pool.end();
      }
    });
  },
});

/** DATABASE_URL, the embedded cluster that runs on the home folder, or that cluster started for as long as this takes. */
async function withDatabase<T>(config: Config, mayMake: boolean, work: (url: string) => Promise<T>): Promise<T> {
  const dataDir = join(config.home, 'data', 'postgres');
  const running = config.databaseUrl ?? (await findEmbeddedPostgres(dataDir));
  if (running !== undefined) return work(running).catch(asFailure);
  if (!mayMake && !existsSync(dataDir))
    throw new Failure('database-unavailable', `There is no database in ${config.home}, and DATABASE_URL is not set.`);
  const started = await startEmbeddedPostgres({ dataDir });
  try {
    return await work(started.url);
  } finally {
    await started.stop();
  }
}

function asFailure(error: unknown): never {
  const { code } = error as { readonly code?: unknown };
  if (code !== 'ECONNREFUSED' && code !== 'ENOENT' && code !== 'ENOTFOUND') throw error;
  throw new Failure(
    'database-unavailable',
    'The database does not answer. Start it, or correct DATABASE_URL.',
    {},
    error,
  );
}

async function haltAll(config: Config, pool: ReturnType<typeof makePool>): Promise<void> {
  const fence = makeFileFence(config.stateDir);
  try {
    await enterHalt(
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
