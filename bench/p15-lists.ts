import { setTimeout as delay } from 'node:timers/promises';
import { digests } from '../src/adapters/crypto/digests.ts';
import { makeToken } from '../src/app/operator/make-token.ts';
import { cursorOf } from '../src/http/cursor.ts';
import { openBenchWorld } from './bench-world.ts';
import type { BenchWorld } from './bench-world.ts';
import type { Benchmark, Side, SideResult } from './benchmark.ts';
import { accountsPerTarget, freezePlanOf, seedEvidence, startPlan } from './invented-plan.ts';
import { tellAtOnce } from './send-run.ts';
import { startServer } from './started.ts';

/** A page of the console, and a person who looks at it again. */
const looks = 10;
/** What a person takes for at once. */
const quickMs = 300;
const median = 'ms, median';
const slowest = 'ms, slowest';

interface Look {
  readonly name: string;
  readonly path: string;
  readonly body?: object;
}

export const listBenchmark: Benchmark = {
  title: 'what the console shows, over a million rows of each kind',
  unit: 'rows',
  isOfOtherPrograms: true,
  size: 1_000_000,
  rounds: 3,
  async open(size) {
    const world = await openBenchWorld();
    const server = await startServer({ ...world.env, BENCH_ACCOUNTS: String(size * accountsPerTarget) });
    const token = await world.store.transact((tx) =>
      makeToken(digests, tx, { operatorId: world.author.id, scope: ['full'], hours: 1, nonce: null }),
    );
    const batch = await seedEvidence(world, size);
    const plan = await freezePlanOf(world, batch, size, tellAtOnce);
    await startPlan(world, plan);
    await seedLedger(world, size);
    await seedSuppressions(world, size);
    await world.pool.query('VACUUM ANALYZE');
    const { rows } = await world.pool.query<{ number: string }>(
      `SELECT notice_number AS number FROM plan_target WHERE ordinal = $1`,
      [size - 5],
    );
    const all: readonly Look[] = [
      { name: 'ledger, the first page', path: '/ledger/entries?limit=100' },
      {
        name: 'ledger, the last page',
        path: `/ledger/entries?limit=100&after=${cursorOf('ledger:installation', 120)}`,
      },
      { name: 'ledger, one event in a million', path: '/ledger/entries?limit=100&event=plan.frozen' },
      { name: 'ledger, an event that never was', path: '/ledger/entries?limit=100&event=retraction.frozen' },
      { name: 'suppressions, the newest', path: '/suppressions?limit=100' },
      { name: 'plan, everything shown of it', path: `/plans/${plan.id}` },
      { name: 'evidence, one batch with its tally', path: `/evidence/${batch}` },
      { name: 'rollout, its status', path: `/rollouts/${plan.id}` },
      { name: 'Home', path: '/overview' },
      { name: 'account, by number of a notice', path: '/explanations', body: { query: rows[0]?.number } },
      {
        name: 'account, by its id',
        path: '/explanations',
        body: { query: `account-${String(size - 5).padStart(9, '0')}` },
      },
    ];
    return {
      postmasterPid: world.postmasterPid,
      sides: all.map((look) => sideOf(look, server.port, token?.token ?? '')),
      conclude: (results) => results.map(conclusionOf),
      async close() {
        await server.stop();
        await world.close();
      },
    };
  },
};

function sideOf({ name, path, body }: Look, port: number, token: string): Side {
  return {
    name,
    async run() {
      const took: number[] = [];
      for (let look = 0; look < looks; look += 1) {
        const startedMs = performance.now();
        const response = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, {
          headers: {
            authorization: `Bearer ${token}`,
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
        });
        const text = await response.text();
        if (response.status === 429) {
          // One person looks faster than a person can: waited for, and not counted.
          await delay(Number(response.headers.get('retry-after') ?? '1') * 1_000);
          continue;
        }
        if (!response.ok) throw new Error(`${name}: ${response.status} ${text.slice(0, 300)}`);
        took.push(performance.now() - startedMs);
      }
      const sorted = took.toSorted((a, b) => a - b);
      const facts = { [median]: sorted[sorted.length >> 1] ?? Number.NaN, [slowest]: sorted.at(-1) ?? Number.NaN };
      return { units: looks, facts };
    },
  };
}

function conclusionOf({ name, facts }: SideResult) {
  const ms = facts[median] ?? Number.NaN;
  return { goal: `${name}: within ${quickMs} ms`, value: `${ms.toFixed(0)} ms`, isMet: ms <= quickMs };
}

/** Entries of the installation's own chain that nothing verifies: only their number counts here. */
async function seedLedger({ pool }: BenchWorld, size: number): Promise<void> {
  await pool.query(
    `WITH head AS (SELECT seq FROM ledger_head WHERE chain = 'installation')
     INSERT INTO ledger_entry (chain, seq, at, event, body, prev_hash, hash)
     SELECT 'installation', head.seq + n, clock_timestamp(), (ARRAY['session.began', 'plan.exported', 'review.read'])[1 + n % 3],
       json_build_object('plan', 'plan_' || n, 'by', 'operator_1')::text, md5(n::text), md5(n::text)
     FROM head, generate_series(1, $1) AS n`,
    [size],
  );
  await pool.query(`UPDATE ledger_head SET seq = seq + $1, hash = md5($1::text) WHERE chain = 'installation'`, [size]);
}

async function seedSuppressions({ pool }: BenchWorld, size: number): Promise<void> {
  await pool.query(
    `INSERT INTO suppression (address_key, reason, status, notice_number, suppressed_at)
     SELECT md5(n::text), 'bounced', '5.1.1', 'n' || n, clock_timestamp() - n * interval '1 second' FROM generate_series(1, $1) AS n`,
    [size],
  );
}
