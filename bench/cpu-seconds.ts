import { readFileSync, readdirSync } from 'node:fs';

/** The kernel's clock tick of /proc (USER_HZ), the same on every Linux that Node runs on. */
const ticksPerSecond = 100;

/**
 * CPU seconds, user and system, that this process, children of it that ended, and the cluster under `postmasterPid` used so far. A backend that ended is in
 * its postmaster's account of its children (proc(5): cutime, cstime), so nothing is lost when a connection closes.
 */
export function cpuSeconds(postmasterPid: number | null): number {
  const own = process.cpuUsage();
  const ended = readStat(process.pid)?.children ?? 0;
  const ownSeconds = (own.user + own.system) / 1e6 + ended / ticksPerSecond;
  return postmasterPid === null ? ownSeconds : ownSeconds + clusterSeconds(postmasterPid);
}

function clusterSeconds(postmasterPid: number): number {
  const postmaster = readStat(postmasterPid);
  if (postmaster === null) throw new Error(`no process ${postmasterPid}: Postgres is gone`);
  let ticks = postmaster.own + postmaster.children;
  for (const entry of readdirSync('/proc')) {
    const stat = /^\d+$/.test(entry) ? readStat(Number(entry)) : null;
    if (stat?.parent === postmasterPid) ticks += stat.own;
  }
  return ticks / ticksPerSecond;
}

function readStat(pid: number): { readonly parent: number; readonly own: number; readonly children: number } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold spaces; the fields after it are numbered from 3 (proc(5)).
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const field = (number: number): number => Number(fields[number - 3]);
    return { parent: field(4), own: field(14) + field(15), children: field(16) + field(17) };
  } catch {
    // Ended between the list and the look.
    return null;
  }
}
