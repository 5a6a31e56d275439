import pg from 'pg';
import { makeHostClock } from '../src/adapters/fence/host-clock.ts';
import { makeHourClock } from '../src/app/rollout/hour-clock.ts';
import { digests } from '../src/adapters/crypto/digests.ts';
import { makeBetterAuthDirectory } from '../src/adapters/directory/better-auth/better-auth-directory.ts';
import { settlePermit } from '../src/app/rollout/settle-permit.ts';
import { disputeSensor, takePermit } from '../src/app/rollout/take-permit.ts';
import type { TakenPermit } from '../src/app/rollout/take-permit.ts';
import { containOutcomeCodes } from '../src/domain/action/contain-outcome.ts';
import { standardLimits } from '../src/domain/plan/limits.ts';
import type { PlanLimits } from '../src/domain/plan/limits.ts';
import { openBenchWorld } from './bench-world.ts';
import type { BenchWorld } from './bench-world.ts';
import { cpuRatio, resultOf } from './benchmark.ts';
import type { Benchmark, SideResult } from './benchmark.ts';
import { inventedCredential, inventedId } from './invented-directory.ts';
import { freezePlanOf, seedEvidence, startPlan } from './invented-plan.ts';
import type { RunningPlan } from './invented-plan.ts';
import { walBytes } from './wal-bytes.ts';

const swapOurs = 'directory swap by compare-and-set, 1,000 a call';
const swapSmall = 'the same, 10 a call as in a rollout';
const swapBare = 'bare UPDATE, 1,000 a statement';
const takeOurs = 'permits taken, 100 targets each';
const takeBare = 'SKIP LOCKED queue, indexed, one target a claim';
const settleOurs = 'permits settled, 100 outcomes each';
const settleBare = 'UPDATE of an outcome per target, 1,000 a statement';
const walFact = 'bytes of WAL per target';

/** Hands of one worker. */
const hands = 4;
const statementSize = 1_000;
/** What a rollout gives to one call: what may still happen after a halt. */
const rolloutCallSize = 10;

const oneWave: PlanLimits = {
  ...standardLimits,
  order: 'contain-first',
  review: 'none',
  containWaveSizes: [10_000_000],
  containSoakSeconds: [0],
  largestWave: 10_000_000,
  tellHourShare: 1,
  permitSeconds: 3_600,
};

export const actBenchmark: Benchmark = {
  title: 'act on an SQL directory and record outcomes durably',
  unit: 'targets',
  size: 20_000,
  rounds: 3,
  async open(size) {
    const world = await openBenchWorld();
    const directoryUrl = await world.directoryUrl();
    const accounts = new pg.Pool({ connectionString: directoryUrl, max: hands });
    const directory = makeBetterAuthDirectory({ databaseUrl: directoryUrl, name: 'bench', environment: 'sample' });
    await makeAccounts(accounts, size);
    const batch = await seedEvidence(world, size);
    let running: RunningPlan | null = null;
    let taken: readonly TakenPermit[] = [];

    const swapSide = (name: string, callSize: number) => ({
      name,
      before: () => makeAccounts(accounts, size),
      run: async () => {
        await inCalls(size, callSize, async (from, to) => {
          const ids = Array.from({ length: to - from }, (_, index) => inventedId(from + index));
          const swapped = await directory.quarantine(
            ids.map((id) => ({ accountId: id, expectedHash: inventedCredential(id), marker: markerOf(id) })),
          );
          if ([...swapped.values()].some((one) => one !== 'swapped')) throw new Error('an account was not swapped');
        });
        return { units: size };
      },
    });

    return {
      postmasterPid: world.postmasterPid,
      sides: [
        swapSide(swapOurs, statementSize),
        swapSide(swapSmall, rolloutCallSize),
        {
          name: swapBare,
          before: () => makeAccounts(accounts, size),
          run: async () => {
            await inCalls(size, statementSize, async (from, to) => {
              const ids = Array.from({ length: to - from }, (_, index) => inventedId(from + index));
              await accounts.query(
                `UPDATE account SET password = request.marker FROM unnest($1::text[], $2::text[]) AS request (id, marker)
                 WHERE account."userId" = request.id`,
                [ids, ids.map(markerOf)],
              );
            });
            return { units: size };
          },
        },
        {
          name: takeOurs,
          before: async () => {
            running = await freshRollout(world, batch, size);
            await world.pool.query('CHECKPOINT');
          },
          run: async () => {
            taken = await takeAll(world, held(running));
            return { units: size };
          },
        },
        { name: takeBare, before: () => makeQueue(world, size), run: () => claimAll(world, size) },
        {
          name: settleOurs,
          before: async () => {
            running = await freshRollout(world, batch, size);
            taken = await takeAll(world, running);
            await world.pool.query('CHECKPOINT');
          },
          run: async () => {
            const bytes = await walBytes(world.pool, () => settleAll(world, taken));
            return { units: size, facts: { [walFact]: bytes / size } };
          },
        },
        {
          name: settleBare,
          before: () => makeQueue(world, size),
          run: async () => {
            const bytes = await walBytes(world.pool, () => updateAll(world, size));
            return { units: size, facts: { [walFact]: bytes / size } };
          },
        },
      ],
      conclude,
      async close() {
        await directory.close();
        await accounts.end();
        await world.close();
      },
    };
  },
};

function conclude(results: readonly SideResult[]) {
  const swap = cpuRatio(results, swapOurs, swapBare);
  const record = cpuRatio(results, settleOurs, settleBare);
  const hand = cpuRatio(results, takeOurs, takeBare);
  const wal =
    (resultOf(results, settleOurs).facts[walFact] ?? NaN) / (resultOf(results, settleBare).facts[walFact] ?? NaN);
  return [
    {
      goal: 'swap at least 0.5 of a bare UPDATE',
      value: `${swap.toFixed(2)} of it per CPU second`,
      isMet: swap >= 0.5,
    },
    {
      goal: 'recording at least 10 times UPDATE',
      value: `${record.toFixed(2)} times per CPU second`,
      isMet: record >= 10,
    },
    { goal: 'recording with at most 1/100 of its WAL', value: `${wal.toFixed(3)} of it`, isMet: wal <= 0.01 },
    {
      goal: 'handing out at least 50 times SKIP LOCKED',
      value: `${hand.toFixed(1)} times per CPU second`,
      isMet: hand >= 50,
    },
  ];
}

function held<T>(value: T | null): T {
  if (value === null) throw new Error('the round was not prepared');
  return value;
}

function markerOf(id: string): string {
  return `allclear-q1$rp_1$${id}:-`;
}

/** better-auth's tables, as far as a swap meets them. */
async function makeAccounts(pool: pg.Pool, size: number): Promise<void> {
  await pool.query(`
    DROP TABLE IF EXISTS account, "user";
    CREATE TABLE "user" (id text PRIMARY KEY);
    CREATE TABLE account (id text PRIMARY KEY, "userId" text NOT NULL, "providerId" text NOT NULL, password text);
    INSERT INTO "user" SELECT 'account-' || lpad(n::text, 9, '0') FROM generate_series(0, ${size - 1}) AS n;
    INSERT INTO account SELECT 'sign-in of ' || id, id, 'credential', '5a17:' || id || '-hash-of-a-password-that-nobody-has'
      FROM "user";
    CREATE INDEX account_user ON account ("userId");
    ANALYZE account;
    CHECKPOINT`);
}

async function freshRollout(
  world: BenchWorld,
  batch: Parameters<typeof freezePlanOf>[1],
  size: number,
): Promise<RunningPlan> {
  return startPlan(world, await freezePlanOf(world, batch, size, oneWave));
}

/** As the hands of one worker do it, approvals read anew for each. */
async function takeAll(world: BenchWorld, { rolloutNo, policy }: RunningPlan): Promise<readonly TakenPermit[]> {
  await world.store.transact((tx) => tx.rollouts.beatSensor(disputeSensor));
  const deps = {
    store: world.store,
    digests,
    clock: { now: () => new Date(), monotonicMs: () => performance.now() },
    hourClock: makeHourClock(makeHostClock()),
    fence: { mayAct: () => true, close: () => undefined, ensure: () => undefined, haltFilePresent: () => false },
    worker: { id: 'worker_bench', host: 'bench' },
    // On a folder of the bench alone, as a host keeps it.
    journal: world.journal,
    objection: policy.objection,
    planOf: policy.planOf,
  };
  const all: TakenPermit[] = [];
  await Promise.all(
    Array.from({ length: hands }, async () => {
      for (;;) {
        const one = await takePermit(deps, rolloutNo, 'contain');
        if (one.kind === 'held' || one.kind === 'behind') throw new Error(one.reason);
        if (one.kind === 'nothing') return;
        all.push(one);
      }
    }),
  );
  return all;
}

async function settleAll(world: BenchWorld, taken: readonly TakenPermit[]): Promise<void> {
  const left = [...taken];
  await Promise.all(
    Array.from({ length: hands }, async () => {
      for (let one = left.pop(); one !== undefined; one = left.pop()) {
        const outcome = one.permit.outcome.map(() => containOutcomeCodes.contained);
        const findings = { outcome, notes: [], peerAway: false };
        if ((await settlePermit({ store: world.store, digests }, one.permit, one.limits, findings)) === null)
          throw new Error('a permit was not settled');
      }
    }),
  );
}

async function makeQueue({ pool }: BenchWorld, size: number): Promise<void> {
  await pool.query(`
    DROP TABLE IF EXISTS queue;
    CREATE TABLE queue (id bigint PRIMARY KEY, account text NOT NULL, state text NOT NULL DEFAULT 'ready', outcome text);
    INSERT INTO queue (id, account) SELECT n, 'account-' || lpad(n::text, 9, '0') FROM generate_series(1, ${size}) AS n;
    CREATE INDEX queue_ready ON queue (id) WHERE state = 'ready';
    ANALYZE queue;
    CHECKPOINT`);
}

async function claimAll({ pool }: BenchWorld, size: number): Promise<{ readonly units: number }> {
  await Promise.all(
    Array.from({ length: hands }, async () => {
      for (;;) {
        const { rowCount } = await pool.query(
          `UPDATE queue SET state = 'claimed' WHERE id =
             (SELECT id FROM queue WHERE state = 'ready' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)`,
        );
        if (rowCount === 0) return;
      }
    }),
  );
  return { units: size };
}

async function updateAll({ pool }: BenchWorld, size: number): Promise<void> {
  await inCalls(size, statementSize, async (from, to) => {
    const ids = Array.from({ length: to - from }, (_, index) => from + index + 1);
    await pool.query(
      `UPDATE queue SET outcome = 'contained' FROM unnest($1::bigint[]) AS done (id) WHERE queue.id = done.id`,
      [ids],
    );
  });
}

/** Ranges of `callSize`, by as many callers as a worker has hands. */
async function inCalls(
  size: number,
  callSize: number,
  call: (from: number, to: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: hands }, async () => {
      while (next < size) {
        const from = next;
        next = Math.min(size, from + callSize);
        await call(from, Math.min(size, from + callSize));
      }
    }),
  );
}
