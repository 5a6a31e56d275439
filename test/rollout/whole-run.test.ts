import { beforeAll, expect, test } from 'vitest';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { readRolloutStatus } from '../../src/app/rollout/read-status.ts';
import { stewardRollouts } from '../../src/app/rollout/steward-rollouts.ts';
import { tallyTrack } from '../../src/app/rollout/tally-track.ts';
import { deliveryByte } from '../../src/domain/notice/delivery-state.ts';
import { conserveMembers } from '../../src/domain/rollout/conserve-members.ts';
import type { GateVerdict } from '../../src/domain/rollout/decide-next-step.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { oldPassword, withRolloutWorlds } from '../support/rollout-world.ts';
import type { RolloutWorld } from '../support/rollout-world.ts';

const openWorld = withRolloutWorlds(withTestPostgres());
let world: RolloutWorld;

beforeAll(async () => {
  world = await openWorld();
  return () => world.close();
});

async function steward(): Promise<Awaited<ReturnType<typeof stewardRollouts>>> {
  const { policy, dotLog, journal } = world;
  return stewardRollouts({
    soaks: world.soaks,
    digests,
    dotLog,
    journal,
    limitsOf: policy.limitsOf,
    wavesOf: policy.wavesOf,
    noteTold: policy.noteTold,
    judge: policy.judge,
    ...world.haltDeps,
  });
}

test('an interlocked plan that two workers share contains and tells everybody once, and adds up at every look', async () => {
  const people = world.addHolders(24);
  const { rolloutNo, plan } = await world.startedPlan(people);
  const { waves } = plan.header;
  const worker = async (id: string): Promise<void> => {
    for (let round = 0; round < 400; round += 1) {
      await world.hearSensor();
      const { runnable, moved } = await steward();
      let worked = moved;
      for (const { track } of runnable) {
        const run = await world.run(rolloutNo, track, { worker: { id, host: world.dotLog.host } });
        worked ||= run === 'settled';
      }
      const tracks = await world.tracks(rolloutNo);
      for (const track of tracks) {
        const tally = tallyTrack(track, await world.permits(rolloutNo, track.track));
        conserveMembers(track.track, track.members, tally.counts);
      }
      // A wave of notices is never open before its people are contained, nor the next containment before it is told.
      const tell = tracks.find((track) => track.track === 'tell');
      const contain = tracks.find((track) => track.track === 'contain');
      if (tell !== undefined && contain !== undefined && tell.wavesOpened > 0)
        expect(contain.openTo).toBeGreaterThanOrEqual(waves.tellNeedsContained[tell.wavesOpened - 1] ?? 0);
      if (!worked && tracks.every((track) => track.phase === 'finished')) return;
    }
    throw new Error('the rollout never ended');
  };
  await Promise.all([worker('worker_1'), worker('worker_2')]);
  expect(people.every((id) => world.directory.signIn(id, oldPassword) === null)).toBe(true);
  const status = await readRolloutStatus(world, plan.id);
  expect(status.phase).toBe('finished');
  expect(status.tracks.map((track) => track.counts)).toEqual([{ contained: 24 }, { accepted: 24 }]);
  expect(status.containedUntold?.count).toBe(0);
  expect(await world.verifyLedger()).toMatchObject({ whole: true, findings: [] });
});

test('enough people who say that a notice is not right halt everything of the plan, before the next wave', async () => {
  const { rolloutNo, plan } = await world.startedPlan(world.addHolders(30), {
    tellWaveSizes: [10],
    containWaveSizes: [10],
  });
  // The first wave is out and its soak is not over: readers answer.
  await world.pool.query(`UPDATE track SET soak_seconds = '{3600}' WHERE rollout_no = $1 AND track = 'tell'`, [
    rolloutNo,
  ]);
  await world.work(rolloutNo);
  expect(await world.outcomes(rolloutNo, 'tell')).toHaveLength(10);
  const members = await world.store.transact((tx) => tx.rollouts.mailMembers(rolloutNo, 'tell', 0, 10));
  for (const member of members.slice(0, 4)) {
    await world.store.transact((tx) =>
      tx.rollouts.addDispute({
        noticeNumber: member.noticeNumber,
        rolloutNo,
        track: 'tell',
        ordinal: member.ordinal,
        counted: true,
      }),
    );
  }
  await steward();
  const tracks = await world.tracks(rolloutNo);
  expect(tracks.map((track) => [track.phase, track.haltedBy])).toEqual([
    ['halted', 'gate'],
    ['halted', 'gate'],
  ]);
  for (let round = 0; round < 3; round += 1) {
    await world.hearSensor();
    expect((await steward()).runnable).toEqual([]);
  }
  expect(await world.outcomes(rolloutNo, 'tell')).toHaveLength(10);
  expect(world.fence.mayAct(rolloutNo, 'tell', 1)).toBe(false);
  expect((await readRolloutStatus(world, plan.id)).phase).toBe('halted');
});

test('nobody more is contained behind a wave of notices that its gate is unsure of, or has failed', async () => {
  const { rolloutNo, plan } = await world.startedPlan(world.addHolders(8));
  const withheld: Parameters<RolloutWorld['work']>[1] = {
    sendPermit: (_plan, { permit }) =>
      Promise.resolve({ outcome: permit.outcome.map(() => deliveryByte('withheld')), notes: [], peerAway: false }),
  };
  await world.work(rolloutNo, withheld);
  // Nobody was told, so nobody could say that it is wrong: silence that means nothing.
  const opened = async (): Promise<readonly number[]> =>
    (await world.tracks(rolloutNo)).map((track) => track.wavesOpened);
  expect(await opened()).toEqual([1, 1]);
  const policy = {
    ...world.policy,
    judge: (): Promise<readonly GateVerdict[]> =>
      Promise.resolve([{ gate: 'disputes', result: 'fail', reason: 'a test' }]),
  };
  expect(await world.advance(rolloutNo, policy)).toMatchObject({ halt: { track: 'contain' }, moved: false });
  expect(await opened()).toEqual([1, 1]);
  expect((await world.tracks(rolloutNo)).every((track) => track.phase === 'running')).toBe(true);
  await world.halt(plan.id);
});

test('a silent sensor, lapsed approvals and other code each hold the next wave, and none of them halts or resumes', async () => {
  const { rolloutNo } = await world.startedPlan(world.addHolders(12), { order: 'contain-first' });
  const held = async (policy = world.policy): Promise<readonly string[]> => {
    await world.advance(rolloutNo, policy);
    return (await world.track(rolloutNo, 'contain')).reasons;
  };
  await world.hearSensor();
  await world.advance(rolloutNo);
  await world.run(rolloutNo, 'contain');
  await world.advance(rolloutNo);
  expect((await held(world.policyAs('another')))[0]).toContain('not the version');
  await world.pool.query(`UPDATE operator SET state = 'suspended' WHERE name = 'Cho'`);
  expect((await held())[0]).toContain('1 of 2 approvals');
  await world.pool.query(`UPDATE operator SET state = 'active' WHERE name = 'Cho'`);
  expect((await world.track(rolloutNo, 'contain')).wavesOpened).toBe(1);
  expect(await held()).toEqual([]);
  expect((await world.track(rolloutNo, 'contain')).wavesOpened).toBe(2);
});
