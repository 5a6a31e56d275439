import { spawnSync } from 'node:child_process';
import type { SpawnOptions } from 'node:child_process';
import { userInfo } from 'node:os';

/**
 * As whom Postgres runs. It refuses to run as root, and inside containers root is often all there is.
 * - `self`: the user of this process
 * - `user-namespace`: our own user, seen by Postgres as uid 1; files stay ours
 * - `other-user`: root gives its rights away to this uid
 */
export type PostgresIdentity =
  | { readonly kind: 'self' }
  | { readonly kind: 'user-namespace' }
  | { readonly kind: 'other-user'; readonly uid: number; readonly gid: number };

export type IdentityKind = PostgresIdentity['kind'];

/** The uid that every Linux knows as "nobody". */
const nobody = 65_534;

export interface RunnableCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly options: Pick<SpawnOptions, 'uid' | 'gid' | 'env' | 'cwd'>;
}

/**
 * The environment is built, not inherited: a stray PGDATA or PGOPTIONS must not reach the cluster, nor our secrets its
 * processes. Messages in English are what `ready` is recognised by.
 */
function cleanEnvironment(home: string): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'] ?? '/usr/bin:/bin', HOME: home, LC_ALL: 'C', TZ: 'UTC' };
}

export function commandAs(
  identity: PostgresIdentity,
  home: string,
  command: string,
  args: readonly string[],
): RunnableCommand {
  const options = { env: cleanEnvironment(home), cwd: home };
  switch (identity.kind) {
    case 'self':
      return { command, args, options };
    case 'user-namespace':
      return { command: 'unshare', args: ['--user', '--map-user=1', '--map-group=1', '--', command, ...args], options };
    case 'other-user':
      return { command, args, options: { ...options, uid: identity.uid, gid: identity.gid } };
  }
}

/** True when the command ran to its end with exit code 0 under that identity. */
export function runsAs(identity: PostgresIdentity, home: string, command: string, args: readonly string[]): boolean {
  const runnable = commandAs(identity, home, command, args);
  return spawnSync(runnable.command, runnable.args, { ...runnable.options, stdio: 'ignore' }).status === 0;
}

function hasName(): boolean {
  try {
    userInfo();
    return true;
  } catch {
    return false;
  }
}

/**
 * Whom to try, best first. `folderOwner` is the owner of the place that the data lives in: for root in somebody's home
 * (`sudo npm start`) it is often the only other user who can reach it.
 */
export function identityCandidates(folderOwner: { uid: number; gid: number }): readonly PostgresIdentity[] {
  const isRoot = process.getuid?.() === 0;
  // initdb asks for the name of its uid; `docker run --user 12345` has none, uid 1 (daemon) has.
  if (!isRoot) return hasName() ? [{ kind: 'self' }] : [{ kind: 'user-namespace' }, { kind: 'self' }];
  const owner: readonly PostgresIdentity[] =
    folderOwner.uid === 0 ? [] : [{ kind: 'other-user', uid: folderOwner.uid, gid: folderOwner.gid }];
  return [{ kind: 'user-namespace' }, ...owner, { kind: 'other-user', uid: nobody, gid: nobody }];
}

/** Who owns the files of a cluster run as this identity, as this process sees it. */
export function fileOwner(identity: PostgresIdentity): { uid: number; gid: number } {
  if (identity.kind === 'other-user') return { uid: identity.uid, gid: identity.gid };
  return { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
}
