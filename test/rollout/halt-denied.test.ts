import { readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeFileFence } from '../../src/adapters/fence/file-fence.ts';
import type { FileFence } from '../../src/adapters/fence/file-fence.ts';
import { enterPendingHalts, haltRollout } from '../../src/app/rollout/halt-rollout.ts';
import type { FrozenPlan } from '../../src/domain/plan/frozen-plan.ts';
import { makeHalting } from '../../src/main/halting.ts';
import type { Halting } from '../../src/main/halting.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { withRolloutWorlds } from '../support/rollout-world.ts';
import type { RolloutWorld } from '../support/rollout-world.ts';

const openWorld = withRolloutWorlds(withTestPostgres());
const oneWave = { order: 'contain-first', containWaveSizes: [1_000], tellWaveSizes: [1_000] } as const;
/** A port of the discard service: nothing answers there. */
const nowhere = 'postgres://127.0.0.1:9/none';
let world: RolloutWorld;
let plan: FrozenPlan;
let rolloutNo: number;
let fence: FileFence;
let open: Halting[] = [];

beforeAll(async () => {
  world = await openWorld();
  return () => world.close();
});

beforeEach(async () => {
  const started = await world.startedPlan(world.addHolders(4), oneWave);
  await world.advance(started.rolloutNo);
  ({ plan, rolloutNo } = started);
  fence = makeFileFence(world.stateDir);
  fence.ensure(rolloutNo, 'contain');
});

afterEach(async () => {
  for (const one of open) await one.close();
  open = [];
  fence.pending.set(false);
  fence.stop();
});

/** A person's halt from this host, over connections of its own. */
function haltingBy(databaseUrl: string): Halting {
  const warn = (message: string) => world.warnings.push(message);
  const one = makeHalting({ databaseUrl, stateDir: world.stateDir, fence, applicationName: 'test halt', warn });
  open.push(one);
  return one;
}

function request(subject: FrozenPlan['id'] | null) {
  return { subject, scope: 'all', by: 'operator_1', reason: 'a test' } as const;
}

/** As though whoever announced it had gone away over it. */
async function ageNotes(): Promise<number> {
  const folder = join(world.stateDir, 'halting');
  const names = await readdir(folder);
  for (const name of names) await utimes(join(folder, name), 0, 0);
  return names.length;
}

async function phase(): Promise<string> {
  return (await world.track(rolloutNo, 'contain')).phase;
}

describe('a halt', () => {
  test('with the database away fences this host at once, and is entered as soon as the database is back', async () => {
    expect(fence.mayAct(rolloutNo, 'contain', 1)).toBe(true);
    const result = await haltRollout(haltingBy(nowhere).deps, request(plan.id));
    expect(result).toEqual({ rollouts: [], alreadyHalted: false, entered: false });
    expect(fence.mayAct(rolloutNo, 'contain', 1)).toBe(false);
    // Another process of this host, started afterwards, reads the same.
    const other = makeFileFence(world.stateDir);
    expect(other.mayAct(rolloutNo, 'contain', 1)).toBe(false);
    other.stop();
    expect(await phase()).toBe('running');

    expect(await ageNotes()).toBe(1);
    expect(await enterPendingHalts(haltingBy(world.url).deps)).toBe(1);
    expect(await phase()).toBe('halted');
    expect(fence.pending.isSet()).toBe(false);
    expect(fence.mayAct(rolloutNo, 'contain', 1)).toBe(false);
  });

  test('leaves no pending note behind once it is entered, and frees what it was not about', async () => {
    const otherPlan = await world.startedPlan(world.addHolders(2), oneWave);
    await world.advance(otherPlan.rolloutNo);
    fence.ensure(otherPlan.rolloutNo, 'contain');
    const result = await haltRollout(haltingBy(world.url).deps, request(plan.id));
    expect(result).toMatchObject({ entered: true, rollouts: [{ subject: plan.id }] });
    expect(await readdir(join(world.stateDir, 'halting'))).toEqual([]);
    expect(fence.mayAct(rolloutNo, 'contain', 1)).toBe(false);
    expect(fence.mayAct(otherPlan.rolloutNo, 'contain', 1)).toBe(true);
  });

  test('of a plan that has no rollout fences nothing for longer than it takes to find that out', async () => {
    const drafted = await world.draft([await world.addBatch(world.addHolders(1))]);
    await expect(haltRollout(haltingBy(world.url).deps, request(drafted.id))).rejects.toMatchObject({
      code: 'not-found',
    });
    expect(fence.mayAct(rolloutNo, 'contain', 1)).toBe(true);
  });

  test('waits for another halt that holds the lock, and does not end it', async () => {
    const other = new pg.Client({ connectionString: world.url, application_name: 'allclear worker halt' });
    const ended: unknown[] = [];
    other.on('error', (error) => ended.push(error));
    await other.connect();
    try {
      await other.query('BEGIN');
      await other.query('SELECT pg_advisory_xact_lock($1::int, $2::int)', [0x616c6c63, rolloutNo]);
      await other.query(`UPDATE track SET reasons = ARRAY['first'] WHERE rollout_no = $1`, [rolloutNo]);
      // Longer than anybody who is no halt may keep a halt waiting.
      const committed = other.query('SELECT pg_sleep(1.7)').then(() => other.query('COMMIT'));
      const result = await haltRollout(haltingBy(world.url).deps, request(plan.id));
      await committed;
      expect([result.entered, ended, await phase()]).toEqual([true, [], 'halted']);
    } finally {
      await other.end().catch(() => undefined);
    }
  });

  test('ends the session that left the row of its track locked', async () => {
    const idle = new pg.Client({ connectionString: world.url });
    const lost = new Promise<void>((resolve) => idle.on('error', () => resolve()));
    await idle.connect();
    await idle.query('BEGIN');
    await idle.query('SELECT * FROM allclear.track WHERE rollout_no = $1 FOR UPDATE', [rolloutNo]);
    const result = await haltRollout(haltingBy(world.url).deps, request(plan.id));
    await lost;
    expect(result).toMatchObject({ entered: true, rollouts: [{ subject: plan.id }] });
    expect(await phase()).toBe('halted');
  });

  test('in a database that takes no writes is in force here, and is entered when it takes them again', async () => {
    const name = new URL(world.url).pathname.slice(1);
    await world.pool.query(`ALTER DATABASE "${name}" SET default_transaction_read_only = on`);
    try {
      expect(await haltRollout(haltingBy(world.url).deps, request(plan.id))).toMatchObject({ entered: false });
      expect(fence.mayAct(rolloutNo, 'contain', 1)).toBe(false);
    } finally {
      await world.pool.query(`SET default_transaction_read_only = off`);
      await world.pool.query(`ALTER DATABASE "${name}" RESET default_transaction_read_only`);
    }
    await ageNotes();
    await enterPendingHalts(haltingBy(world.url).deps);
    expect(await phase()).toBe('halted');
  });

  test('does not wait in the queue of a flooded server: it has connections of its own', async () => {
    const flood = Array.from({ length: 40 }, () => world.pool.query('SELECT pg_sleep(1)'));
    const halted = haltRollout(haltingBy(world.url).deps, request(plan.id));
    const first = await Promise.race([halted.then(() => 'halted'), Promise.all(flood).then(() => 'flood over')]);
    expect(first).toBe('halted');
    expect(await halted).toMatchObject({ entered: true });
    await Promise.all(flood);
  });

  test('that was noted by a process in words that nobody can read halts everything', async () => {
    const { deps } = haltingBy(world.url);
    const pending = deps.pending.announce(request(plan.id));
    await writeFile(join(world.stateDir, 'halting', `${pending.id}.json`), '{"subject": 3');
    await ageNotes();
    await enterPendingHalts(deps);
    const { rows } = await world.pool.query(`SELECT count(*) FROM allclear.track WHERE phase = 'running'`);
    expect(Number(rows[0].count)).toBe(0);
  });

  test('of a host whose database hangs is told to the person in time, and still entered afterwards', async () => {
    const blocked = haltingBy(world.url);
    let goOn: () => void = () => undefined;
    const mayGoOn = new Promise<void>((resolve) => (goOn = resolve));
    const slow = {
      ...blocked.deps,
      inTime: <T>(work: Promise<T>) => Promise.race([work, delay(50, null)]),
      store: {
        async transact<T>(work: Parameters<typeof world.store.transact<T>>[0]): Promise<T> {
          await mayGoOn;
          return world.store.transact(work);
        },
      },
    };
    expect(await haltRollout(slow, request(plan.id))).toMatchObject({ entered: false });
    expect(fence.mayAct(rolloutNo, 'contain', 1)).toBe(false);
    goOn();
    await expect.poll(phase).toBe('halted');
    await expect.poll(() => fence.pending.isSet()).toBe(false);
  });
});

describe('a sender whose machine lost time', () => {
  test('acts on nothing until halts were read anew', () => {
    const at = { wallMs: 1_000_000, monotonicMs: 5_000 };
    const clock = { wallMs: () => at.wallMs, monotonicMs: () => at.monotonicMs };
    const sleeper = makeFileFence(world.stateDir, clock);
    let told = 0;
    sleeper.onTimeLost(() => (told += 1));
    sleeper.ensure(rolloutNo, 'tell');
    at.wallMs += 60_000;
    at.monotonicMs += 60_000;
    expect(sleeper.mayAct(rolloutNo, 'tell', 1)).toBe(true);
    at.wallMs += 2_500;
    expect(sleeper.mayAct(rolloutNo, 'tell', 1)).toBe(false);
    expect(sleeper.mayAct(rolloutNo, 'tell', 1)).toBe(false);
    expect(told).toBe(1);
    sleeper.setRelayAlive(true);
    expect(sleeper.mayAct(rolloutNo, 'tell', 1)).toBe(true);
    // A clock that is set back is no lost time.
    at.wallMs -= 3_600_000;
    expect(sleeper.mayAct(rolloutNo, 'tell', 1)).toBe(true);
    sleeper.stop();
  });
});
