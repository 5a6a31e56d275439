import { beforeAll, describe, expect, test } from 'vitest';
import { makeDatabase, makePool } from '../../src/adapters/postgres/database.ts';
import { makeStore } from '../../src/adapters/postgres/store.ts';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { haltAfterRestart } from '../../src/app/rollout/halt-after-restart.ts';
import { enterHalt } from '../../src/app/rollout/halt-rollout.ts';
import { takePermit } from '../../src/app/rollout/take-permit.ts';
import type { FrozenPlan } from '../../src/domain/plan/frozen-plan.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { withRolloutWorlds } from '../support/rollout-world.ts';
import type { RolloutWorld } from '../support/rollout-world.ts';

const openWorld = withRolloutWorlds(withTestPostgres());
const oneWave = { order: 'contain-first', containWaveSizes: [1_000], tellWaveSizes: [1_000] } as const;
let world: RolloutWorld;

beforeAll(async () => {
  world = await openWorld();
  return () => world.close();
});

async function opened(count: number): Promise<{ readonly plan: FrozenPlan; readonly rolloutNo: number }> {
  const started = await world.startedPlan(world.addHolders(count), oneWave);
  await world.advance(started.rolloutNo);
  await world.hearSensor();
  return started;
}

async function haltEvents(): Promise<readonly { readonly subject: string; readonly tracks: unknown }[]> {
  const { rows } = await world.pool.query<{ body: string }>(
    `SELECT body FROM ledger_entry WHERE event = 'rollout.halted' ORDER BY seq`,
  );
  return rows.map((row) => JSON.parse(row.body) as { subject: string; tracks: unknown });
}

describe('a halt', () => {
  test('leaves nothing to claim, and says what is still in flight', async () => {
    const { plan, rolloutNo } = await opened(8);
    const taken = await takePermit(world.runDeps(), rolloutNo, 'contain');
    expect(taken.kind).toBe('permit');
    const result = await world.halt(plan.id);
    expect(result).toMatchObject({ alreadyHalted: false, rollouts: [{ subject: plan.id, inFlight: 3 }] });
    expect(await takePermit(world.runDeps(), rolloutNo, 'contain')).toEqual({ kind: 'nothing' });
    expect(world.fence.mayAct(rolloutNo, 'contain', 1)).toBe(false);
    expect((await world.advance(rolloutNo)).moved).toBe(false);
  });

  test('again and again leaves everything halted, and each is in the ledger with an epoch of its own', async () => {
    const { plan, rolloutNo } = await opened(4);
    const before = (await haltEvents()).length;
    await world.halt(plan.id);
    const all = await Promise.all(Array.from({ length: 5 }, () => world.halt(plan.id)));
    expect(all.every((one) => one.alreadyHalted)).toBe(true);
    expect((await haltEvents()).length).toBe(before + 6);
    expect(await world.track(rolloutNo, 'contain')).toMatchObject({ phase: 'halted', epoch: 7 });
  });

  test('of one track leaves the other one running', async () => {
    const { plan, rolloutNo } = await opened(4);
    await world.halt(plan.id, 'tell');
    expect((await world.track(rolloutNo, 'tell')).phase).toBe('halted');
    expect((await world.track(rolloutNo, 'contain')).phase).toBe('running');
    expect(await world.run(rolloutNo, 'contain')).toBe('settled');
  });

  test('of a plan that was never started is said to be impossible', async () => {
    const plan = await world.draft([await world.addBatch(world.addHolders(1))]);
    await expect(world.halt(plan.id)).rejects.toMatchObject({ code: 'not-found' });
  });

  test('does not wait for a worker that hangs in a claim: its backend ends and its claim is undone', async () => {
    const { plan, rolloutNo } = await opened(6);
    const frozenPool = makePool({
      url: world.url,
      applicationName: 'frozen',
      poolSize: 1,
      onIdleError: () => undefined,
    });
    const frozen = makeStore(makeDatabase(frozenPool), digests);
    let holds: () => void = () => undefined;
    let goOn: () => void = () => undefined;
    const isHolding = new Promise<void>((resolve) => (holds = resolve));
    const mayGoOn = new Promise<void>((resolve) => (goOn = resolve));
    const claim = frozen
      .transact(async (tx) => {
        await tx.rollouts.lockShared(rolloutNo);
        await tx.rollouts.takePermit({
          rolloutNo,
          track: 'contain',
          epoch: 1,
          wave: 0,
          size: 3,
          seconds: 60,
          holder: 'frozen',
          host: 'here',
          claimable: [0],
          claimed: 1,
        });
        holds();
        await mayGoOn;
        await tx.rollouts.now();
      })
      .then(
        () => 'committed',
        () => 'undone',
      );
    await isHolding;
    const result = await world.halt(plan.id);
    goOn();
    expect(result.rollouts[0]?.halted).toContain('contain');
    expect(await claim).toBe('undone');
    expect(await world.permits(rolloutNo, 'contain')).toEqual([]);
    await frozenPool.end();
  });

  test('of everything halts the rest when one rollout cannot be halted, and then says so', async () => {
    const [one, two, three] = [await opened(2), await opened(2), await opened(2)];
    const stuck = {
      ...world.haltDeps,
      store: {
        transact: <T>(work: Parameters<typeof world.store.transact<T>>[0]) =>
          world.store.transact<T>((tx) =>
            work({
              ...tx,
              rollouts: {
                ...tx.rollouts,
                lockAlone: (rolloutNo, timeoutMs) =>
                  rolloutNo === one.rolloutNo
                    ? Promise.reject(new Error('its lock could not be taken'))
                    : tx.rollouts.lockAlone(rolloutNo, timeoutMs),
              },
            }),
          ),
      },
    };
    const request = { subject: null, scope: 'all', by: 'operator_1', reason: 'a test' } as const;
    await expect(enterHalt(stuck, request)).rejects.toThrow('its lock could not be taken');
    expect((await world.track(two.rolloutNo, 'contain')).phase).toBe('halted');
    expect((await world.track(three.rolloutNo, 'contain')).phase).toBe('halted');
    // Not committed, and fenced on this host all the same.
    expect((await world.track(one.rolloutNo, 'contain')).phase).toBe('running');
    expect(world.fence.mayAct(one.rolloutNo, 'contain', 1)).toBe(false);
    await world.halt(null);
    expect((await world.track(one.rolloutNo, 'contain')).phase).toBe('halted');
  });

  test('commits although the fence of its host and the relay to others are both broken', async () => {
    const { plan, rolloutNo } = await opened(2);
    const broken = (): never => {
      throw new Error('disk gone');
    };
    const deps = {
      ...world.haltDeps,
      fence: { ...world.fence, close: broken },
      publishHalt: () => Promise.reject(new Error('no relay')),
    };
    await enterHalt(deps, { subject: plan.id, scope: 'all', by: 'operator_1', reason: 'a test' });
    expect((await world.track(rolloutNo, 'contain')).phase).toBe('halted');
    expect(world.warnings.length).toBeGreaterThan(0);
  });

  test('waits out somebody who is long at the ledger of the installation, instead of giving up', async () => {
    const { plan, rolloutNo } = await opened(2);
    let holds: () => void = () => undefined;
    let goOn: () => void = () => undefined;
    const isHolding = new Promise<void>((resolve) => (holds = resolve));
    const mayGoOn = new Promise<void>((resolve) => (goOn = resolve));
    const writer = world.store.transact(async (tx) => {
      await tx.ledger.append({
        chain: 'installation',
        event: 'plan.exported',
        body: { plan: plan.id, by: 'operator_1' },
      });
      holds();
      await mayGoOn;
    });
    await isHolding;
    const halting = world.halt(plan.id);
    // The halt's own wait for its lock is over by then; only the ledger still keeps it.
    await world.pool.query('SELECT pg_sleep(0.9)');
    goOn();
    await writer;
    await halting;
    expect((await world.track(rolloutNo, 'contain')).phase).toBe('halted');
  });

  test('is what a started server finds of everything that ran, and nothing resumes by itself', async () => {
    const { rolloutNo } = await opened(3);
    await haltAfterRestart(world.haltDeps);
    const running = (await Promise.all([rolloutNo].map((no) => world.tracks(no)))).flat();
    expect(running.every((track) => track.phase !== 'running')).toBe(true);
    for (let round = 0; round < 5; round += 1) {
      await world.hearSensor();
      expect(await world.advance(rolloutNo)).toEqual({ halt: null, moved: false });
      expect(await world.run(rolloutNo, 'contain')).toBe('idle');
    }
    expect(await haltAfterRestart(world.haltDeps)).toMatchObject({ alreadyHalted: true });
  });

  test('leaves a ledger that is whole', async () => {
    expect(await world.verifyLedger()).toMatchObject({ whole: true, findings: [] });
  });
});
