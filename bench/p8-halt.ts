import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { createDatabase } from '../src/adapters/embedded/databases.ts';
import { startEmbeddedPostgres } from '../src/adapters/embedded/postgres.ts';
import { makeFileFence } from '../src/adapters/fence/file-fence.ts';
import type { FileFence } from '../src/adapters/fence/file-fence.ts';
import { resultOf } from './benchmark.ts';
import type { Benchmark, Side, SideResult } from './benchmark.ts';
import { openSink } from './mail-peers.ts';
import type { HaltWay, TrialSeen, TrialSettings } from './send-trials.ts';

const senders = 4;
const sizeBytes = 5_184;
/** From the go to the halt: all senders are at full speed by then. */
const runMs = 60;
/** Halts before those that count: until then code is being compiled. */
const warmHalts = 5;
/** The same halts for every side, none in step with a poll. */
const jitterMs = (trial: number): number => (trial * 37) % 50;

const ours = 'fence: four bytes of a file, read before each dot';
const listen = 'LISTEN alone';
const poll = 'a poll every 50 ms';
const row = 'a query of one row before each mail';
const nothing = 'nothing asked: told by its parent';
const lateFact = 'ms from the answer to the last dot, 95 of 100';
const worstFact = 'at most';
const lookFact = 'us a look';
/** Enough that one look is known to a tenth of a microsecond. */
const looks = 20_000;

const ways: readonly (readonly [string, HaltWay])[] = [
  [ours, 'fence'],
  [listen, 'listen'],
  [poll, 'poll'],
  [row, 'row'],
  [nothing, 'nothing'],
];

export const haltBenchmark: Benchmark = {
  title: 'a halt at full speed, four senders in processes of their own',
  unit: 'halts',
  size: 40,
  rounds: 3,
  async open(size) {
    const folder = await mkdtemp(join(tmpdir(), 'allclear-bench-halt-'));
    const cluster = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres') });
    const databaseUrl = await createDatabase(cluster.url, 'halts');
    const database = new pg.Pool({ connectionString: databaseUrl, max: 1 });
    await database.query('CREATE TABLE bench_halt AS SELECT 0 AS epoch');
    const sink = await openSink();
    const fence = makeFileFence(folder);
    fence.ensure(1, 'tell');
    /** Of every trial of a side, all rounds together. */
    const late = new Map<string, number[]>();
    let epoch = 0;
    const sides = ways.map(([name, way]): Side => {
      let running: readonly ChildProcess[] = [];
      let lookUs = 0;
      const settings: TrialSettings = {
        way,
        databaseUrl,
        stateDir: folder,
        smtpUrl: `smtp://127.0.0.1:${sink.port}`,
        sizeBytes,
      };
      return {
        name,
        before: async () => {
          lookUs = costOfLook(fence);
          running = await Promise.all(Array.from({ length: senders }, () => startSender(settings)));
          for (let halt = 0; halt < warmHalts; halt += 1) {
            epoch += 1;
            await haltOnce(running, way, { database, fence, epoch, runMs: 2 * runMs });
          }
        },
        async run() {
          let mails = 0;
          let cpuSeconds = 0;
          const seen: number[] = [];
          for (let trial = 0; trial < size; trial += 1) {
            epoch += 1;
            const one = await haltOnce(running, way, { database, fence, epoch, runMs: runMs + jitterMs(trial) });
            seen.push(one.lateMs);
            mails += one.mails;
            cpuSeconds += one.cpuSeconds;
          }
          late.set(name, [...(late.get(name) ?? []), ...seen]);
          return {
            units: mails,
            cpuSeconds,
            facts: {
              [lateFact]: share(seen, 0.95),
              [worstFact]: Math.max(...seen),
              ...(way === 'fence' ? { [lookFact]: lookUs } : {}),
            },
          };
        },
        after: async () => {
          await Promise.all(
            running.map(async (child) => {
              const gone = once(child, 'exit');
              child.disconnect();
              await gone;
            }),
          );
        },
      };
    });
    return {
      postmasterPid: cluster.pid,
      sides,
      ratesOf: 'mails',
      conclude: (results) => conclude(results, late),
      async close() {
        fence.stop();
        await sink.close();
        await database.end();
        await cluster.stop();
        await rm(folder, { recursive: true, force: true });
      },
    };
  },
};

async function startSender(settings: TrialSettings): Promise<ChildProcess> {
  const child = fork(fileURLToPath(new URL('send-trials.ts', import.meta.url)), [JSON.stringify(settings)]);
  await once(child, 'message');
  return child;
}

interface Halt {
  readonly database: pg.Pool;
  readonly fence: FileFence;
  readonly epoch: number;
  readonly runMs: number;
}

/** The intent is published first, as the product does it; the answer to the COMMIT is the instant that counts. */
async function haltOnce(
  running: readonly ChildProcess[],
  way: HaltWay,
  { database, fence, epoch, runMs: beforeMs }: Halt,
): Promise<{ readonly lateMs: number; readonly mails: number; readonly cpuSeconds: number }> {
  const answers = running.map(async (child) => ((await once(child, 'message')) as [TrialSeen])[0]);
  for (const child of running) child.send(epoch);
  await delay(beforeMs);
  if (way === 'fence') fence.close(1, 'tell', epoch);
  await database.query(`BEGIN; UPDATE bench_halt SET epoch = ${epoch}; NOTIFY bench_halt; COMMIT`);
  const answeredNs = process.hrtime.bigint();
  if (way === 'nothing') for (const child of running) child.send('halt');
  const seen = await Promise.all(answers);
  const lastDotNs = seen.map((one) => BigInt(one.lastDotNs)).reduce((a, b) => (a > b ? a : b), 0n);
  return {
    lateMs: Math.max(0, Number(lastDotNs - answeredNs) / 1e6),
    mails: seen.reduce((sum, one) => sum + one.mails, 0),
    cpuSeconds: seen.reduce((sum, one) => sum + one.cpuSeconds, 0),
  };
}

/** In CPU microseconds, of a fence that is open. */
function costOfLook(fence: FileFence): number {
  const before = process.cpuUsage();
  for (let look = 0; look < looks; look += 1) fence.mayAct(1, 'tell', Number.MAX_SAFE_INTEGER);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / looks;
}

function conclude(results: readonly SideResult[], late: ReadonlyMap<string, readonly number[]>) {
  const fenceMs = late.get(ours) ?? [];
  const listenMs = late.get(listen) ?? [];
  const worst = Math.max(...fenceMs);
  const over = fenceMs.filter((one) => one > 1).length;
  const far = share(listenMs, 0.99);
  const lookUs = resultOf(results, ours).facts[lookFact] ?? Number.NaN;
  // One look before each dot. The rates of the two sides differ by less than they do from run to run.
  const cost = (lookUs / 1e6) * resultOf(results, nothing).unitsPerCpuSecond;
  return [
    {
      goal: 'one host: no dot begun more than 1 ms after the answer to the COMMIT, in 100 halts',
      value: `${over} of ${fenceMs.length} halts; the latest ${worst.toFixed(2)} ms after`,
      isMet: over === 0 && fenceMs.length >= 100,
    },
    {
      goal: 'across hosts, where LISTEN is the relay: 99 of 100 within 250 ms',
      value: `${far.toFixed(0)} ms (${listenMs.length} halts, one machine)`,
      isMet: far <= 250,
    },
    {
      goal: 'the fence costs at most 2 % of the rate',
      value: `${(cost * 100).toFixed(1)} % of the CPU time of a mail, ${lookUs.toFixed(1)} us a look`,
      isMet: cost <= 0.02,
    },
  ];
}

function share(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}
