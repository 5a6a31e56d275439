import { readFileSync } from 'node:fs';
import { resultOf } from './benchmark.ts';
import type { Benchmark, Side, SideResult } from './benchmark.ts';
import { openBenchWorld } from './bench-world.ts';
import { freezePlanOf, seedEvidence, startTelling } from './invented-plan.ts';
import { openSink } from './mail-peers.ts';
import { allTold, startWorkers, tellAtOnce, warmTargets, warmUp } from './send-run.ts';
import type { RunningWorkers } from './send-run.ts';

const memoryFact = 'MB of the largest worker';
const workerFact = 'us of a worker per target';
const idleFact = '% of the machine idle';

const grouped = (count: number): string => count.toLocaleString('en');
const sideName = (targets: number, workers: number): string =>
  `${grouped(targets)} targets, ${workers} ${workers === 1 ? 'worker' : 'workers'}`;

/** `--size` is the largest plan; the others have a tenth of it. */
export const growthBenchmark: Benchmark = {
  title: 'work grows: notices by whole workers, permits and facts in Postgres',
  unit: 'targets',
  size: 100_000,
  rounds: 3,
  async open(size) {
    const small = Math.ceil(size / 10);
    const world = await openBenchWorld();
    const sink = await openSink();
    const batches = {
      warm: await seedEvidence(world, warmTargets, 'warm'),
      small: await seedEvidence(world, small, 'few'),
      large: await seedEvidence(world, size, 'many'),
    };
    const sideOf = (targets: number, workers: number): Side => {
      let running: RunningWorkers | null = null;
      let rolloutNo = 0;
      return {
        name: sideName(targets, workers),
        before: async () => {
          const batch = targets === size ? batches.large : batches.small;
          running = await startWorkers(world, workers, sink.port, targets);
          await warmUp(world, batches.warm);
          ({ rolloutNo } = await startTelling(world, await freezePlanOf(world, batch, targets, tellAtOnce)));
        },
        async run() {
          if (running === null) throw new Error('no worker was started');
          const before = await running.usage();
          const machine = machineTicks();
          const ownBefore = process.cpuUsage();
          await world.store.transact((tx) => tx.rollouts.openWave(rolloutNo, 'tell', targets));
          await allTold(world, rolloutNo, targets);
          const after = await running.usage();
          const own = process.cpuUsage(ownBefore);
          const used = after.map((one, index) => one.cpuSeconds - (before[index]?.cpuSeconds ?? 0));
          const cpuSeconds = used.reduce((sum, one) => sum + one, 0);
          const { idle, all } = machineTicks();
          return {
            units: targets,
            // What looks on is no part of the work.
            cpuSeconds: cpuSeconds - (own.user + own.system) / 1e6,
            facts: {
              [workerFact]: (cpuSeconds / targets) * 1e6,
              [memoryFact]: Math.max(...after.map((one) => one.largestMb)),
              [idleFact]: ((idle - machine.idle) / (all - machine.all)) * 100,
            },
          };
        },
        after: async () => {
          await running?.stop();
        },
      };
    };
    return {
      postmasterPid: world.postmasterPid,
      sides: [sideOf(small, 1), sideOf(size, 1), sideOf(small, 2), sideOf(small, 4)],
      conclude: (results) => conclude(results, small, size),
      async close() {
        await sink.close();
        await world.close();
      },
    };
  },
};

function conclude(results: readonly SideResult[], small: number, size: number) {
  const one = resultOf(results, sideName(small, 1));
  const grown = resultOf(results, sideName(size, 1));
  const perTarget = one.unitsPerCpuSecond / grown.unitsPerCpuSecond;
  const perTargetWall = one.unitsPerSecond / grown.unitsPerSecond;
  const more = (grown.facts[memoryFact] ?? NaN) - (one.facts[memoryFact] ?? NaN);
  const two = resultOf(results, sideName(small, 2));
  const four = resultOf(results, sideName(small, 4));
  return [
    {
      goal: 'time per target within 1.3 times of that of a tenth of the targets',
      value: `${perTarget.toFixed(2)} times in CPU seconds, ${perTargetWall.toFixed(2)} in seconds`,
      isMet: perTarget <= 1.3,
    },
    { goal: 'memory flat: at most 100 MB more', value: `${more.toFixed(0)} MB more`, isMet: more <= 100 },
    {
      goal: 'two workers: at least 0.8 of twice the rate, or all cores are busy',
      value: `${(two.unitsPerSecond / one.unitsPerSecond).toFixed(2)} times, ${(two.facts[idleFact] ?? NaN).toFixed(0)} % idle`,
      isMet: two.unitsPerSecond >= 1.6 * one.unitsPerSecond,
    },
    {
      goal: 'four workers: at least 0.8 of four times the rate, or all cores are busy',
      value: `${(four.unitsPerSecond / one.unitsPerSecond).toFixed(2)} times, ${(four.facts[idleFact] ?? NaN).toFixed(0)} % idle`,
      isMet: four.unitsPerSecond >= 3.2 * one.unitsPerSecond,
    },
  ];
}

/** Of all cores since boot (proc(5)); waiting for a disk is idle too. */
function machineTicks(): { readonly idle: number; readonly all: number } {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
  const ticks = line.split(/\s+/).slice(1, 9).map(Number);
  return { idle: (ticks[3] ?? 0) + (ticks[4] ?? 0), all: ticks.reduce((sum, one) => sum + one, 0) };
}
