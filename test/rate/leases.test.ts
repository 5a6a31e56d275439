import fc from 'fast-check';
import type pg from 'pg';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeDatabase, makePool } from '../../src/adapters/postgres/database.ts';
import { makeRateStore } from '../../src/adapters/postgres/rate-store.ts';
import type { RateAsk, RateAsker, RateStore } from '../../src/app/ports/rate-store.ts';
import type { MailRates } from '../../src/domain/rate/mail-rates.ts';
import { countsForMs, ordinaryMost } from '../../src/domain/rate/rate-limit.ts';
import type { RateWindow } from '../../src/domain/rate/rate-limit.ts';
import { migratedDatabase } from '../support/ledger-world.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { mostInAnyWindow, SimulatedWorld } from './simulated-world.ts';
import type { SeenDot, SimulatedHost } from './simulated-world.ts';

const postgres = withTestPostgres();
let pool: pg.Pool;
let store: RateStore;
const reserve = 0.2;
/** Of one story. */
const endMs = 5_000;

beforeAll(async () => {
  const url = await postgres.freshDatabase().then(migratedDatabase);
  pool = makePool({ url, applicationName: 'test', poolSize: 12, onIdleError: () => undefined });
  store = makeRateStore(makeDatabase(pool));
  return () => pool.end();
});

const none: MailRates = { all: [], eachDomain: [], domains: [], providers: [], reserve };
const rates: MailRates = {
  all: [
    { messages: 20, windowSeconds: 1 },
    { messages: 70, windowSeconds: 60 },
  ],
  eachDomain: [{ messages: 6, windowSeconds: 1 }],
  domains: [{ domain: 'slow.test', limits: [{ messages: 3, windowSeconds: 1 }] }],
  providers: [{ name: 'big', domains: ['a.test', 'b.test'], limits: [{ messages: 9, windowSeconds: 1 }] }],
  reserve,
};
const domains = ['a.test', 'b.test', 'c.test', 'slow.test'] as const;

/** What the world saw against every limit, corrections and notices together and notices alone. */
function violations(dots: readonly SeenDot[]): readonly string[] {
  const found: string[] = [];
  const look = (name: string, some: readonly SeenDot[], most: number, windowSeconds: number): void => {
    const seen = mostInAnyWindow(some, windowSeconds);
    if (seen > most) found.push(`${name}: ${seen} in ${windowSeconds} s, allowed ${most}`);
    const notices = mostInAnyWindow(
      some.filter((dot) => dot.track === 'tell'),
      windowSeconds,
    );
    if (notices > ordinaryMost(most, reserve)) found.push(`${name}: ${notices} notices in ${windowSeconds} s`);
  };
  for (const { messages, windowSeconds } of rates.all) look('all', dots, messages, windowSeconds);
  for (const domain of domains) {
    const own = dots.filter((dot) => dot.domain === domain);
    look(domain, own, domain === 'slow.test' ? 3 : 6, 1);
  }
  const big = dots.filter((dot) => dot.domain === 'a.test' || dot.domain === 'b.test');
  look('big', big, 9, 1);
  return found;
}

interface Story {
  readonly seed: number;
  readonly hosts: number;
  readonly workers: number;
  readonly kills: readonly { readonly worker: number; readonly atMs: number }[];
  readonly jumps: readonly { readonly host: number; readonly atMs: number; readonly byMs: number }[];
  readonly databaseJumps: readonly { readonly atMs: number; readonly byMs: number }[];
}

const stories: fc.Arbitrary<Story> = fc.record({
  seed: fc.integer({ min: 1, max: 2 ** 31 }),
  hosts: fc.integer({ min: 1, max: 3 }),
  workers: fc.integer({ min: 1, max: 4 }),
  kills: fc.array(fc.record({ worker: fc.nat(3), atMs: fc.nat(endMs) }), { maxLength: 4 }),
  jumps: fc.array(
    fc.record({ host: fc.nat(2), atMs: fc.nat(endMs), byMs: fc.integer({ min: -86_400_000, max: 86_400_000 }) }),
    { maxLength: 3 },
  ),
  databaseJumps: fc.array(
    fc.record({ atMs: fc.nat(endMs), byMs: fc.integer({ min: -172_800_000, max: 172_800_000 }) }),
    { maxLength: 3 },
  ),
});

/** Some seconds of several workers that send as fast as they are let, while they are killed and clocks jump. */
async function play(story: Story, wrap?: (store: RateStore) => RateStore): Promise<readonly SeenDot[]> {
  await pool.query('TRUNCATE mail_rate');
  const fresh = makeRateStore(makeDatabase(pool));
  const random = seeded(story.seed);
  const world = new SimulatedWorld(fresh, random);
  const hosts = Array.from({ length: story.hosts }, (_, at): SimulatedHost => ({
    bootId: `boot ${at}`,
    startMs: random() * 1e9,
    slew: 1 + (random() - 0.5) * 0.001,
    wallAheadMs: (random() - 0.5) * 2_000,
  }));
  const hostOf = (worker: number): SimulatedHost => hosts[worker % hosts.length] as SimulatedHost;
  const workers = Array.from({ length: story.workers }, (_, at) => world.begin(hostOf(at), rates, wrap));
  const load = (worker: number): void => {
    const process = workers[worker];
    if (process === undefined) return;
    for (const domain of domains) for (let hand = 0; hand < 3; hand += 1) world.send(process, domain, 'tell', endMs);
    world.send(process, 'a.test', 'correct', endMs);
  };
  for (const at of workers.keys()) load(at);
  for (const { worker, atMs } of story.kills) {
    world.at(atMs, () => {
      const process = workers[worker % workers.length];
      if (process === undefined) return;
      world.kill(process);
      workers[worker % workers.length] = world.begin(hostOf(worker), rates, wrap);
      load(worker % workers.length);
    });
  }
  for (const { host, atMs, byMs } of story.jumps)
    world.at(atMs, () => ((hosts[host % hosts.length] as SimulatedHost).wallAheadMs += byMs));
  for (const { atMs, byMs } of story.databaseJumps) world.at(atMs, () => void shiftDatabase(byMs));
  await world.runUntil(endMs);
  for (const process of workers) world.kill(process);
  return world.dots;
}

/** A clock of the database that jumps by so much leaves everything that it stamped before so much older. */
async function shiftDatabase(byMs: number): Promise<void> {
  // The whole table: row by row it and a lease could wait for each other.
  await pool.query(
    `BEGIN; LOCK TABLE mail_rate IN EXCLUSIVE MODE; UPDATE mail_rate r SET leases = (
       SELECT coalesce(jsonb_agg(jsonb_set(l, '{db}', to_jsonb((l->>'db')::float8 - (${byMs})))), '[]')
       FROM jsonb_array_elements(r.leases) l); COMMIT`,
  );
}

/** Mulberry32. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('no window of any rate holds more than its limit', () => {
  test('whatever workers are killed and whatever clocks jump', async () => {
    await fc.assert(
      fc.asyncProperty(stories, async (story) => {
        expect(violations(await play(story))).toEqual([]);
      }),
      { numRuns: 6 },
    );
  }, 60_000);
});

const calm: Story = { seed: 7, hosts: 2, workers: 3, kills: [], jumps: [], databaseJumps: [] };
const restless: Story = { ...calm, kills: [1, 2, 3, 4].map((at) => ({ worker: at, atMs: at * 900 })) };

test('most of a rate is used by those who wait for it', async () => {
  const dots = await play(calm);
  // Notices alone may be 56 in the minute, corrections fill it up to 70.
  expect(dots.length).toBeGreaterThan(50);
}, 30_000);

describe('the checker of windows finds', () => {
  test('a rate that each worker counts for itself', async () => {
    const perWorker = (real: RateStore): RateStore => ({
      ...real,
      async lease(asker, asks) {
        const own = (key: string): string => `${asker.holder} ${key}`;
        const grants = await real.lease(
          asker,
          asks.map((ask) => ({ ...ask, key: own(ask.key) })),
        );
        return grants.map((grant) => ({ ...grant, key: grant.key.slice(own('').length) }));
      },
    });
    expect(violations(await play(calm, perWorker))).not.toEqual([]);
  }, 30_000);

  test('a lease that outlives what it was counted for', async () => {
    const tooShort = (real: RateStore): RateStore => ({
      ...real,
      lease: (asker, asks) => real.lease({ ...asker, lifeMs: -300 }, asks),
    });
    expect(violations(await play(calm, tooShort))).not.toEqual([]);
  }, 30_000);

  test('leases that a new worker does not count', async () => {
    let known = '';
    const forgetful = (real: RateStore): RateStore => ({
      ...real,
      async lease(asker, asks) {
        if (asker.holder > known) {
          known = asker.holder;
          await pool.query('TRUNCATE mail_rate');
          return [];
        }
        return real.lease(asker, asks);
      },
    });
    expect(violations(await play(restless, forgetful))).not.toEqual([]);
  }, 30_000);
});

describe('many connections that lease of the same keys at once', () => {
  test('get together exactly what a rate allows, and corrections the rest of it', async () => {
    const keys = ['crowd 1', 'crowd 2'];
    const stores = Array.from({ length: 8 }, () => makeRateStore(makeDatabase(pool)));
    const leased = { ordinary: 0, correction: 0 };
    const rounds = (rateClass: 'ordinary' | 'correction'): Promise<unknown> =>
      Promise.all(
        stores.map(async (one, at) => {
          for (let round = 0; round < 40; round += 1) {
            const asks = keys
              .toReversed()
              .map((key) => askOf(key, 500, 86_400, { [rateClass]: 1 + ((at + round) % 3) }));
            for (const grant of await one.lease(askerAt(`worker ${at}`, 'boot', round), asks)) {
              leased.ordinary += grant.ordinary;
              leased.correction += grant.correction;
            }
          }
        }),
      );
    await rounds('ordinary');
    expect(leased).toEqual({ ordinary: 800, correction: 0 });
    await rounds('correction');
    expect(leased).toEqual({ ordinary: 800, correction: 200 });
  }, 30_000);
});

test('a machine whose clock jumps together with that of its database frees no hour', async () => {
  await store.lease(askerAt('a worker', 'boot 1', 0), [askOf('one machine', 10, 3_600, { ordinary: 8 })]);
  await shiftDatabase(48 * 3_600_000);
  const later = { ...askerAt('a worker', 'boot 1', 60_000), wallMs: 1_700_000_000_000 + 48 * 3_600_000 };
  const [grant] = await store.lease(later, [askOf('one machine', 10, 3_600, { ordinary: 8 })]);
  expect(grant?.ordinary).toBe(0);
});

describe('after everything was off and the machine began anew', () => {
  const hourMs = 3_600_000;
  let turn = 0;

  async function leasedLater(laterMs: number, databaseLaterMs: number): Promise<number> {
    const key = `dark ${(turn += 1)}`;
    await store.lease(askerAt('before', 'boot 1', 0), [askOf(key, 10, 3_600, { ordinary: 8 })]);
    await shiftDatabase(databaseLaterMs);
    const [grant] = await store.lease(askerAt('after', 'boot 2', laterMs), [askOf(key, 10, 3_600, { ordinary: 8 })]);
    return grant?.ordinary ?? 0;
  }

  test('an hour that both clocks saw go by frees what was leased before', async () => {
    expect(await leasedLater(hourMs + 300_000, hourMs + 300_000)).toBe(8);
  });

  test('a clock of the database that jumped frees nothing', async () => {
    expect(await leasedLater(30_000, 48 * hourMs)).toBe(0);
  });

  test('a clock of the host that jumped frees nothing', async () => {
    expect(await leasedLater(48 * hourMs, 30_000)).toBe(0);
  });

  test('clocks that were set back free nothing, and take nothing away', async () => {
    expect(await leasedLater(-48 * hourMs, -48 * hourMs)).toBe(0);
  });
});

test('a correction that starts while notices use all that they may goes out at once', async () => {
  const world = new SimulatedWorld(makeRateStore(makeDatabase(pool)), seeded(3));
  const busy: MailRates = { ...none, all: [{ messages: 20, windowSeconds: 1 }] };
  const host: SimulatedHost = { bootId: 'boot', startMs: 0, slew: 1, wallAheadMs: 0 };
  await pool.query('TRUNCATE mail_rate');
  const process = world.begin(host, busy);
  for (let hand = 0; hand < 30; hand += 1) world.send(process, 'a.test', 'tell', 5_000);
  let standing = 0;
  // Those of the first second all began before it was known that the rate is short.
  for (let atMs = 2_500; atMs < 5_000; atMs += 20)
    world.at(atMs, () => (standing = Math.max(standing, world.standing)));
  world.at(3_000, () => {
    for (let hand = 0; hand < 30; hand += 1) world.send(process, 'a.test', 'correct', 5_000);
  });
  await world.runUntil(5_000);
  world.kill(process);
  const early = world.dots.filter((dot) => dot.track === 'correct' && dot.atMs < 4_000);
  expect(early.length).toBeGreaterThanOrEqual(4);
  expect(mostInAnyWindow(world.dots, 1)).toBeLessThanOrEqual(20);
  expect(standing).toBeLessThanOrEqual(4);
}, 30_000);

function askerAt(holder: string, bootId: string, askedAtMs: number): RateAsker {
  return { holder, bootId, askedAtMs, lifeMs: 5_000, wallMs: 1_700_000_000_000 + askedAtMs };
}

function askOf(
  key: string,
  most: number,
  windowSeconds: RateWindow,
  wants: { readonly ordinary?: number; readonly correction?: number },
): RateAsk {
  return {
    key,
    ordinary: wants.ordinary ?? 0,
    correction: wants.correction ?? 0,
    newestSeen: 0,
    unused: [],
    windows: [
      {
        windowSeconds,
        most,
        ordinaryMost: ordinaryMost(most, reserve),
        bucket: 0,
        countsForMs: countsForMs(windowSeconds),
        seenUpTo: -1,
      },
    ],
  };
}
