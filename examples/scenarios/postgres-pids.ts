import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { World } from './world.ts';

export interface PostgresPids {
  readonly postmaster: number;
  /** All that it started: backends, writers, launchers. */
  readonly children: readonly number[];
  /** Those of the children that serve a connection. */
  readonly backends: readonly number[];
}

/** The processes of this world's Postgres now. */
export function postgresPids(world: World): PostgresPids {
  const [first = ''] = readFileSync(join(world.folder, 'postgres', 'cluster', 'postmaster.pid'), 'utf8').split('\n');
  const postmaster = Number(first);
  const children = childrenOf(postmaster);
  return { postmaster, children, backends: children.filter(isBackend) };
}

/** The processes that this one started and that live. */
export function childrenOf(parent: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => parentOf(pid) === parent);
}

/** Postgres shows in the title of a backend who is connected; helpers are named for what they do. */
function isBackend(pid: number): boolean {
  try {
    return /^postgres: \S+ \S+ \[local\]/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
  } catch {
    return false;
  }
}

function parentOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null;
  }
}
