import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** Three seconds on a quiet machine; a rig that ran for an hour is not to end because a busy one took half a minute. */
const readyWithinMs = 120_000;

/** One process of ours, ended without warning by `kill`, and as a service manager does by `stop`. */
export interface Victim {
  readonly pid: number;
  /** SIGKILL; answers when the process is gone. */
  kill(): Promise<void>;
  /** SIGTERM; answers with the exit code, null where a signal ended it after all. */
  stop(): Promise<number | null>;
  /** Resolves when the process has ended, however it did. */
  readonly gone: Promise<void>;
}

/**
 * Starts `src/main/server.ts` or `src/main/worker.ts` in a world, and waits until it is ready. `under`: a command that runs
 * it as its only child and ends with it, such as strace.
 */
export async function startProcess(
  entry: 'server' | 'worker',
  env: Readonly<Record<string, string>>,
  under: readonly string[] = [],
): Promise<Victim> {
  const [command, ...args] = [...under, process.execPath];
  const child = fork(`${root}src/main/${entry}.ts`, [], {
    ...(command === undefined ? {} : { execPath: command, execArgv: args }),
    env: { PATH: process.env['PATH'] ?? '', ...env },
    cwd: env['ALLCLEAR_HOME'] === undefined ? root : fileURLToPath(new URL(`file://${env['ALLCLEAR_HOME']}/..`)),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await isReady(child, entry);
  const started = child.pid ?? 0;
  const pid = under.length === 0 ? started : (childOf(started) ?? started);
  const signal = (name: NodeJS.Signals): void => {
    try {
      process.kill(pid, name);
    } catch {
      // It ended by itself meanwhile.
    }
  };
  return {
    pid,
    gone: ended,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      signal('SIGKILL');
      await gone;
    },
    async stop() {
      const gone = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
      signal('SIGTERM');
      return gone;
    },
  };
}

/** The first process that this one started, by the kernel's own list. */
function childOf(pid: number): number | null {
  try {
    const [first = ''] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
    return first === '' ? null : Number(first);
  } catch {
    return null;
  }
}

function isReady(child: ChildProcess, entry: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`the ${entry} was not ready in ${readyWithinMs / 1_000} s`));
    }, readyWithinMs);
    child.once('message', () => {
      clearTimeout(timer);
      resolve();
    });
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      reject(new Error(`the ${entry} ended (${signal ?? code}) before it was ready`));
    });
  });
}
