import { spawnSync } from 'node:child_process';
import type { SpawnOptions } from 'node:child_process';

/**
 * As whom Postgres runs. It refuses to run as root, and inside containers root is often all there is.
 * - `self`: the user of this process
 * - `user-namespace`: our own user, seen by Postgres as uid 1; files stay ours
 * - `other-user`: root gives its rights away to this uid; `mapped`: which Postgres, too, sees as uid 1
 */
export type PostgresIdentity =
  | { readonly kind: 'self' }
  | { readonly kind: 'user-namespace' }
  | { readonly kind: 'other-user'; readonly uid: number; readonly gid: number; readonly mapped: boolean };

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
  const mapped = ['--user', '--map-user=1', '--map-group=1', '--', command, ...args];
  switch (identity.kind) {
    case 'self':
      return { command, args, options };
    case 'user-namespace':
      return { command: 'unshare', args: mapped, options };
    case 'other-user': {
      const { uid, gid } = identity;
      const as = { ...options, uid, gid };
      return identity.mapped ? { command: 'unshare', args: mapped, options: as } : { command, args, options: as };
    }
  }
}

/** True when the command ran to its end with exit code 0 under that identity. */
export function runsAs(identity: PostgresIdentity, home: string, command: string, args: readonly string[]): boolean {
  const runnable = commandAs(identity, home, command, args);
  return spawnSync(runnable.command, runnable.args, { ...runnable.options, stdio: 'ignore' }).status === 0;
}

/**
 * True when the identity can write the folder, and has a name: initdb asks for the name of its uid, and in a container
 * (`docker run --user 12345`, a folder mounted from outside) there may be none, where uid 1 (daemon) has one.
 */
export function canUse(identity: PostgresIdentity, folder: string): boolean {
  const script = 'test -w "$1" && ls "$1" >/dev/null && id -un >/dev/null';
  // Not from the folder itself: a working folder stays usable also where its parents cannot be passed.
  return runsAs(identity, '/', '/bin/sh', ['-c', script, 'sh', folder]);
}

/**
 * Whom to try, best first. `folderOwner` is the owner of the place that the data lives in: for root in somebody's home
 * (`sudo npm start`) it is often the only other user who can reach it.
 */
export function identityCandidates(folderOwner: { uid: number; gid: number }): readonly PostgresIdentity[] {
  if (process.getuid?.() !== 0) return [{ kind: 'self' }, { kind: 'user-namespace' }];
  const { uid, gid } = folderOwner;
  const owner: readonly PostgresIdentity[] =
    uid === 0
      ? []
      : [
          { kind: 'other-user', uid, gid, mapped: false },
          { kind: 'other-user', uid, gid, mapped: true },
        ];
  return [{ kind: 'user-namespace' }, ...owner, { kind: 'other-user', uid: nobody, gid: nobody, mapped: false }];
}

/** Who owns the files of a cluster run as this identity, as this process sees it. */
export function fileOwner(identity: PostgresIdentity): { uid: number; gid: number } {
  if (identity.kind === 'other-user') return { uid: identity.uid, gid: identity.gid };
  return { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
}
