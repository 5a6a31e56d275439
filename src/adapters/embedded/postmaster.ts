import { readlinkSync } from 'node:fs';
import { readFile, readdir, readlink, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** What a running cluster says of itself in `postmaster.pid` (Postgres: storage.html, "Database File Layout"). */
export interface Postmaster {
  readonly pid: number;
  readonly socketDir: string;
}

const pidFile = 'postmaster.pid';
const pidLine = 0;
const socketDirLine = 4;

/** Between two looks at a process that is not our child, so that its end cannot be awaited as an event. */
const lookAgainMs = 25;

async function readPidFile(cluster: string): Promise<readonly string[] | undefined> {
  try {
    return (await readFile(join(cluster, pidFile), 'utf8')).split('\n');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Every process of a cluster works in its folder, and keeps doing so however it was orphaned; a pid alone can be reused. */
async function worksIn(pid: number | string, cluster: string): Promise<boolean> {
  return (await readlink(`/proc/${pid}/cwd`).catch(() => undefined)) === cluster;
}

/** The live postmaster of this cluster folder (a real path), or nothing. */
export async function livePostmaster(cluster: string): Promise<Postmaster | undefined> {
  const lines = await readPidFile(cluster);
  const pid = Number(lines?.[pidLine]);
  const socketDir = lines?.[socketDirLine];
  if (!Number.isSafeInteger(pid) || pid <= 0 || socketDir === undefined || socketDir === '') return undefined;
  return (await worksIn(pid, cluster)) ? { pid, socketDir } : undefined;
}

/** After kill -9 of a postmaster its children take a moment to notice; a new one would refuse to start beside them. */
export async function hasProcesses(cluster: string): Promise<boolean> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const working = await Promise.all(pids.map((pid) => worksIn(pid, cluster)));
  return working.includes(true);
}

function isTaken(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Postgres clears a stale pid file itself, except where the pid now belongs to a stranger whom it may signal: for root
 * that is any process, and the cluster would never start again. Call only when no process works in the folder.
 */
export async function removeMisleadingPidFile(cluster: string): Promise<void> {
  const pid = Number((await readPidFile(cluster))?.[pidLine]);
  if (Number.isSafeInteger(pid) && pid > 0 && isTaken(pid) && !(await worksIn(pid, cluster))) {
    await rm(join(cluster, pidFile), { force: true });
  }
}

/** True when the process was gone within `timeoutMs`. */
export async function awaitGone(pid: number, cluster: string, timeoutMs: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < timeoutMs; waitedMs += lookAgainMs) {
    if (!(await worksIn(pid, cluster))) return true;
    await delay(lookAgainMs);
  }
  return false;
}

/**
 * Synchronous, so that it also works while this process exits. Says false when the postmaster is gone already: its pid
 * may be a stranger's by now, and is not signalled.
 */
export function signalPostmaster(pid: number, cluster: string, signal: 'SIGINT' | 'SIGQUIT'): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === cluster && process.kill(pid, signal);
  } catch (error) {
    if (['ESRCH', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}
