import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { createDatabase } from '../../src/adapters/embedded/databases.ts';
import { startEmbeddedPostgres } from '../../src/adapters/embedded/postgres.ts';
import type { EmbeddedPostgres } from '../../src/adapters/embedded/postgres.ts';
import { makeTempFolder } from './temp-folder.ts';

/** A first start takes about a second; several test processes may make theirs at once on few cores. */
const startTimeoutMs = 60_000;

/** Nothing of a test cluster has to outlive a power cut, and each of these costs time. */
const hasty = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_wal_senders: '0',
  wal_level: 'minimal',
};

export interface TestPostgres {
  /** The url of a new, empty database. It goes with the cluster; nothing needs to drop it. */
  freshDatabase(): Promise<string>;
  /** The url of a new database that is an exact copy of the one that `url` names, to which nobody may be connected. */
  cloneDatabase(url: string): Promise<string>;
}

/**
 * Gives a test file a real Postgres of its own, in a new folder under the temporary one, and removes it after the last
 * test. Call once at the top of the file or of a `describe`; the databases are there from `beforeAll` on.
 */
export function withTestPostgres(): TestPostgres {
  let folder: string | undefined;
  let cluster: EmbeddedPostgres | undefined;
  let made = 0;

  beforeAll(async () => {
    folder = makeTempFolder('test');
    cluster = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), settings: hasty });
  }, startTimeoutMs);

  afterAll(async () => {
    await cluster?.stop();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }, startTimeoutMs);

  const make = (template?: string): Promise<string> => {
    if (cluster === undefined) throw new Error('the test cluster runs from beforeAll on, not before');
    made += 1;
    return createDatabase(cluster.url, `test_${made}`, template);
  };

  return {
    freshDatabase: () => make(),
    cloneDatabase: (url) => make(new URL(url).pathname.slice(1)),
  };
}
