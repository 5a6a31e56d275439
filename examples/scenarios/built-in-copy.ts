import { execFile } from 'node:child_process';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startEmbeddedPostgres } from '../../src/adapters/embedded/postgres.ts';
import type { EmbeddedPostgres } from '../../src/adapters/embedded/postgres.ts';
import type { MovableDatabase } from './movable-database.ts';
import { childrenOf } from './postgres-pids.ts';

const run = promisify(execFile);
const settings = { fsync: 'off', synchronous_commit: 'on' };

/** The built-in Postgres on a folder of its own. The only way in which it comes to lack commits: its folder is an older copy. */
export async function startBuiltInCopy(folder: string): Promise<MovableDatabase> {
  const dataDir = join(folder, 'own-postgres');
  const copy = `${dataDir}.copy`;
  const start = (): Promise<EmbeddedPostgres> => startEmbeddedPostgres({ dataDir, settings });
  let postgres = await start();
  const { url } = postgres;

  /** Its socket is in place again before anybody asks: whoever is connected is cut off meanwhile, as by any restart. */
  async function startAgain(): Promise<void> {
    postgres = await start();
    if (postgres.url !== url) throw new Error('the built-in Postgres came up at another address');
  }

  return {
    url,
    async prepare() {
      // Nothing: a copy is made where the loss begins.
    },
    async beginLoss() {
      await postgres.stop();
      await rm(copy, { recursive: true, force: true });
      await run('cp', ['-a', dataDir, copy]);
      await startAgain();
    },
    async lose() {
      for (const pid of [postgres.pid, ...childrenOf(postgres.pid)]) {
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // It ended with the one that started it.
        }
      }
      await postgres.stop();
      await rm(dataDir, { recursive: true, force: true });
      await rename(copy, dataDir);
      await startAgain();
    },
    stop: () => postgres.stop(),
  };
}
