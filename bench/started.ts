import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface Started {
  readonly child: ChildProcess;
  /** 0 where it listens at none. */
  readonly port: number;
  stop(): Promise<void>;
}

/** One of the processes of this folder, until it says that it is ready. What it writes is thrown away. */
export async function startProcess(file: string, env: Readonly<Record<string, string>> = {}): Promise<Started> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), {
    env: { PATH: process.env['PATH'] ?? '', NODE_NO_WARNINGS: '1', ...env },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`${file} ended before it was ready`)));
  const [first] = (await Promise.race([once(child, 'message'), ended])) as [{ readonly port?: number }];
  // It ends when it is told to, later on.
  ended.catch(() => undefined);
  return {
    child,
    port: first.port ?? 0,
    async stop() {
      if (!child.connected) return;
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}

/** The server as it is run: a line of its log for each request. */
export function startServer(env: Readonly<Record<string, string>>): Promise<Started> {
  return startProcess('storm-server.ts', { ...env, LOG_LEVEL: 'info', PORT: '0' });
}
