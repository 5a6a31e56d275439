import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { realpath, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { Failure } from '../../domain/shared/failure.ts';
import { ensureDatabase } from './databases.ts';
import { stopWithProcess } from './exit-with-process.ts';
import { clusterFolder, ensureCluster, findHome, makeDataFolder, makeSocketFolder } from './postgres-home.ts';
import type { PostgresHome } from './postgres-home.ts';
import { commandAs } from './postgres-identity.ts';
import type { IdentityKind } from './postgres-identity.ts';
import { socketUrl } from './postgres-url.ts';
import { awaitGone, hasProcesses, livePostmaster, removeMisleadingPidFile, signalPostmaster } from './postmaster.ts';
import type { Postmaster } from './postmaster.ts';

export interface EmbeddedPostgresOptions {
  /** A folder for this alone; made with mode 0700 if missing. */
  readonly dataDir: string;
  /** Postgres's own log lines. Statements and row values are kept out of them. */
  readonly log?: (line: string) => void;
  /** Server settings beside ours, for instance `{ fsync: 'off' }` in tests. They do not reach an adopted cluster. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Forces one way of not being root; the default finds one that works. */
  readonly identity?: IdentityKind;
}

export interface EmbeddedPostgres {
  /** Of the database `allclear`, which exists. */
  readonly url: string;
  readonly socketDir: string;
  readonly pid: number;
  /** True when the cluster was already running: the process that started it died without stopping it. */
  readonly adopted: boolean;
  /** Ends all connections and shuts the cluster down. End pools first, or they report the loss. Idempotent. */
  stop(): Promise<void>;
}

const ready = 'database system is ready to accept connections';

/** A start replays the log since the last checkpoint (every 5 minutes or 1 GB): seconds, on a slow disk a minute. */
const readyTimeoutMs = 180_000;

/** A fast shutdown writes a checkpoint; past this we fall back on an immediate one, which costs a replay at the next start. */
const fastStopMs = 60_000;
const immediateStopMs = 10_000;

/** While a cluster starts, recovers or shuts down it refuses connections; then we look again, at most this long in all. */
const settleTimeoutMs = 180_000;
const lookAgainMs = 50;

/** A local server accepts or refuses at once; one that does neither is frozen, and a person has to look. */
const connectTimeoutMs = 10_000;

/** Kept for the message when Postgres ends before it is ready. */
const keptLogLines = 20;

/** Key of the advisory lock in the database `postgres` that says which process answers for the cluster. */
const ownerLockKey = 20_140_303;

function rivalFailure(pid: number): Failure {
  return new Failure(
    'conflict',
    'Another Allclear process is running on this data folder. Stop that one first, or use it: give other processes its DATABASE_URL.',
    { postgresPid: pid },
  );
}

function unreachableFailure(pid: number, cause: unknown): Failure {
  return new Failure(
    'database-unavailable',
    'A built-in Postgres runs on this data folder and does not let us in. Look at its process before you try again.',
    { postgresPid: pid },
    cause,
  );
}

/** One quoted element of the list that `unix_socket_directories` is: a path may hold a comma or a space. */
function listElement(path: string): string {
  return `"${path.replaceAll('"', '""')}"`;
}

function settingsFor(socketDir: string, more: Readonly<Record<string, string>>): readonly string[] {
  const settings: Record<string, string> = {
    listen_addresses: '',
    unix_socket_directories: listElement(socketDir),
    unix_socket_permissions: '0700',
    // A failed statement or its row would put addresses into the log.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    ...more,
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function awaitReady(child: ChildProcess & { stderr: Readable }, log: (line: string) => void): Promise<void> {
  const tail: string[] = [];
  const lines = createInterface({ input: child.stderr });
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(
        new Failure('database-unavailable', 'The built-in Postgres was not ready in time. Its log says why.', {
          readyTimeoutMs,
        }),
      );
    }, readyTimeoutMs);
    timer.unref();
    lines.on('line', (line) => {
      log(line);
      tail.push(line);
      if (tail.length > keptLogLines) tail.shift();
      if (line.includes(ready)) {
        clearTimeout(timer);
        resolve();
      }
    });
    child.once('error', reject);
    child.once('close', (exitCode) => {
      clearTimeout(timer);
      reject(
        new Failure(
          'database-unavailable',
          `The built-in Postgres ended before it was ready. It said:\n${tail.join('\n')}`,
          {
            exitCode: exitCode ?? -1,
          },
        ),
      );
    });
  });
}

async function launch(home: PostgresHome, options: EmbeddedPostgresOptions): Promise<Postmaster> {
  const cluster = clusterFolder(home.folder);
  const socketDir = await makeSocketFolder(home);
  const args = ['-D', cluster, ...settingsFor(socketDir, options.settings ?? {})];
  const { command, args: all, options: how } = commandAs(home.identity, home.folder, home.binaries.postgres, args);
  // Detached: a Ctrl-C in the terminal must reach the server first, which still needs the database to halt cleanly.
  const child = spawn(command, all, { ...how, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    await awaitReady(child, options.log ?? (() => {}));
  } catch (error) {
    child.kill('SIGQUIT');
    throw error;
  }
  // Neither the child nor its log may keep a process alive that has nothing else to do; it is stopped at exit.
  child.unref();
  (child.stderr as Readable & { unref?: () => void }).unref?.();
  const { pid } = child;
  if (pid === undefined) throw new Failure('internal', 'A started Postgres has no process id.');
  return { pid, socketDir };
}

/** Holds the owner lock for as long as this process lives: the kernel closes the connection, however it dies. */
async function takeOwnership(postmaster: Postmaster): Promise<pg.Client> {
  const owner = new pg.Client({
    connectionString: socketUrl(postmaster.socketDir, 'postgres'),
    application_name: 'allclear-owner',
    connectionTimeoutMillis: connectTimeoutMs,
  });
  owner.on('error', () => {
    // The cluster ended. Whoever uses it notices by its own connections.
  });
  await owner.connect();
  const { rows } = await owner.query<{ mine: boolean }>('SELECT pg_try_advisory_lock($1) AS mine', [ownerLockKey]);
  if (rows[0]?.mine !== true) {
    await owner.end();
    throw rivalFailure(postmaster.pid);
  }
  // Missing from the package's types; without it the lock alone would keep a process alive.
  (owner as pg.Client & { unref(): void }).unref();
  return owner;
}

function isSettling(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  // 57P03 cannot_connect_now, 57P01 admin_shutdown; the others while the socket comes or goes.
  return typeof code === 'string' && ['57P03', '57P01', 'ECONNREFUSED', 'ENOENT', 'ECONNRESET', 'EPIPE'].includes(code);
}

interface Owned {
  readonly postmaster: Postmaster;
  readonly owner: pg.Client;
  readonly adopted: boolean;
}

async function adoptOrLaunch(folder: string, options: EmbeddedPostgresOptions): Promise<Owned> {
  const cluster = clusterFolder(folder);
  for (let waitedMs = 0; waitedMs < settleTimeoutMs; waitedMs += lookAgainMs) {
    const live = await livePostmaster(cluster);
    if (live !== undefined) {
      try {
        return { postmaster: live, owner: await takeOwnership(live), adopted: true };
      } catch (error) {
        if (error instanceof Failure) throw error;
        if (!isSettling(error)) throw unreachableFailure(live.pid, error);
      }
    } else if (!(await hasProcesses(cluster))) {
      const home = await findHome(folder, options.identity);
      await ensureCluster(home, options.settings?.['fsync'] !== 'off');
      await removeMisleadingPidFile(cluster);
      // A rival may have been quicker: Postgres then refuses ours, and the lock decides who answers for the cluster.
      const launched = await launch(home, options).catch(async (error: unknown) => {
        if ((await livePostmaster(cluster)) === undefined) throw error;
        return undefined;
      });
      if (launched !== undefined) return { postmaster: launched, owner: await takeOwnership(launched), adopted: false };
    }
    await delay(lookAgainMs);
  }
  throw new Failure(
    'database-unavailable',
    'The built-in Postgres of this data folder is neither running nor gone. Look at its processes before you try again.',
    { settleTimeoutMs },
  );
}

async function shutDown(cluster: string, { pid }: Postmaster): Promise<void> {
  if (!signalPostmaster(pid, cluster, 'SIGINT')) return;
  if (await awaitGone(pid, cluster, fastStopMs)) return;
  signalPostmaster(pid, cluster, 'SIGQUIT');
  if (await awaitGone(pid, cluster, immediateStopMs)) return;
  throw new Failure(
    'database-unavailable',
    'The built-in Postgres does not end. No data is lost; end its process by hand.',
    {
      postgresPid: pid,
    },
  );
}

/**
 * Starts the Postgres that comes with Allclear on `dataDir`, reachable only through a socket that only this user can
 * open. One process at a time answers for a data folder: a second one is refused with `conflict`. When that process exits
 * or is ended by SIGTERM, SIGINT or SIGHUP the cluster is stopped; after kill -9 the cluster runs on, whole, and the
 * next start adopts it.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const folder = await makeDataFolder(options.dataDir);
  const cluster = clusterFolder(folder);
  const { postmaster, owner, adopted } = await adoptOrLaunch(folder, options);
  const forget = stopWithProcess(() => signalPostmaster(postmaster.pid, cluster, 'SIGINT'));

  const stopOnce = async (): Promise<void> => {
    forget();
    // The lock is kept to the end: let go now, a rival could adopt a cluster that is going down.
    await shutDown(cluster, postmaster);
    await owner.end().catch(() => {});
    if (dirname(postmaster.socketDir) !== folder) await rm(postmaster.socketDir, { recursive: true, force: true });
  };
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopping ??= stopOnce());

  try {
    const url = await ensureDatabase(socketUrl(postmaster.socketDir, 'postgres'), 'allclear');
    return { url, socketDir: postmaster.socketDir, pid: postmaster.pid, adopted, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The url of the cluster that runs on `dataDir` now, whoever answers for it; for commands on the same machine. */
export async function findEmbeddedPostgres(dataDir: string): Promise<string | undefined> {
  const folder = await realpath(dataDir).catch(() => undefined);
  if (folder === undefined) return undefined;
  const live = await livePostmaster(clusterFolder(folder));
  return live === undefined ? undefined : socketUrl(live.socketDir, 'allclear');
}
