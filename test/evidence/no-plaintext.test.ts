import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEmbeddedPostgres } from '../../src/adapters/embedded/postgres.ts';
import type { EmbeddedPostgres } from '../../src/adapters/embedded/postgres.ts';
import { EvidenceWorld, migratedPool } from './support/evidence-world.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

/** What no file may hold; each list form carries its own. */
const canaries = [
  'CANARY-right-7Qd2',
  'CANARY-wrong-x81Z',
  'CANARY-stranger-Yk3',
  'CANARY-refused-Pq9',
  'CANARY-csv-0aF',
];
/** Held by files on purpose, so that a search that finds nothing has been seen to find something. */
const planted = 'u-account-id-that-is-stored';

describe('leaked passwords at rest', () => {
  let folder: string;
  let cluster: EmbeddedPostgres;
  let world: EvidenceWorld;
  const said: string[] = [];

  beforeAll(async () => {
    folder = makeTempFolder('no-plaintext');
    cluster = await startEmbeddedPostgres({
      dataDir: join(folder, 'postgres'),
      settings: { fsync: 'off', log_statement: 'all', log_min_duration_statement: '0', log_parameter_max_length: '-1' },
      log: (line) => said.push(line),
    });
    world = new EvidenceWorld(await migratedPool(cluster.url));
  });
  afterAll(async () => {
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('no leaked password is in a table, the write-ahead log, any file of the cluster, the progress or an error', async () => {
    const { directory, schemes } = world;
    directory.addHolder({ id: planted, address: 'ann@x.com', password: 'CANARY-right-7Qd2' });
    directory.addHolder({ id: 'bob', address: 'bob@x.com', password: 'safe' });
    await world.import(
      [
        'ann@x.com:CANARY-right-7Qd2',
        'bob@x.com:CANARY-wrong-x81Z',
        'nobody@x.com:CANARY-stranger-Yk3',
        'no address CANARY-refused-Pq9',
        '"bob@x.com","CANARY-csv-0aF"',
        ...Array.from({ length: 2_000 }, (_, n) => `bob@x.com:CANARY-wrong-x81Z${n}`),
      ].join('\n'),
    );
    expect(schemes.asked.map((one) => one.password)).toContain('CANARY-right-7Qd2');

    const verify = schemes.verify.bind(schemes);
    schemes.verify = () => Promise.reject(new Error('the pool broke'));
    const failure = await world
      .import('bob@x.com:CANARY-wrong-x81Z\n', { anew: true })
      .catch((error: unknown) => error);
    schemes.verify = verify;
    expect(String(failure)).toContain('the pool broke');

    const dump = await dumpTables(world);
    await world.pool.query('CHECKPOINT');
    await world.close();
    await cluster.stop();

    const places = new Map<string, Buffer>([
      ['tables', Buffer.from(dump)],
      ['progress', Buffer.from(JSON.stringify(world.progress))],
      ['failure', Buffer.from(`${String(failure)} ${JSON.stringify(failure)}`)],
      ['server log', Buffer.from(said.join('\n'))],
    ]);
    for (const file of await filesUnder(folder)) places.set(file, await readFile(file));
    const walFiles = [...places].filter(([name]) => name.includes('pg_wal'));
    expect(walFiles.some(([, bytes]) => bytes.includes(planted))).toBe(true);
    expect(places.get('tables')?.includes(planted)).toBe(true);
    for (const [place, bytes] of places) {
      const found = canaries
        .filter((canary) => bytes.includes(canary))
        .map((canary) => `${place}: ${canary.slice(0, 12)}`);
      expect(found).toEqual([]);
    }
  });
});

/** Every row of every table as text. */
async function dumpTables(from: EvidenceWorld): Promise<string> {
  const tables = await from.pool.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = 'allclear'`,
  );
  let text = '';
  for (const { name } of tables.rows) {
    const rows = await from.pool.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`);
    text += rows.rows.map((one) => `${name} ${one.row}\n`).join('');
  }
  return text;
}

async function filesUnder(root: string): Promise<readonly string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
