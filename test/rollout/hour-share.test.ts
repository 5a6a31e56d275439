import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readRolloutStatus } from '../../src/app/rollout/read-status.ts';
import { deliveryByte } from '../../src/domain/notice/delivery-state.ts';
import { hourMost } from '../../src/domain/plan/hour-share.ts';
import { standardLimits } from '../../src/domain/plan/limits.ts';
import { tellEndsOf } from '../../src/domain/plan/waves.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { withRolloutWorlds } from '../support/rollout-world.ts';
import type { RolloutWorld } from '../support/rollout-world.ts';

const openWorld = withRolloutWorlds(withTestPostgres());
let world: RolloutWorld;
/** The world's own hours: how far its clock was moved on, and who was told when. */
let movedMinutes = 0;
let told: { readonly atMinutes: number; readonly people: number }[] = [];

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const minutesOfHour = 60;
const people = 60;
const most = 12;

async function begin(): Promise<{ readonly rolloutNo: number; readonly plan: `plan_${number}` }> {
  told = [];
  movedMinutes = 0;
  const { plan, rolloutNo } = await world.startedPlan(world.addHolders(people), {
    order: 'contain-first',
    containWaveSizes: [1_000],
    tellWaveSizes: [1_000],
    tellHourShare: 0.2,
    tellHourFloor: 5,
    permitSize: 5,
    smallPermitSize: 5,
  });
  // Waves are no larger than the share: then the rate is what a second wave in the same hour would break.
  expect(plan.header.waves.tellEnds).toEqual([12, 24, 36, 48, 60]);
  await world.advance(rolloutNo);
  while ((await world.run(rolloutNo, 'contain')) === 'settled');
  return { rolloutNo, plan: plan.id };
}

/** Everything that may leave now leaves, on so many hands; the world counts it. */
async function tellAll(rolloutNo: number, hands: number): Promise<string | null> {
  for (;;) {
    await world.hearSensor();
    await world.advance(rolloutNo);
    const runs = await Promise.all(
      Array.from({ length: hands }, () =>
        world.run(rolloutNo, 'tell', {
          sendPermit: async (_plan, { permit }) => {
            let count = 0;
            const outcome = permit.outcome.map((byte) => {
              if (byte !== deliveryByte('claimed')) return byte;
              count += 1;
              return deliveryByte('accepted');
            });
            told.push({ atMinutes: movedMinutes, people: count });
            return { outcome, notes: [], peerAway: false };
          },
        }),
      ),
    );
    const held = runs.find((run) => typeof run === 'object');
    if (!runs.includes('settled')) return held?.heldBy ?? null;
  }
}

async function pass(minutes: number): Promise<void> {
  movedMinutes += minutes;
  await world.pool.query('UPDATE told_hour SET taken_at = taken_at - make_interval(mins => $1)', [minutes]);
}

function mostInAnyHour(): number {
  return Math.max(
    ...told.map(({ atMinutes: from }) =>
      told
        .filter(({ atMinutes }) => atMinutes >= from && atMinutes < from + minutesOfHour)
        .reduce((sum, one) => sum + one.people, 0),
    ),
  );
}

describe('the share of a plan that is told in an hour', () => {
  test.each([1, 4])(
    'is never more in any hour, however it is laid, on %i hands, and everybody is told in the end',
    async (hands) => {
      const { rolloutNo, plan } = await begin();
      expect(await tellAll(rolloutNo, hands)).toContain('12 people, is used up');
      const { hours } = await readRolloutStatus(world, plan);
      expect(hours).toEqual([{ track: 'tell', most, told: told.reduce((sum, one) => sum + one.people, 0) }]);
      // In steps that do not divide the hour, so that its edges fall everywhere.
      for (let step = 0; step < 60 && told.reduce((sum, one) => sum + one.people, 0) < people; step += 1) {
        await pass(7 + (step % 5) * 4);
        await tellAll(rolloutNo, hands);
      }
      expect(told.reduce((sum, one) => sum + one.people, 0)).toBe(people);
      expect(mostInAnyHour()).toBeLessThanOrEqual(most);
      expect(mostInAnyHour()).toBeGreaterThan(most / 2);
    },
  );

  test('is 5 % by default, and no bound for fewer than the largest of the first waves', () => {
    expect([100, 200_000, 1_000_000].map((count) => hourMost(count, standardLimits))).toEqual([10_000, 10_000, 50_000]);
    const ends = tellEndsOf(300_000, standardLimits);
    expect(Math.max(...ends.map((end, wave) => end - (ends[wave - 1] ?? 0)))).toBe(15_000);
    const { tellHourShare: _share, ...before } = standardLimits;
    expect(hourMost(1_000_000, before)).toBeNull();
  });
});
