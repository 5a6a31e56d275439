import { setTimeout as delay } from 'node:timers/promises';
import { startProcess } from './processes.ts';
import type { Victim } from './processes.ts';

/** A process that cannot start while its database is down is started again so often, this long after its end. */
const startsInRow = 60;
const againMs = 250;

/** A process that is started again whenever it ends, as a service manager does. */
export interface SupervisedProcess {
  /** Resolves once it is up; rejects when it never came up. */
  isUp(): Promise<Victim>;
  /** Whether it is up now. */
  isRunning(): boolean;
  /** SIGKILL to what runs now, once it is up; it is started again. */
  kill(): Promise<void>;
  /** SIGKILL, for good. */
  stop(): Promise<void>;
}

export function superviseProcess(entry: 'server' | 'worker', env: Readonly<Record<string, string>>): SupervisedProcess {
  let stopping = false;
  let running = false;
  let current = start();

  async function start(): Promise<Victim> {
    for (let left = startsInRow; ; left -= 1) {
      try {
        const victim = await startProcess(entry, env);
        running = true;
        void victim.gone.then(() => {
          running = false;
          if (!stopping) current = start();
        });
        return victim;
      } catch (error) {
        if (left <= 1 || stopping) throw error;
        await delay(againMs);
      }
    }
  }

  return {
    isUp: () => current,
    isRunning: () => running,
    async kill() {
      await (await current).kill();
    },
    async stop() {
      stopping = true;
      await (await current.catch(() => null))?.kill();
    },
  };
}
