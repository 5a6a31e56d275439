import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { settlePermit } from '../../src/app/rollout/settle-permit.ts';
import type { PermitFindings } from '../../src/app/rollout/settle-permit.ts';
import { takePermit } from '../../src/app/rollout/take-permit.ts';
import type { TakenPermit } from '../../src/app/rollout/take-permit.ts';
import { claimedByte } from '../../src/app/rollout/track-outcomes.ts';
import { containOutcomeCodes } from '../../src/domain/action/contain-outcome.ts';
import { deliveryByte } from '../../src/domain/notice/delivery-state.ts';
import type { DeliveryState } from '../../src/domain/notice/delivery-state.ts';
import type { Track } from '../../src/domain/shared/track.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { quickLimits, withRolloutWorlds } from '../support/rollout-world.ts';
import type { RolloutWorld } from '../support/rollout-world.ts';

const openWorld = withRolloutWorlds(withTestPostgres());
let world: RolloutWorld;

beforeAll(async () => {
  world = await openWorld();
  return () => world.close();
});

afterEach(async () => {
  await world.setAsideRollouts();
});

/** All members in one wave of each track, ready to be taken. */
const oneWave = { order: 'contain-first', containWaveSizes: [1_000], tellWaveSizes: [1_000] } as const;

async function opened(count: number, limits: Parameters<RolloutWorld['startedPlan']>[1] = {}): Promise<number> {
  const { rolloutNo } = await world.startedPlan(world.addHolders(count), { ...oneWave, ...limits });
  await world.advance(rolloutNo);
  return rolloutNo;
}

/** A plan whose members are contained and whose notices may be sent now. */
async function readyToTell(count: number, limits: Parameters<RolloutWorld['startedPlan']>[1] = {}): Promise<number> {
  const rolloutNo = await opened(count, limits);
  while ((await world.run(rolloutNo, 'contain')) === 'settled') await world.hearSensor();
  await world.advance(rolloutNo);
  await world.advance(rolloutNo);
  return rolloutNo;
}

async function take(rolloutNo: number, track: Track, host = world.dotLog.host): Promise<TakenPermit> {
  await world.hearSensor();
  const taken = await takePermit(world.runDeps({ worker: { id: 'worker_1', host } }), rolloutNo, track);
  if (taken.kind !== 'permit') throw new Error(`no permit: ${JSON.stringify(taken)}`);
  return taken;
}

async function settle(
  taken: TakenPermit,
  states: readonly DeliveryState[],
  found: Partial<PermitFindings> = {},
): Promise<boolean> {
  const outcome = taken.permit.outcome.map((byte, index) => {
    const state = states[index];
    return state === undefined ? byte : deliveryByte(state);
  });
  const settled = await settlePermit({ store: world.store, digests }, taken.permit, taken.limits, {
    outcome,
    notes: [],
    peerAway: false,
    ...found,
  });
  return settled !== null;
}

/** A worker takes a permit and is gone before anybody's dot; another takes it back. */
async function loseWorker(rolloutNo: number): Promise<void> {
  await take(rolloutNo, 'tell');
  await world.expirePermits();
  expect(await world.recover()).toBe(1);
}

async function triesOf(rolloutNo: number): Promise<number> {
  return world.store.transact((tx) => tx.rollouts.triesOf({ rolloutNo, track: 'tell', fromOrdinal: 0 }));
}

describe('permits', () => {
  test('taken by eight at once hold every ordinal of the wave exactly once', async () => {
    const rolloutNo = await opened(60);
    const taken: number[] = [];
    await Promise.all(
      Array.from({ length: 8 }, async (_, worker) => {
        for (;;) {
          const deps = world.runDeps({ worker: { id: `worker_${worker}`, host: 'here' } });
          const result = await takePermit(deps, rolloutNo, 'contain');
          if (result.kind !== 'permit') return;
          const { fromOrdinal, size, outcome } = result.permit;
          expect(size).toBeLessThanOrEqual(3);
          expect([...outcome]).toEqual(Array.from({ length: size }, () => claimedByte));
          taken.push(...Array.from({ length: size }, (_value, index) => fromOrdinal + index));
        }
      }),
    );
    expect(taken.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, ordinal) => ordinal));
    expect((await world.verifyLedger()).whole).toBe(true);
  });

  test('a returned range that many reach for at once is claimed once, under the next attempt', async () => {
    const rolloutNo = await readyToTell(3);
    const first = await take(rolloutNo, 'tell');
    expect(await settle(first, ['accepted', 'released', 'deferred'])).toBe(true);
    await world.makeDue();
    await world.hearSensor();
    const again = await Promise.all(Array.from({ length: 6 }, () => takePermit(world.runDeps(), rolloutNo, 'tell')));
    const permits = again.flatMap((result) => (result.kind === 'permit' ? [result] : []));
    expect(permits).toHaveLength(1);
    expect(permits[0]?.permit).toMatchObject({ attempt: 2, fromOrdinal: 0 });
    // Only who was proved unsent is claimed again.
    expect([...(permits[0]?.permit.outcome ?? [])]).toEqual([deliveryByte('accepted'), claimedByte, claimedByte]);
  });

  test('what was accepted or is unknown is never claimed again', async () => {
    const rolloutNo = await readyToTell(3);
    const first = await take(rolloutNo, 'tell');
    await settle(first, ['unknown', 'accepted', 'refused']);
    await world.makeDue();
    expect(await takePermit(world.runDeps(), rolloutNo, 'tell')).toEqual({ kind: 'nothing' });
    expect((await world.permits(rolloutNo, 'tell')).map((permit) => permit.state)).toEqual(['settled']);
  });

  test('a holder that comes back after its range was taken from it writes nothing', async () => {
    const rolloutNo = await readyToTell(3);
    const zombie = await take(rolloutNo, 'tell');
    await world.expirePermits();
    expect(await world.recover()).toBe(1);
    expect(await settle(zombie, ['accepted', 'accepted', 'accepted'])).toBe(false);
    const second = await take(rolloutNo, 'tell');
    expect(second.permit.attempt).toBe(2);
    expect(await settle(zombie, ['accepted', 'accepted', 'accepted'])).toBe(false);
    expect(await settle(second, ['accepted', 'accepted', 'refused'])).toBe(true);
    expect(await settle(second, ['refused', 'refused', 'refused'])).toBe(false);
    expect(await world.outcomes(rolloutNo, 'tell')).toEqual(
      (['accepted', 'accepted', 'refused'] as const).map(deliveryByte),
    );
    expect((await world.verifyLedger()).whole).toBe(true);
  });

  test('an open permit is left to its holder until its time and a grace are over', async () => {
    const rolloutNo = await readyToTell(3);
    await take(rolloutNo, 'tell');
    expect(await world.recover()).toBe(0);
    await world.expirePermits(1);
    expect(await world.recover()).toBe(0);
    await world.expirePermits(3);
    expect(await world.recover()).toBe(1);
  });

  test('mail of another host is left to that host for a minute, and then unknown: nobody is mailed twice', async () => {
    const rolloutNo = await readyToTell(3);
    await take(rolloutNo, 'tell', 'another-host:another-boot');
    await world.expirePermits(30);
    expect(await world.recover()).toBe(0);
    await world.expirePermits(61);
    expect(await world.recover()).toBe(1);
    expect(await world.outcomes(rolloutNo, 'tell')).toEqual([8, 8, 8]);
  });

  test('a containment whose worker was lost is unknown until the directory was asked, never called undone', async () => {
    const rolloutNo = await opened(3);
    await take(rolloutNo, 'contain');
    await world.expirePermits();
    await world.recover();
    const { unknown, contained } = containOutcomeCodes;
    expect(await world.outcomes(rolloutNo, 'contain')).toEqual([unknown, unknown, unknown]);
    await world.makeDue();
    expect(await world.run(rolloutNo, 'contain')).toBe('settled');
    expect(await world.outcomes(rolloutNo, 'contain')).toEqual([contained, contained, contained]);
  });

  test('a deferred mail is tried as often as the plan says, then withheld and listed', async () => {
    const rolloutNo = await readyToTell(1, { maxAttempts: 3 });
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      const taken = await take(rolloutNo, 'tell');
      expect(taken.permit.attempt).toBe(attempt);
      await settle(taken, ['deferred']);
      await world.makeDue();
    }
    expect(await world.outcomes(rolloutNo, 'tell')).toEqual([deliveryByte('withheld')]);
    const notes = await world.store.transact((tx) => tx.rollouts.notesOf(rolloutNo, 'tell', 0));
    expect(notes.at(-1)).toMatchObject({
      state: 'withheld',
      note: expect.stringMatching(/^gave up: tried too often/) as string,
    });
  });

  test.each([{ peerAway: true }, { heldByRate: true }])(
    'nobody is given up for having waited all night, nor for one crash after it: %j',
    async (found) => {
      const rolloutNo = await readyToTell(2);
      const waits = 244;
      for (let claim = 0; claim < 4; claim += 1) {
        // A first mail went, and the other waits: it was not tried.
        const states = claim === 0 && found.heldByRate === true ? (['accepted'] as const) : [];
        await settle(await take(rolloutNo, 'tell'), states, found);
        // Sixty more like this one.
        await world.pool.query('UPDATE permit SET attempt = attempt + 60 WHERE rollout_no = $1', [rolloutNo]);
        await world.makeDue();
      }
      await loseWorker(rolloutNo);
      const left = deliveryByte('released');
      expect(await world.outcomes(rolloutNo, 'tell')).toEqual([
        found.heldByRate === true ? deliveryByte('accepted') : left,
        left,
      ]);
      await world.makeDue();
      const last = await take(rolloutNo, 'tell');
      expect(last.permit.attempt).toBe(waits + 2);
      await settle(last, ['accepted', 'accepted']);
      expect(await world.outcomes(rolloutNo, 'tell')).toEqual(Array(2).fill(deliveryByte('accepted')));
    },
  );

  test('a claim that ended before anybody’s dot is none of the tries that a range has', async () => {
    const rolloutNo = await readyToTell(1);
    for (let claim = 0; claim < 3; claim += 1) {
      await settle(await take(rolloutNo, 'tell'), []);
      await world.makeDue();
    }
    expect(await triesOf(rolloutNo)).toBe(0);
    await loseWorker(rolloutNo);
    expect(await triesOf(rolloutNo)).toBe(1);
  });

  test('what is proved unsent crash upon crash is given up at last, and listed', async () => {
    const rolloutNo = await readyToTell(1);
    await loseWorker(rolloutNo);
    await world.pool.query('UPDATE permit SET tries = 198 WHERE rollout_no = $1', [rolloutNo]);
    for (const state of ['released', 'withheld'] as const) {
      await world.makeDue();
      await loseWorker(rolloutNo);
      expect(await world.outcomes(rolloutNo, 'tell')).toEqual([deliveryByte(state)]);
    }
    const notes = await world.store.transact((tx) => tx.rollouts.notesOf(rolloutNo, 'tell', 0));
    expect(notes.at(-1)).toMatchObject({ state: 'withheld', note: 'gave up: tried too often' });
  });

  test('a host that is fenced takes none, so that nobody uses up the tries of people it cannot serve', async () => {
    const rolloutNo = await readyToTell(3);
    await world.hearSensor();
    world.fence.setRelayAlive(false);
    expect(await takePermit(world.runDeps(), rolloutNo, 'tell')).toMatchObject({ kind: 'held' });
    world.fence.setRelayAlive(true);
    // A halt that has reached this host and is not committed yet.
    world.fence.close(rolloutNo, 'tell', 1);
    expect(await takePermit(world.runDeps(), rolloutNo, 'tell')).toMatchObject({ kind: 'held' });
    expect(await world.permits(rolloutNo, 'tell')).toEqual([]);
  });
});

describe('no permit is lent', () => {
  async function heldBecause(rolloutNo: number, track: Track, changes = {}): Promise<string> {
    const result = await takePermit(world.runDeps(changes), rolloutNo, track);
    return result.kind === 'held' ? result.reason : result.kind;
  }

  test('while the sensor of disputes is silent', async () => {
    const rolloutNo = await readyToTell(3);
    await world.silenceSensor(11);
    expect(await heldBecause(rolloutNo, 'tell')).toContain('silent');
    await world.silenceSensor(8);
    expect(await heldBecause(rolloutNo, 'tell')).toBe('permit');
  });

  test('while its last beat is of an hour that the database’s clock has not reached, because somebody set it back', async () => {
    const rolloutNo = await readyToTell(3);
    await world.pool.query(`UPDATE sensor SET seen_at = clock_timestamp() + interval '2 hours'`);
    expect(await heldBecause(rolloutNo, 'tell')).toContain('silent');
    await world.hearSensor();
    expect(await heldBecause(rolloutNo, 'tell')).toBe('permit');
  });

  test('when no sensor was ever heard', async () => {
    const rolloutNo = await opened(3);
    await world.pool.query('DELETE FROM sensor');
    expect(await heldBecause(rolloutNo, 'contain')).toContain('silent');
    await world.hearSensor();
  });

  test('for going forward under another version of the code, and is for letters and for putting right', async () => {
    const rolloutNo = await readyToTell(3);
    await world.hearSensor();
    const policy = world.policyAs('another-version');
    const rollout = await world.store.transact((tx) => tx.rollouts.read(rolloutNo));
    if (rollout === null) throw new Error('no rollout');
    const objections = await world.store.transact(async (tx) => {
      const found: Record<string, boolean> = {};
      for (const track of ['contain', 'tell', 'holding', 'late'] as const)
        found[track] = (await policy.objection(tx, rollout, track)) !== null;
      return found;
    });
    expect(objections).toEqual({ contain: true, tell: true, holding: false, late: false });
    expect(await heldBecause(rolloutNo, 'tell', { policy, objection: policy.objection })).toContain('not the version');
    expect(await world.permits(rolloutNo, 'tell')).toEqual([]);
  });

  test('for going forward with a template that is not the approved one any more', async () => {
    const rolloutNo = await readyToTell(3);
    await world.hearSensor();
    const policy = world.policyAs(world.codeVersion, {
      ...world.templates,
      findPinned: (pins) => world.templates.findPinned(pins.map((pin) => ({ ...pin, digest: '0'.repeat(64) }))),
    });
    expect(await heldBecause(rolloutNo, 'tell', { objection: policy.objection })).not.toBe('permit');
  });

  test('once an approval has lapsed, or the approver was suspended', async () => {
    const rolloutNo = await readyToTell(3);
    await world.hearSensor();
    await world.pool.query(`UPDATE operator SET state = 'suspended' WHERE name = 'Ben'`);
    expect(await heldBecause(rolloutNo, 'tell')).toContain('1 of 2 approvals');
    await world.pool.query(`UPDATE operator SET state = 'active' WHERE name = 'Ben'`);
    expect(await heldBecause(rolloutNo, 'tell')).toBe('permit');
  });

  test('while a HALT file lies on the host', async () => {
    const other = await openWorld();
    const { rolloutNo } = await other.startedPlan(other.addHolders(2), oneWave);
    await other.advance(rolloutNo);
    const { writeFileSync } = await import('node:fs');
    writeFileSync(`${other.stateDir}/HALT`, '');
    expect(await takePermit(other.runDeps(), rolloutNo, 'contain')).toMatchObject({ kind: 'held' });
    await other.close();
  });

  test('beyond the open wave', async () => {
    const { rolloutNo } = await world.startedPlan(world.addHolders(9), { ...quickLimits, order: 'contain-first' });
    await world.hearSensor();
    expect(await heldBecause(rolloutNo, 'contain')).toBe('nothing');
    await world.advance(rolloutNo);
    expect(await world.run(rolloutNo, 'contain')).toBe('settled');
    expect(await heldBecause(rolloutNo, 'contain')).toBe('nothing');
    expect(await world.outcomes(rolloutNo, 'contain')).toHaveLength(2);
  });
});
