import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const readyWithinMs = 30_000;

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

/** Starts `src/main/server.ts` or `src/main/worker.ts` in a world, and waits until it is ready. */
export async function startProcess(entry: 'server' | 'worker', env: Readonly<Record<string, string>>): Promise<Victim> {
  const child = fork(`${root}src/main/${entry}.ts`, [], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    cwd: env['ALLCLEAR_HOME'] === undefined ? root : fileURLToPath(new URL(`file://${env['ALLCLEAR_HOME']}/..`)),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await isReady(child, entry);
  return {
    pid: child.pid ?? 0,
    gone: ended,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.kill('SIGKILL');
      await gone;
    },
    async stop() {
      const gone = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
      child.kill('SIGTERM');
      return gone;
    },
  };
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
