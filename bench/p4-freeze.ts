import { pipeline } from 'node:stream/promises';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { standardLimits } from '../src/domain/plan/limits.ts';
import type { PlanId } from '../src/domain/shared/ids.ts';
import { openBenchWorld } from './bench-world.ts';
import type { BenchWorld } from './bench-world.ts';
import { cpuRatio, resultOf } from './benchmark.ts';
import type { Benchmark } from './benchmark.ts';
import { freezePlanOf, seedEvidence } from './invented-plan.ts';

const ours = 'plan: evidence read, placed, ordered, digested, frozen';
const bare = 'COPY of the same rows, key built after the load';
const memoryLookMs = 20;

export const freezeBenchmark: Benchmark = {
  title: 'freeze a plan',
  unit: 'targets',
  size: 200_000,
  rounds: 3,
  async open(size) {
    const world = await openBenchWorld();
    const folder = await mkdtemp(join(tmpdir(), 'allclear-bench-rows-'));
    const rows = join(folder, 'rows');
    const batch = await seedEvidence(world, size);
    const freeze = () => freezePlanOf(world, batch, size, standardLimits);

    await exportRows(world, (await freeze()).id, rows);
    return {
      postmasterPid: world.postmasterPid,
      sides: [
        {
          name: ours,
          before: () => emptyPlans(world),
          async run() {
            const memory = watchMemory();
            await freeze();
            return { units: size, facts: { 'MB above start': memory.stop() } };
          },
        },
        {
          name: bare,
          before: () => makeBareTable(world),
          async run() {
            await copyRows(world, rows);
            return { units: size };
          },
        },
      ],
      conclude: (results) => [
        {
          goal: 'at least 0.5 of bare COPY, evidence and digest included',
          value: `${cpuRatio(results, ours, bare).toFixed(2)} of it per CPU second`,
          isMet: cpuRatio(results, ours, bare) >= 0.5,
        },
        {
          goal: 'memory flat: at most 200 MB above the start, whatever the size',
          value: `${(resultOf(results, ours).facts['MB above start'] ?? 0).toFixed(0)} MB`,
          isMet: (resultOf(results, ours).facts['MB above start'] ?? Infinity) <= 200,
        },
      ],
      async close() {
        await world.close();
        await rm(folder, { recursive: true, force: true });
      },
    };
  },
};

async function emptyPlans({ pool }: BenchWorld): Promise<void> {
  await pool.query('TRUNCATE plan, plan_target, plan_exclusion, plan_draft_row, plan_key CASCADE');
  await pool.query('CHECKPOINT');
}

async function exportRows({ pool }: BenchWorld, plan: PlanId, file: string): Promise<void> {
  const client = await pool.connect();
  try {
    const select = `SELECT * FROM plan_target WHERE plan_no = ${Number(plan.slice('plan_'.length))} ORDER BY ordinal`;
    await pipeline(client.query(copyTo(`COPY (${select}) TO STDOUT`)), createWriteStream(file));
  } finally {
    client.release();
  }
}

async function makeBareTable({ pool }: BenchWorld): Promise<void> {
  await pool.query('DROP TABLE IF EXISTS bare');
  await pool.query('CREATE TABLE bare AS SELECT * FROM plan_target WITH NO DATA');
  await pool.query('CHECKPOINT');
}

async function copyRows({ pool }: BenchWorld, file: string): Promise<void> {
  const client = await pool.connect();
  try {
    await pipeline(createReadStream(file), client.query(copyFrom('COPY bare FROM STDIN')));
    await client.query('ALTER TABLE bare ADD PRIMARY KEY (plan_no, ordinal)');
  } finally {
    client.release();
  }
}

function watchMemory(): { stop(): number } {
  const start = process.memoryUsage.rss();
  let peak = start;
  const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), memoryLookMs);
  return {
    stop() {
      clearInterval(timer);
      return (peak - start) / 1024 ** 2;
    },
  };
}
