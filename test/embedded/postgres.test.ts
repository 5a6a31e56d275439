import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readdirSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { chown, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { copyBinaries, installedBinaries } from '../../src/adapters/embedded/postgres-binaries.ts';
import { findEmbeddedPostgres, startEmbeddedPostgres } from '../../src/adapters/embedded/postgres.ts';
import { awaitGone } from '../../src/adapters/embedded/postmaster.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

const hasty = { fsync: 'off' };
const nobody = 65_534;
const isRoot = process.getuid?.() === 0;
const script = path.join(import.meta.dirname, 'hold-postgres.ts');

/** Longer than any start or stop here; only a broken one reaches it. */
const goneTimeoutMs = 20_000;

let top: string;
/** Made once and used by one test after the other: a first start costs most. */
let dataDir: string;

beforeAll(async () => {
  top = realpathSync(makeTempFolder('launch'));
  chmodSync(top, 0o755);
  dataDir = path.join(top, 'data');
});
afterAll(() => rm(top, { recursive: true, force: true }));

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows;
  } finally {
    await client.end();
  }
}

interface Said {
  readonly kind: 'started' | 'refused';
  readonly url: string;
  readonly pid: number;
  readonly adopted: boolean;
  readonly code?: string;
}

async function inOtherProcess(
  folder: string,
  then: 'hold' | 'exit' | 'stop',
  uid?: number,
): Promise<{ said: Said; child: ChildProcess }> {
  const child = spawn(process.execPath, [script, folder, then], {
    stdio: ['pipe', 'pipe', 'inherit'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
  return { said: JSON.parse(line) as Said, child };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}

const isGone = (pid: number, folder = dataDir) => awaitGone(pid, path.join(folder, 'cluster'), goneTimeoutMs);

describe('one cluster after the other on one data folder', () => {
  test('only its owner can reach it: closed folders, a socket, no TCP port', async () => {
    const postgres = await startEmbeddedPostgres({ dataDir, settings: hasty });
    expect(postgres.adopted).toBe(false);
    expect(await ask(postgres.url, 'SHOW listen_addresses')).toEqual([['']]);
    expect(await ask(postgres.url, 'SELECT current_database(), current_user')).toEqual([['allclear', 'allclear']]);
    for (const folder of [dataDir, postgres.socketDir, path.join(dataDir, 'cluster')]) {
      expect(statSync(folder).mode & 0o777).toBe(0o700);
    }
    expect(await findEmbeddedPostgres(dataDir)).toBe(postgres.url);
    await ask(postgres.url, 'CREATE TABLE kept AS SELECT 1 AS n');
    await postgres.stop();
    await postgres.stop();
    expect(await findEmbeddedPostgres(dataDir)).toBeUndefined();
    await expect(ask(postgres.url, 'SELECT 1')).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('what was committed is there after a stop and a start', async () => {
    const postgres = await startEmbeddedPostgres({ dataDir, settings: hasty });
    expect(await ask(postgres.url, 'SELECT n FROM kept')).toEqual([[1]]);
    await postgres.stop();
  });

  test('a second process, and a second start in the same process, are refused while the first lives', async () => {
    const postgres = await startEmbeddedPostgres({ dataDir, settings: hasty });
    const { said } = await inOtherProcess(dataDir, 'exit');
    expect(said).toMatchObject({ kind: 'refused', code: 'conflict' });
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toMatchObject({ code: 'conflict' });
    expect(await ask(postgres.url, 'SELECT 1')).toEqual([[1]]);
    await postgres.stop();
  });

  test('after kill -9 of its owner the cluster is adopted with all it holds, and then stopped by its new owner', async () => {
    const { said, child } = await inOtherProcess(dataDir, 'hold');
    await end(child, 'SIGKILL');
    const heir = await startEmbeddedPostgres({ dataDir, settings: hasty });
    expect({ pid: heir.pid, adopted: heir.adopted }).toEqual({ pid: said.pid, adopted: true });
    expect(await ask(heir.url, 'SELECT n FROM kept')).toEqual([[1]]);
    await heir.stop();
    expect(await isGone(said.pid)).toBe(true);
  });

  test('after kill -9 of Postgres itself the next start recovers what was committed', async () => {
    const first = await startEmbeddedPostgres({ dataDir, settings: hasty });
    await ask(first.url, 'UPDATE kept SET n = 2');
    process.kill(first.pid, 'SIGKILL');
    const second = await startEmbeddedPostgres({ dataDir, settings: hasty });
    // The handle on the dead one must not reach the new one.
    await first.stop();
    expect(await ask(second.url, 'SELECT n FROM kept')).toEqual([[2]]);
    await second.stop();
  });

  test('a pid file left behind whose number now belongs to a stranger does not keep the cluster down', async () => {
    writeFileSync(
      path.join(dataDir, 'cluster', 'postmaster.pid'),
      `${process.pid}\n${dataDir}/cluster\n1\n5432\n${dataDir}/socket\n\n1 1\nready\n`,
      { mode: 0o600 },
    );
    const postgres = await startEmbeddedPostgres({ dataDir, settings: hasty });
    expect(postgres.adopted).toBe(false);
    await postgres.stop();
  });

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'an owner ended by %s leaves no Postgres behind',
    async (signal) => {
      const { said, child } = await inOtherProcess(dataDir, 'hold');
      await end(child, signal);
      expect(child.signalCode).toBe(signal);
      expect(await isGone(said.pid)).toBe(true);
    },
  );

  test('an owner that just comes to its end exits by itself and leaves no Postgres behind', async () => {
    const { said, child } = await inOtherProcess(dataDir, 'exit');
    if (child.exitCode === null) await once(child, 'exit');
    expect(child.exitCode).toBe(0);
    expect(await isGone(said.pid)).toBe(true);
  });

  test('the values of a row that was refused are not in the log', async () => {
    const lines: string[] = [];
    const postgres = await startEmbeddedPostgres({ dataDir, settings: hasty, log: (line) => lines.push(line) });
    await ask(postgres.url, "CREATE TABLE one (who text PRIMARY KEY); INSERT INTO one VALUES ('planted-value')");
    await expect(ask(postgres.url, "INSERT INTO one VALUES ('planted-value')")).rejects.toMatchObject({
      code: '23505',
    });
    await postgres.stop();
    expect(lines.join('\n')).toContain('duplicate key');
    expect(lines.join('\n')).not.toContain('planted-value');
  });
});

test('two processes that start on a new folder at the same moment end up with one Postgres', async () => {
  const folder = path.join(top, 'raced');
  const rivals = await Promise.all([inOtherProcess(folder, 'hold'), inOtherProcess(folder, 'hold')]);
  expect(rivals.map(({ said }) => said.kind).toSorted()).toEqual(['refused', 'started']);
  const winner = rivals.find(({ said }) => said.kind === 'started')!;
  expect(await ask(winner.said.url, 'SELECT 1')).toEqual([[1]]);
  for (const { child } of rivals) if (child.exitCode === null) await end(child, 'SIGTERM');
  expect(await isGone(winner.said.pid, folder)).toBe(true);
});

test('a data folder whose path is too long for a socket works, and its socket folder goes with the stop', async () => {
  const deep = path.join(top, 'd'.repeat(100), 'comma, space and ü');
  const postgres = await startEmbeddedPostgres({ dataDir: deep, settings: hasty });
  expect(postgres.socketDir.startsWith(deep)).toBe(false);
  expect(statSync(postgres.socketDir).mode & 0o777).toBe(0o700);
  expect(await ask(postgres.url, 'SELECT 1')).toEqual([[1]]);
  await postgres.stop();
  expect(existsSync(postgres.socketDir)).toBe(false);
});

test('binaries that cannot be completed in place run from a copy', async () => {
  const copied = await copyBinaries(installedBinaries(), top);
  expect(copied.root.startsWith(top)).toBe(true);
  expect(spawnSync(copied.postgres, ['--version'], { encoding: 'utf8' }).stdout).toContain('PostgreSQL');
  expect(readdirSync(top).filter((name) => name.endsWith('.partial'))).toEqual([]);
});

describe.runIf(isRoot)('as root', () => {
  test('without user namespaces the cluster runs as another user, and its files stay usable when that changes', async () => {
    const folder = path.join(top, 'as-root');
    const other = await startEmbeddedPostgres({ dataDir: folder, settings: hasty, identity: 'other-user' });
    expect(statSync(path.join(folder, 'cluster')).uid).toBe(nobody);
    await ask(other.url, 'CREATE TABLE kept AS SELECT 1 AS n');
    await other.stop();
    const own = await startEmbeddedPostgres({ dataDir: folder, settings: hasty });
    expect(await ask(own.url, 'SELECT n FROM kept')).toEqual([[1]]);
    await own.stop();
  });

  test('in a home that only its owner may enter, the cluster runs as that owner', async () => {
    const stranger = nobody - 1;
    const home = path.join(top, 'home');
    await mkdir(home, { mode: 0o700 });
    await chown(home, stranger, stranger);
    const postgres = await startEmbeddedPostgres({ dataDir: path.join(home, 'data'), settings: hasty });
    expect(statSync(path.join(home, 'data', 'cluster')).uid).toBe(stranger);
    expect(await ask(postgres.url, 'SELECT 1')).toEqual([[1]]);
    await postgres.stop();
  });

  const canBeRead =
    isRoot && spawnSync('/bin/sh', ['-c', `test -r '${script}'`], { uid: nobody, gid: nobody }).status === 0;
  test.runIf(canBeRead)('an ordinary user starts and stops a cluster of their own', async () => {
    const home = path.join(top, 'plain');
    await mkdir(home);
    await chown(home, nobody, nobody);
    const { said, child } = await inOtherProcess(path.join(home, 'data'), 'stop', nobody);
    expect(said.kind).toBe('started');
    if (child.exitCode === null) await once(child, 'exit');
    expect(child.exitCode).toBe(0);
    expect(statSync(path.join(home, 'data', 'cluster')).uid).toBe(nobody);
  });
});
