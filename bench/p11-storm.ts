import { once } from 'node:events';
import { openBenchWorld } from './bench-world.ts';
import { cpuRatio, resultOf } from './benchmark.ts';
import type { Benchmark, Side, SideResult, Work } from './benchmark.ts';
import { accountsPerTarget, freezePlanOf, seedEvidence, startTelling } from './invented-plan.ts';
import { openSink } from './mail-peers.ts';
import { allTold, startWorkers, tellAtOnce, warmTargets, warmUp } from './send-run.ts';
import { startProcess, startServer } from './started.ts';
import type { Started } from './started.ts';
import type { StormOrder, StormSeen } from './storm-client.ts';

const connections = 64;
/** Requests before those that count: code is being compiled until then. */
const warmRequests = 15_000;
/** Checks are few on purpose: fifty a second pass, and the storm is told to come again. */
const checksPart = 0.1;
/** Notices of the wave that runs meanwhile: more than are sent while the page is asked. */
const waveTargets = 20_000;

const hello = 'node:http, hello';
/** What the machine itself loses to a wave. */
const helloInWave = 'node:http, hello, while a wave runs';
const page = 'the page "is this genuine?"';
const pageInWave = 'the page, while a wave runs';
const check = 'a check by number and address, from as many clients';
const p99 = 'ms, 99 of 100';

export const stormBenchmark: Benchmark = {
  title: `the public page in a storm, ${connections} connections`,
  unit: 'requests',
  size: 30_000,
  rounds: 3,
  async open(size) {
    const world = await openBenchWorld();
    const sink = await openSink();
    const client = await startProcess('storm-client.ts');
    const helloServer = await startProcess('hello-server.ts');
    const server = await startServer({
      ...world.env,
      SMTP_URL: `smtp://127.0.0.1:${sink.port}`,
      ALLCLEAR_TRUSTED_PROXIES: '127.0.0.1',
      BENCH_ACCOUNTS: String(waveTargets * accountsPerTarget),
    });
    const workers = await startWorkers(world, 1, sink.port, waveTargets);
    await warmUp(world, await seedEvidence(world, warmTargets, 'warm'));
    const batch = await seedEvidence(world, waveTargets);
    const numbers = Array.from({ length: 500 }, (_, at) =>
      world.noticeNumbers('plan_1', `account-${at}` as Parameters<typeof world.noticeNumbers>[1], 'notice'),
    );
    const order = (of: Started, change: Partial<StormOrder> = {}): StormOrder => ({
      port: of.port,
      connections,
      requests: size,
      method: 'GET',
      paths: numbers.map((number) => `/notices/${number}`),
      bodies: [],
      ...change,
    });
    const checks: Partial<StormOrder> = {
      method: 'POST',
      paths: ['/notices'],
      requests: Math.ceil(size * checksPart),
      bodies: numbers.map((number, at) => `number=${number}&address=holder.${at}%40mail.example`),
    };
    const measure = async (of: Started, what: StormOrder): Promise<Work> => {
      const own = process.cpuUsage();
      const before = await usageOf(of);
      const seen = await ask(client, what);
      const after = await usageOf(of);
      const { user, system } = process.cpuUsage(own);
      const { 200: answered = 0, 429: turnedAway = 0 } = seen.statuses;
      if (answered + turnedAway !== what.requests) throw new Error(`answers were ${JSON.stringify(seen.statuses)}`);
      return {
        units: what.requests,
        // What looks on is no part of the work.
        cpuSeconds: after - before - (user + system) / 1e6,
        facts: {
          [p99]: seen.p99Ms,
          'half of them': seen.p50Ms,
          bytes: seen.answerBytes,
          '% told to come again': (100 * turnedAway) / what.requests,
        },
      };
    };
    const side = (name: string, of: Started, change: Partial<StormOrder> = {}): Side => ({
      name,
      before: async () =>
        void (await ask(
          client,
          order(of, { ...change, requests: warmRequests * (change.requests === undefined ? 1 : checksPart) }),
        )),
      run: () => measure(of, order(of, change)),
    });
    let wave: Promise<void> = Promise.resolve();
    const inWave = (name: string, of: Started): Side => ({
      name,
      before: async () => {
        const { rolloutNo } = await startTelling(world, await freezePlanOf(world, batch, waveTargets, tellAtOnce));
        await world.store.transact((tx) => tx.rollouts.openWave(rolloutNo, 'tell', waveTargets));
        wave = allTold(world, rolloutNo, waveTargets);
        await ask(client, order(of, { requests: warmRequests }));
      },
      run: () => measure(of, order(of)),
      after: () => wave,
    });
    return {
      // What the page costs is the server's own: the wave's Postgres is not of it.
      postmasterPid: null,
      sides: [
        side(hello, helloServer),
        inWave(helloInWave, helloServer),
        side(page, server),
        inWave(pageInWave, server),
        side(check, server, checks),
      ],
      conclude,
      async close() {
        await workers.stop();
        for (const one of [client, helloServer, server]) await one.stop();
        await sink.close();
        await world.close();
      },
    };
  },
};

function conclude(results: readonly SideResult[]) {
  const ratio = cpuRatio(results, page, hello);
  const calm = resultOf(results, page).unitsPerCpuSecond;
  const kept = resultOf(results, pageInWave).unitsPerCpuSecond / calm;
  const slow = resultOf(results, page).facts[p99] ?? Number.NaN;
  return [
    { goal: 'at least 0.6 of hello per CPU second', value: ratio.toFixed(2), isMet: ratio >= 0.6 },
    {
      goal: `99 of 100 within 100 ms at ${connections} connections`,
      value: `${slow.toFixed(1)} ms`,
      isMet: slow <= 100,
    },
    { goal: 'at least 0.9 of that while a wave runs', value: kept.toFixed(2), isMet: kept >= 0.9 },
  ];
}

async function ask({ child }: Started, order: StormOrder): Promise<StormSeen> {
  const answer = once(child, 'message') as Promise<[StormSeen]>;
  child.send(order);
  return (await answer)[0];
}

async function usageOf({ child }: Started): Promise<number> {
  const answer = once(child, 'message') as Promise<[number]>;
  child.send('usage');
  return (await answer)[0];
}
