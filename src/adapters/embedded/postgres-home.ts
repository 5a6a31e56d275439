import { chmod, chown, lchown, mkdir, mkdtemp, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { spawn } from 'node:child_process';
import { Failure } from '../../domain/shared/failure.ts';
import { copyBinaries, installedBinaries, linkLibraries } from './postgres-binaries.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { canUse, commandAs, fileOwner, identityCandidates, runsAs } from './postgres-identity.ts';
import type { IdentityKind, PostgresIdentity } from './postgres-identity.ts';
import { embeddedRole } from './postgres-url.ts';

/** Where and as whom a cluster can run; found by trying. */
export interface PostgresHome {
  readonly folder: string;
  readonly identity: PostgresIdentity;
  readonly binaries: PostgresBinaries;
}

/** sun_path holds 107 bytes; the socket's own name takes 14 (`/.s.PGSQL.5432`), its lock file 5 more. */
const maxSocketDirBytes = 107 - 14 - 5;

/** initdb's own words are kept up to here, for the message when it fails. */
const maxOutputChars = 4_000;

async function ownerOf(path: string): Promise<{ uid: number; gid: number }> {
  const { uid, gid } = await stat(path);
  return { uid, gid };
}

async function chownTree(path: string, uid: number, gid: number): Promise<void> {
  await lchown(path, uid, gid);
  for (const entry of await readdir(path, { recursive: true })) await lchown(join(path, entry), uid, gid);
}

/** Creates the 0700 data folder and gives its real path: `/proc` shows no other. */
export async function makeDataFolder(dataDir: string): Promise<string> {
  // Only the last folder is closed: where Postgres runs as another user it has to pass those above.
  await mkdir(dirname(dataDir), { recursive: true });
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await chmod(dataDir, 0o700);
  return realpath(dataDir);
}

export function clusterFolder(folder: string): string {
  return join(folder, 'cluster');
}

async function readyFor(
  identity: PostgresIdentity,
  installed: PostgresBinaries,
  folder: string,
): Promise<PostgresBinaries | undefined> {
  const owner = fileOwner(identity);
  const before = await ownerOf(folder);
  if (before.uid !== owner.uid) await chown(folder, owner.uid, owner.gid);
  if (canUse(identity, folder)) {
    if ((await linkLibraries(installed)) && runsAs(identity, folder, installed.postgres, ['--version']))
      return installed;
    const copied = await copyBinaries(installed, folder);
    if (runsAs(identity, folder, copied.postgres, ['--version'])) return copied;
  }
  if (before.uid !== owner.uid) await chown(folder, before.uid, before.gid);
  return undefined;
}

/**
 * Finds an identity that can run the binaries and write the data folder. `only` narrows the choice, for tests and for
 * machines where the first that seems to work does not.
 */
export async function findHome(folder: string, only?: IdentityKind): Promise<PostgresHome> {
  const installed = installedBinaries();
  const candidates = identityCandidates(await ownerOf(dirname(folder)));
  for (const identity of candidates.filter(({ kind }) => only === undefined || kind === only)) {
    const binaries = await readyFor(identity, installed, folder);
    if (binaries === undefined) continue;
    const owner = fileOwner(identity);
    const cluster = clusterFolder(folder);
    const current = await ownerOf(cluster).catch(() => undefined);
    // The cluster was last run under another identity, and Postgres refuses files that are not its own.
    if (current !== undefined && current.uid !== owner.uid) await chownTree(cluster, owner.uid, owner.gid);
    return { folder, identity, binaries };
  }
  throw new Failure(
    'database-unavailable',
    'The built-in Postgres cannot run here: it refuses to run as root, and no other user can read its binaries and write its data folder. Run as an ordinary user, move the data folder to a place that other users can enter, or set DATABASE_URL.',
    { tried: candidates.map(({ kind }) => kind) },
  );
}

/** Makes the cluster if there is none. It appears by one rename: a crash or a rival leaves no half cluster in use. */
export async function ensureCluster(home: PostgresHome, durable: boolean): Promise<void> {
  const cluster = clusterFolder(home.folder);
  if ((await ownerOf(join(cluster, 'PG_VERSION')).catch(() => undefined)) !== undefined) return;
  const owner = fileOwner(home.identity);
  const partial = await mkdtemp(`${cluster}-new-`);
  try {
    await chown(partial, owner.uid, owner.gid);
    await runInitdb(home, partial, durable);
    await rename(partial, cluster);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    const lostTheRace = ['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '');
    if (!lostTheRace) throw error;
  }
}

async function runInitdb(home: PostgresHome, cluster: string, durable: boolean): Promise<void> {
  const args = [
    `--pgdata=${cluster}`,
    `--username=${embeddedRole}`,
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    // The socket's 0700 folder is the lock; there is no password to lose, and no TCP port to try one on.
    '--auth-local=trust',
    '--auth-host=reject',
    ...(durable ? [] : ['--no-sync']),
  ];
  const { command, args: all, options } = commandAs(home.identity, home.folder, home.binaries.initdb, args);
  const child = spawn(command, all, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-maxOutputChars);
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) {
    throw new Failure(
      'database-unavailable',
      `The built-in Postgres could not make its data folder. initdb said:\n${output.trim()}`,
      { exitCode: code ?? -1 },
    );
  }
}

/** The socket lives in the data folder, or, where that path is too long for a socket, in a new 0700 folder. */
export async function makeSocketFolder(home: PostgresHome): Promise<string> {
  const owner = fileOwner(home.identity);
  const inside = join(home.folder, 'socket');
  const fits = Buffer.byteLength(inside) <= maxSocketDirBytes;
  const socketDir = fits ? inside : await mkdtemp(join(tmpdir(), 'allclear-pg-'));
  await mkdir(socketDir, { recursive: true, mode: 0o700 });
  await chown(socketDir, owner.uid, owner.gid);
  return socketDir;
}
