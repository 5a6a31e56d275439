import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { disputeSensor } from '../src/app/rollout/take-permit.ts';
import { standardLimits } from '../src/domain/plan/limits.ts';
import type { PlanLimits } from '../src/domain/plan/limits.ts';
import type { BatchId } from '../src/domain/shared/ids.ts';
import type { BenchWorld } from './bench-world.ts';
import { accountsPerTarget, freezePlanOf, startTelling } from './invented-plan.ts';
import type { WorkerUsage } from './send-worker.ts';

/** Everybody in one wave, at any hour, without a review: what is measured is the sending. */
export const tellAtOnce: PlanLimits = {
  ...standardLimits,
  order: 'contain-first',
  review: 'none',
  holderHours: null,
  tellWaveSizes: [10_000_000],
  tellSoakSeconds: [0],
  containWaveSizes: [10_000_000],
  containSoakSeconds: [0],
  largestWave: 10_000_000,
  tellHourShare: 1,
};

/** Between two looks at how far the work is. */
const lookMs = 100;
/** The sensor of disputes must be heard within ten seconds. */
const beatEveryLooks = 20;
/** Longer without one more mail means that something is wrong. */
const stuckMs = 30_000;

export interface RunningWorkers {
  usage(): Promise<readonly WorkerUsage[]>;
  stop(): Promise<void>;
}

export async function startWorkers(
  world: BenchWorld,
  count: number,
  smtpPort: number,
  targets: number,
  env: Readonly<Record<string, string>> = {},
): Promise<RunningWorkers> {
  const children = await Promise.all(
    Array.from({ length: count }, async () => {
      const child = fork(fileURLToPath(new URL('send-worker.ts', import.meta.url)), {
        env: {
          PATH: process.env['PATH'] ?? '',
          ...world.env,
          SMTP_URL: `smtp://127.0.0.1:${smtpPort}`,
          BENCH_ACCOUNTS: String(targets * accountsPerTarget),
          ...env,
        },
      });
      await once(child, 'message');
      return child;
    }),
  );
  return {
    usage: () => Promise.all(children.map(usageOf)),
    async stop() {
      await Promise.all(
        children.map(async (child) => {
          const gone = once(child, 'exit');
          child.disconnect();
          await gone;
        }),
      );
    },
  };
}

async function usageOf(child: ChildProcess): Promise<WorkerUsage> {
  const answer = once(child, 'message') as Promise<[WorkerUsage]>;
  child.send('usage');
  return (await answer)[0];
}

/** Mails of a worker until its code is compiled. A wave of that size is lent in permits of a hundred, as a large one. */
export const warmTargets = 2_000;

/** Lets new workers send the notices of a plan of their own, so that what is measured afterwards is not their start. */
export async function warmUp(world: BenchWorld, batch: BatchId): Promise<void> {
  const { rolloutNo } = await startTelling(world, await freezePlanOf(world, batch, warmTargets, tellAtOnce));
  await world.store.transact((tx) => tx.rollouts.openWave(rolloutNo, 'tell', warmTargets));
  await allTold(world, rolloutNo, warmTargets);
}

/** Waits until everybody of a rollout is told, and throws where that stops. */
export async function allTold({ pool, store }: BenchWorld, rolloutNo: number, size: number): Promise<void> {
  let told = 0;
  let movedAtMs = performance.now();
  for (let look = 0; ; look += 1) {
    if (look % beatEveryLooks === 0) await store.transact((tx) => tx.rollouts.beatSensor(disputeSensor));
    const { rows } = await pool.query<{ told: number }>(
      `SELECT coalesce(sum(size), 0)::int AS told FROM permit WHERE rollout_no = $1 AND track = 'tell' AND state = 'settled'`,
      [rolloutNo],
    );
    const now = rows[0]?.told ?? 0;
    if (now >= size) return;
    if (now > told) movedAtMs = performance.now();
    told = now;
    if (performance.now() - movedAtMs > stuckMs) throw new Error(`only ${told} of ${size} are told, and nothing moves`);
    await delay(lookMs);
  }
}
