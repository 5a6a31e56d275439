import { execFile, execFileSync, spawn } from 'node:child_process';
import { accessSync, chownSync, constants, readdirSync } from 'node:fs';
import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort } from './free-port.ts';
import { childrenOf } from './postgres-pids.ts';

const run = promisify(execFile);
const installed = '/usr/lib/postgresql';
const needed = ['initdb', 'postgres', 'pg_basebackup'] as const;
/** A start on a small folder takes a tenth of a second; after a kill -9 it recovers first. */
const readyTries = 300;
const lookAgainMs = 100;

/** Settings of a primary that answers without waiting for its standby; nothing has to outlive a power cut here. */
const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  wal_level: 'replica',
  max_wal_senders: '4',
  wal_keep_size: '256MB',
  hot_standby: 'on',
  fsync: 'off',
  synchronous_commit: 'on',
  shared_buffers: '32MB',
  log_min_messages: 'panic',
} as const;

/** The folder of a whole Postgres as Debian installs it, the newest where there are several; null where there is none. */
export function findDebianPostgres(): string | null {
  try {
    const versions = readdirSync(installed).toSorted((a, b) => Number(b) - Number(a));
    const found = versions.map((version) => join(installed, version, 'bin')).find(isWhole);
    return found ?? null;
  } catch {
    return null;
  }
}

function isWhole(folder: string): boolean {
  try {
    for (const command of needed) accessSync(join(folder, command), constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** One cluster of Debian's Postgres on a folder and a port of its own. */
export interface DebianCluster {
  readonly port: number;
  /** Of the database `postgres`. */
  readonly url: string;
  start(): Promise<void>;
  /** `SIGINT`: a fast shutdown. `SIGKILL`: to all of its processes, without a word. */
  end(how: 'SIGINT' | 'SIGKILL'): Promise<void>;
  /** A standby takes over; answers once it can be written to. */
  promote(): Promise<void>;
  /** Its folder, copied while it is down. Goes to the place of the copy before. */
  copyCold(): Promise<void>;
  /** The copy is put in the place of the folder, while it is down. */
  putCopyBack(): Promise<void>;
  remove(): Promise<void>;
}

interface Home {
  /** On top of a clean environment: a library that is loaded before it. */
  readonly env: Readonly<Record<string, string>>;
  readonly bin: string;
  readonly folder: string;
  readonly owner: { readonly uid: number; readonly gid: number } | null;
}

export async function initPrimary(
  parent: string,
  name: string,
  env: Readonly<Record<string, string>> = {},
): Promise<DebianCluster> {
  const home = { ...(await makeHome(parent, name)), env };
  const args = ['-D', home.folder, '-U', 'allclear', '-A', 'trust', '--no-sync', '-E', 'UTF8', '--locale=C.UTF-8'];
  await run(join(home.bin, 'initdb'), args, asOwner(home));
  return clusterOn(home);
}

/** A standby that streams from this port, which may be a proxy's. It is not started. */
export async function copyToStandby(parent: string, name: string, streamsFrom: number): Promise<DebianCluster> {
  const home = await makeHome(parent, name);
  const source = `host=127.0.0.1 port=${streamsFrom} user=allclear dbname=postgres`;
  const args = ['-D', home.folder, '-d', source, '-R', '-X', 'stream', '-c', 'fast', '--no-sync'];
  await run(join(home.bin, 'pg_basebackup'), args, asOwner(home));
  return clusterOn(home);
}

/** Postgres refuses to run as root; root gives the folder to the user that Debian made for it. */
async function makeHome(parent: string, name: string): Promise<Home> {
  const bin = findDebianPostgres();
  if (bin === null) throw new Error('Debian’s postgresql is not installed: scripts/install-test-servers.sh postgresql');
  const owner = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : null;
  if (owner !== null) await chmod(parent, 0o711);
  const folder = join(parent, name);
  await mkdir(folder, { mode: 0o700 });
  if (owner !== null) chownSync(folder, owner.uid, owner.gid);
  return { bin, folder, owner, env: {} };
}

function idOf(flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
}

function asOwner({ owner }: Home): { cwd: string; env: NodeJS.ProcessEnv; uid?: number; gid?: number } {
  return { cwd: '/', env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', TZ: 'UTC' }, ...owner };
}

async function clusterOn(home: Home): Promise<DebianCluster> {
  const port = await freePort();
  const url = `postgresql://allclear@127.0.0.1:${port}/postgres`;
  const copy = `${home.folder}.copy`;
  let gone: Promise<void> = Promise.resolve();
  let pid = 0;

  async function copyOwned(from: string, to: string): Promise<void> {
    await rm(to, { recursive: true, force: true });
    await run('cp', ['-a', from, to]);
  }

  return {
    port,
    url,
    async start() {
      const given = Object.entries({ ...settings, port: String(port) }).flatMap(([name, value]) => [
        '-c',
        `${name}=${value}`,
      ]);
      // In the group of the rig: whoever ends a rig from its terminal ends this with it.
      const child = spawn(join(home.bin, 'postgres'), ['-D', home.folder, ...given], {
        ...asOwner(home),
        env: { ...asOwner(home).env, ...home.env },
        stdio: 'ignore',
      });
      pid = child.pid ?? 0;
      gone = new Promise((resolve) => child.once('exit', () => resolve()));
      await untilAnswers(url);
    },
    async end(how) {
      if (pid === 0) return;
      try {
        process.kill(pid, how === 'SIGINT' ? 'SIGINT' : 'SIGSTOP');
        if (how === 'SIGKILL') for (const one of [pid, ...childrenOf(pid)]) process.kill(one, 'SIGKILL');
      } catch {
        // One of them ended by itself meanwhile.
      }
      await gone;
      pid = 0;
      if (how === 'SIGKILL') await rm(join(home.folder, 'postmaster.pid'), { force: true });
    },
    async promote() {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query('SELECT pg_promote(true, 60)');
      await client.end();
    },
    copyCold: () => copyOwned(home.folder, copy),
    async putCopyBack() {
      await rm(home.folder, { recursive: true, force: true });
      await rename(copy, home.folder);
    },
    remove: () => rm(home.folder, { recursive: true, force: true }),
  };
}

async function untilAnswers(url: string): Promise<void> {
  for (let left = readyTries; ; left -= 1) {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('SELECT 1');
      await client.end();
      return;
    } catch (error) {
      await client.end().catch(() => undefined);
      if (left <= 1) throw error;
      await delay(lookAgainMs);
    }
  }
}
