import { join } from 'node:path';
import { digests } from '../adapters/crypto/digests.ts';
import { findEmbeddedPostgres } from '../adapters/embedded/postgres.ts';
import { makeDatabase, makePool } from '../adapters/postgres/database.ts';
import { makeStore } from '../adapters/postgres/store.ts';
import type { Store } from '../app/ports/store.ts';
import type { Config } from '../config/config.ts';
import { Failure } from '../domain/shared/failure.ts';

/** A command does one thing at a time. */
const poolSize = 1;

export interface LocalStore {
  readonly store: Store;
}

/**
 * Opens the database of this machine for one command: DATABASE_URL, or the embedded cluster that runs on the home
 * folder. It migrates nothing: the server does. `Failure('database-unavailable')`.
 */
export async function withLocalStore<T>(config: Config, work: (local: LocalStore) => Promise<T>): Promise<T> {
  const url = config.databaseUrl ?? (await findEmbeddedPostgres(join(config.home, 'data', 'postgres')));
  if (url === undefined) {
    throw new Failure(
      'database-unavailable',
      `No database runs for ${config.home}, and DATABASE_URL is not set. Start it with: npm start`,
    );
  }
  const pool = makePool({ url, poolSize, applicationName: 'allclear cli', onIdleError: () => undefined });
  try {
    const store = makeStore(makeDatabase(pool), digests);
    await store
      .transact((tx) => tx.rollouts.now())
      .catch((cause: unknown) => {
        const words = 'The database does not answer. Start it, or correct DATABASE_URL.';
        throw new Failure('database-unavailable', words, {}, cause);
      });
    return await work({ store });
  } finally {
    await pool.end();
  }
}
