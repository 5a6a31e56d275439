import { beforeAll, describe, expect, test } from 'vitest';
import { recordDispute } from '../../src/app/notice/record-dispute.ts';
import { readRolloutStatus } from '../../src/app/rollout/read-status.ts';
import { enterHalt } from '../../src/app/rollout/halt-rollout.ts';
import { settlePermit } from '../../src/app/rollout/settle-permit.ts';
import type { PermitFindings } from '../../src/app/rollout/settle-permit.ts';
import { takePermit } from '../../src/app/rollout/take-permit.ts';
import type { BounceClass } from '../../src/domain/notice/bounce-class.ts';
import { containOutcomeCodes } from '../../src/domain/action/contain-outcome.ts';
import { deliveryByte } from '../../src/domain/notice/delivery-state.ts';
import type { DeliveryState } from '../../src/domain/notice/delivery-state.ts';
import type { FrozenPlan } from '../../src/domain/plan/frozen-plan.ts';
import type { RunPermitDeps } from '../../src/app/rollout/run-permit.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { withRolloutWorlds } from '../support/rollout-world.ts';
import type { RolloutWorld } from '../support/rollout-world.ts';

const openWorld = withRolloutWorlds(withTestPostgres());
let world: RolloutWorld;

beforeAll(async () => {
  world = await openWorld();
  return () => world.close();
});

const twoWaves = {
  order: 'contain-first',
  containWaveSizes: [1_000],
  tellWaveSizes: [5, 20],
  smallPermitSize: 20,
} as const;

/** A sender of whom every mail of the first wave has the one state, and every later one is accepted. */
function firstWave(state: DeliveryState, bounce?: BounceClass): Partial<RunPermitDeps> {
  return {
    sendPermit: (_plan, { permit }): Promise<PermitFindings> => {
      const is = permit.wave === 0 ? state : 'accepted';
      return Promise.resolve({
        outcome: permit.outcome.map(() => deliveryByte(is)),
        notes:
          bounce === undefined || permit.wave > 0
            ? []
            : [...permit.outcome.keys()].map((index) => ({
                ordinal: permit.fromOrdinal + index,
                attempt: permit.attempt,
                state: is,
                note: 'said by the test',
                class: bounce,
              })),
        peerAway: false,
      });
    },
  };
}

async function tellStatus(plan: FrozenPlan) {
  const status = await readRolloutStatus(world, plan.id);
  return { status, tell: status.tracks.find((track) => track.track === 'tell') };
}

describe('a first wave that told nobody', () => {
  test('holds for ever, and two people go on by a recorded yes to exactly that', async () => {
    const { plan, rolloutNo } = await world.startedPlan(world.addHolders(10), twoWaves);
    const sender = firstWave('withheld');
    await world.work(rolloutNo, sender);
    expect((await world.track(rolloutNo, 'tell')).reasons.join()).toContain('nobody was told yet');
    await world.work(rolloutNo, sender);
    expect(await world.track(rolloutNo, 'tell')).toMatchObject({ phase: 'running', wavesOpened: 1 });
    expect((await tellStatus(plan)).status.goOn).toBeNull();

    await world.halt(plan.id);
    const { status } = await tellStatus(plan);
    expect(status.goOn?.over).toEqual([{ track: 'tell', wave: 1, gate: 'disputes', cause: 'nobody-told', count: 0 }]);
    // A plain yes resumes it, and leaves the verdict holding.
    await world.agreeToResume(plan);
    expect(await world.resume(plan.id)).toMatchObject({ kind: 'resumed', over: [] });
    await world.work(rolloutNo, sender);
    expect((await world.track(rolloutNo, 'tell')).wavesOpened).toBe(1);

    await world.halt(plan.id);
    await world.agreeToGoOn(plan);
    expect(await world.resume(plan.id)).toMatchObject({ kind: 'resumed', over: [{ cause: 'nobody-told' }] });
    await world.work(rolloutNo, sender);
    expect(await world.track(rolloutNo, 'tell')).toMatchObject({ phase: 'finished', wavesOpened: 2 });
    const { rows } = await world.pool.query<{ body: string }>(
      `SELECT body FROM ledger_entry WHERE event = 'rollout.resumed' ORDER BY seq DESC LIMIT 1`,
    );
    expect(JSON.parse(rows[0]?.body ?? '{}')).toMatchObject({
      over: [{ track: 'tell', wave: 1, gate: 'disputes', cause: 'nobody-told', count: 0 }],
    });
  });

  test('is gone on over by nobody while it has not settled, by one alone, or after a further halt', async () => {
    const { plan, rolloutNo } = await world.startedPlan(world.addHolders(10), twoWaves);
    await world
      .work(rolloutNo, { ...firstWave('withheld'), sendPermit: () => Promise.reject(new Error('not now')) }, 1)
      .catch(() => undefined);
    await world.halt(plan.id);
    expect((await tellStatus(plan)).status.goOn).toBeNull();
    await world.expirePermits();
    await world.recover();
    await world.agreeToResume(plan);
    await world.resume(plan.id);
    await world.work(rolloutNo, firstWave('withheld'));
    await world.halt(plan.id);
    const decision = (await tellStatus(plan)).status.goOn?.decision;
    await world.sayYes(world.approvers[0], plan.id, { ...plan, ...(decision === undefined ? {} : { decision }) });
    expect(await world.resume(plan.id)).toMatchObject({ kind: 'waiting', have: 1, required: 2 });
    await world.halt(plan.id);
    await world.sayYes(world.approvers[1], plan.id, { ...plan, ...(decision === undefined ? {} : { decision }) });
    expect(await world.resume(plan.id)).toMatchObject({ kind: 'waiting', have: 0 });
  });

  test('gone on over says nothing of the next wave, which holds anew', async () => {
    const { plan, rolloutNo } = await world.startedPlan(world.addHolders(25), {
      ...twoWaves,
      tellWaveSizes: [5, 5, 5],
    });
    const nobody: Partial<RunPermitDeps> = {
      sendPermit: (_plan, { permit }) =>
        Promise.resolve({ outcome: permit.outcome.map(() => deliveryByte('withheld')), notes: [], peerAway: false }),
    };
    for (const wave of [1, 2]) {
      await world.work(rolloutNo, nobody);
      expect((await world.track(rolloutNo, 'tell')).wavesOpened).toBe(wave);
      await world.halt(plan.id);
      await world.agreeToGoOn(plan);
      expect((await world.resume(plan.id)).kind).toBe('resumed');
    }
    await world.work(rolloutNo, nobody);
    expect(await world.track(rolloutNo, 'tell')).toMatchObject({ phase: 'running', wavesOpened: 3 });
  });
});

describe('disputes above the ceiling', () => {
  test('halt; two who looked at a sample go on over so many and not one more', async () => {
    const { plan, rolloutNo } = await world.startedPlan(world.addHolders(25), { ...twoWaves, tellWaveSizes: [20] });
    await world.work(rolloutNo);
    const targets = await world.store.transact((tx) => tx.plans.targets(plan.id, 0, 40));
    const first = targets.filter((target) => (target.tellOrdinal ?? 99) < 20);
    await world.pool.query(`UPDATE permit SET settled_at = settled_at - interval '1 hour' WHERE rollout_no = $1`, [
      rolloutNo,
    ]);
    expect((await world.track(rolloutNo, 'tell')).phase).toBe('finished');
    await world.pool.query(
      `UPDATE track SET phase = 'running', waves_opened = 1 WHERE rollout_no = $1 AND track = 'tell'`,
      [rolloutNo],
    );
    for (const target of first.slice(0, 3)) await recordDispute(world, { number: target.noticeNumber });
    await haltByGate(rolloutNo, plan);
    const { status } = await tellStatus(plan);
    expect(status.goOn?.over).toEqual([
      { track: 'tell', wave: 1, gate: 'disputes', cause: 'too-many-disputes', count: 3 },
    ]);
    const [one, two] = world.approvers;
    const decision = status.goOn!.decision;
    await world.sayYes(one, plan.id, { ...plan, decision });
    await recordDispute(world, { number: first[4]!.noticeNumber });
    // What the second person sees is another state, and the first one's yes does not fit it.
    expect(await world.sayYes(two, plan.id, { ...plan, decision })).toMatchObject({
      kind: 'refused',
      reason: 'wrong-decision',
    });
    await world.agreeToGoOn(plan);
    expect((await world.resume(plan.id)).kind).toBe('resumed');
    expect((await world.advance(rolloutNo)).halt).toBeNull();
    await recordDispute(world, { number: first[5]!.noticeNumber });
    expect((await world.advance(rolloutNo)).halt?.track).toBe('tell');
  });
});

describe('what comes back', () => {
  test('a wave whose addresses are refused halts at once, without any channel, and says what it could not see', async () => {
    const { plan, rolloutNo } = await world.startedPlan(world.addHolders(10), twoWaves);
    await haltByGate(rolloutNo, plan, firstWave('refused', 'address'));
    const { tell } = await tellStatus(plan);
    expect(tell).toMatchObject({ phase: 'halted', wave: { opened: 1 } });
    expect(tell?.reasons.join()).toContain('bounces: 5 of 5 mails were refused or came back for their address');
    expect(tell?.reasons.join()).toContain('only refusals in the SMTP dialogue are seen');
    expect(tell?.gates.find((gate) => gate.gate === 'complaints')).toMatchObject({
      result: 'pass',
      reason: 'complaints are not seen: no feedback channel is configured',
    });
  });

  test('a receiver that refuses us as a whole holds, and calls no address wrong', async () => {
    const { plan, rolloutNo } = await world.startedPlan(world.addHolders(10), twoWaves);
    await world.work(rolloutNo, firstWave('refused', 'policy'));
    const gate = (await tellStatus(plan)).tell?.gates.find((one) => one.gate === 'bounces');
    expect(gate).toMatchObject({ result: 'inconclusive', cause: { word: 'refused-by-policy', count: 5 } });
  });

  test('where a channel is configured its silence holds, and nobody goes on over that', async () => {
    const other = await openWorld({ hasFeedback: true });
    const { plan, rolloutNo } = await other.startedPlan(other.addHolders(8), twoWaves);
    await other.work(rolloutNo);
    expect((await other.track(rolloutNo, 'tell')).reasons.join()).toContain('the feedback channel is silent');
    await other.halt(plan.id);
    expect((await readRolloutStatus(other, plan.id)).goOn).toBeNull();
    await other.agreeToResume(plan);
    await other.resume(plan.id);
    const heard = () => other.store.transact((tx) => tx.rollouts.beatSensor('feedback'));
    await heard();
    await other.work(rolloutNo);
    expect((await other.track(rolloutNo, 'tell')).phase).toBe('finished');
    await other.close();
  });
});

describe('accounts that the directory refuses', () => {
  test('hold their wave and everything after it until two people leave them behind; then they are still tried', async () => {
    const { plan, rolloutNo } = await world.startedPlan(world.addHolders(24), {
      ...twoWaves,
      containWaveSizes: [20],
      tellWaveSizes: [24],
      smallPermitSize: 10,
      maxAttempts: 1,
    });
    await world.hearSensor();
    await world.advance(rolloutNo);
    for (;;) {
      const taken = await takePermit(world.runDeps(), rolloutNo, 'contain');
      if (taken.kind !== 'permit') break;
      const { permit } = taken;
      const outcome = permit.outcome.map((_, index) =>
        permit.fromOrdinal + index < 6 ? containOutcomeCodes.failed : containOutcomeCodes.contained,
      );
      await settlePermit(world.runDeps(), permit, taken.limits, { outcome, notes: [], peerAway: false });
    }
    await world.work(rolloutNo);
    expect(await world.track(rolloutNo, 'contain')).toMatchObject({ phase: 'running', wavesOpened: 1 });
    await world.halt(plan.id);
    const { status } = await tellStatus(plan);
    expect(status.goOn?.over).toEqual([
      { track: 'contain', wave: 1, gate: 'actions', cause: 'not-contained', count: 6 },
    ]);
    await world.agreeToGoOn(plan);
    expect((await world.resume(plan.id)).kind).toBe('resumed');
    for (const _step of ['the wave settles', 'the next one opens']) await world.advance(rolloutNo);
    expect(await world.track(rolloutNo, 'contain')).toMatchObject({ wavesOpened: 2 });
    await world.makeDue();
    await world.work(rolloutNo);
    const outcomes = await world.outcomes(rolloutNo, 'contain');
    expect(outcomes.filter((byte) => byte === containOutcomeCodes.contained)).toHaveLength(24);
    expect((await world.track(rolloutNo, 'contain')).phase).toBe('finished');
  });
});

/** Works until a gate halts, and carries that out as the steward does. */
async function haltByGate(rolloutNo: number, plan: FrozenPlan, sender: Partial<RunPermitDeps> = {}): Promise<void> {
  for (let round = 0; round < 200; round += 1) {
    await world.hearSensor();
    const { halt } = await world.advance(rolloutNo);
    if (halt !== null) {
      const reason = `${halt.track}: ${halt.reasons.join('; ')}`;
      await enterHalt(world.haltDeps, { subject: plan.id, scope: 'all', by: 'gate', reason });
      return;
    }
    for (const track of await world.tracks(rolloutNo))
      if (track.phase === 'running') await world.run(rolloutNo, track.track, sender);
  }
  throw new Error('no gate halted it');
}
