import { beforeAll, expect, test } from 'vitest';
import { readRolloutStatus } from '../../src/app/rollout/read-status.ts';
import { settlePermit } from '../../src/app/rollout/settle-permit.ts';
import { takePermit } from '../../src/app/rollout/take-permit.ts';
import { deliveryByte } from '../../src/domain/notice/delivery-state.ts';
import { accountId } from '../../src/domain/shared/ids.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { withRolloutWorlds } from '../support/rollout-world.ts';
import type { RolloutWorld } from '../support/rollout-world.ts';

const openWorld = withRolloutWorlds(withTestPostgres());
let world: RolloutWorld;

beforeAll(async () => {
  world = await openWorld();
  return () => world.close();
});

test('a wave in which too many accounts were not there holds the next one, and says why, until two people go on', async () => {
  const people = world.addHolders(60);
  const limits = { order: 'contain-first', containWaveSizes: [40], tellWaveSizes: [60] } as const;
  const { rolloutNo, plan } = await world.startedPlan(people, limits);
  const targets = await world.store.transact((tx) => tx.plans.targets(plan.id, 0, 40));
  for (const target of targets.slice(0, 5)) world.directory.removeHolder(accountId(target.accountId));
  await world.work(rolloutNo);

  const held = await world.track(rolloutNo, 'contain');
  expect(held).toMatchObject({ phase: 'running', wavesOpened: 1 });
  expect(held.reasons.join()).toContain('actions: 5 of 40 accounts of this wave');
  expect(held.reasons.join()).toContain('5 missing');
  const status = await readRolloutStatus(world, plan.id);
  const gates = status.tracks.find((track) => track.track === 'contain')?.gates;
  expect(gates?.find((gate) => gate.gate === 'actions')?.result).toBe('inconclusive');

  await world.halt(plan.id);
  await world.agreeToGoOn(plan);
  expect((await world.resume(plan.id)).kind).toBe('resumed');
  await world.work(rolloutNo);
  expect(await world.track(rolloutNo, 'contain')).toMatchObject({ phase: 'finished', wavesOpened: 2 });
});

test('up to four accounts that were not there hold nothing', async () => {
  const { rolloutNo, plan } = await world.startedPlan(world.addHolders(20), {
    order: 'contain-first',
    containWaveSizes: [10],
  });
  const targets = await world.store.transact((tx) => tx.plans.targets(plan.id, 0, 4));
  for (const target of targets) world.directory.removeHolder(accountId(target.accountId));
  await world.work(rolloutNo);
  expect((await world.track(rolloutNo, 'contain')).phase).toBe('finished');
});

test('what the mails were like is added up over permits that settle at once, and judged before the next wave', async () => {
  const { rolloutNo } = await world.startedPlan(world.addHolders(40), {
    order: 'contain-first',
    containWaveSizes: [1_000],
    tellWaveSizes: [20],
    smallPermitSize: 5,
  });
  await world.hearSensor();
  await world.advance(rolloutNo);
  while ((await world.run(rolloutNo, 'contain')) === 'settled') await world.hearSensor();
  for (let round = 0; round < 3; round += 1) await world.advance(rolloutNo);
  const taken = await Promise.all(Array.from({ length: 4 }, () => takePermit(world.runDeps(), rolloutNo, 'tell')));
  const settled = await Promise.all(
    taken.map(async (one, index) => {
      if (one.kind !== 'permit') throw new Error(`no permit: ${JSON.stringify(one)}`);
      const looks = ['b', 'a'].map((variant) => ({
        variant,
        sizeBytes: 5_000 + index * 200,
        holdsForeignAddress: false,
      }));
      const outcome = one.permit.outcome.map(() => deliveryByte('accepted'));
      const mails = index % 2 === 0 ? looks : looks.toReversed();
      return settlePermit(world.runDeps(), one.permit, one.limits, { outcome, notes: [], peerAway: false, mails });
    }),
  );
  expect(settled.every((entry) => entry !== null)).toBe(true);
  const sample = { mails: 4, smallestBytes: 5_000, largestBytes: 5_600, foreignMails: 0 };
  expect(await world.store.transact((tx) => tx.rollouts.mailSamples(rolloutNo, 'tell'))).toEqual([
    { variant: 'a', ...sample },
    { variant: 'b', ...sample },
  ]);
  const { halt } = await world.advance(rolloutNo);
  expect(halt?.track).toBe('tell');
  expect(halt?.reasons[0]).toContain('content: mails of the same words differ by 600 bytes');
});
