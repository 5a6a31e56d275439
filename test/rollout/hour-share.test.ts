import { beforeEach, describe, expect, test } from 'vitest';
import { makeSteadyWall } from '../../src/adapters/fence/host-clock.ts';
import { makeHourClock } from '../../src/app/rollout/hour-clock.ts';
import type { HourClock } from '../../src/app/rollout/hour-clock.ts';
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
/** The one true time, which no process knows, and who was told when. */
let movedMinutes = 0;
let told: { readonly atMinutes: number; readonly people: number }[] = [];

beforeEach(async () => {
  world = await openWorld();
  return () => world.close();
});

const minuteMs = 60_000;

/** A machine with its two clocks, and the worker that runs there. */
class Host {
  wallAheadMinutes = 0;
  hourClock!: HourClock;
  readonly #name: string;
  #boots = 0;

  constructor(name: string) {
    this.#name = name;
    this.startAnew();
  }

  restartWorker(): void {
    const monotonicMs = (): number => this.#boots * 777 + movedMinutes * minuteMs;
    const wallMs = (): number => 1_700_000_000_000 + (movedMinutes + this.wallAheadMinutes) * minuteMs;
    this.hourClock = makeHourClock({
      bootId: `${this.#name} ${this.#boots}`,
      monotonicMs,
      wallMs: makeSteadyWall(wallMs, monotonicMs),
    });
  }

  startAnew(): void {
    this.#boots += 1;
    this.restartWorker();
  }
}

const oneHost = new Host('alone');
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
async function tellAll(rolloutNo: number, hands: number, hosts: readonly Host[] = [oneHost]): Promise<string | null> {
  for (;;) {
    await world.hearSensor();
    await world.advance(rolloutNo);
    const runs = await Promise.all(
      Array.from({ length: hands }, (_, hand) =>
        world.run(rolloutNo, 'tell', {
          hourClock: (hosts[hand % hosts.length] as Host).hourClock,
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

/** The clock of the database goes ahead, so that all that it stamped before is so much older. */
async function moveDatabase(minutes: number): Promise<void> {
  await world.pool.query('UPDATE told_hour SET taken_at = taken_at - make_interval(mins => $1)', [minutes]);
}

async function pass(minutes: number): Promise<void> {
  movedMinutes += minutes;
  await moveDatabase(minutes);
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

  const days = (random: () => number): number => Math.round((random() - 0.5) * 6 * 24 * 60);
  type Change = (random: () => number, host: Host) => Promise<void> | void;
  const either: readonly Change[] = [
    (random) => moveDatabase(days(random)),
    (random, host) => void (host.wallAheadMinutes += days(random)),
    () => moveDatabase(61),
  ];
  const together: Change = async (random, host) => {
    const by = days(random);
    host.wallAheadMinutes += by;
    await moveDatabase(by);
  };
  const restarts: readonly Change[] = [(_random, host) => host.restartWorker(), (_random, host) => host.startAnew()];

  test.each([
    ['one machine with its database, whose clocks jump together', 1, [...either, together], 11],
    ['one machine whose worker is restarted', 1, [...either, together, restarts[0] as Change], 12],
    ['two machines whose clocks jump together with the database’s', 2, [...either, together], 13],
    ['two machines that are restarted while clocks jump, each by itself', 2, [either[0], either[2], ...restarts], 14],
  ] as readonly (readonly [string, number, readonly Change[], number])[])(
    'is never more, on %s, and everybody is told in the end',
    async (_what, machines, changes, seed) => {
      const { rolloutNo } = await begin();
      const random = seeded(seed);
      const hosts = Array.from({ length: machines }, (_, at) => new Host(`machine ${at}`));
      const hands = machines * 2;
      await tellAll(rolloutNo, hands, hosts);
      for (let step = 0; step < 30; step += 1) {
        if (random() < 0.5) await pass(1 + Math.floor(random() * 20));
        const change = changes[Math.floor(random() * changes.length)] as Change;
        await change(random, hosts[Math.floor(random() * machines)] as Host);
        await tellAll(rolloutNo, hands, hosts);
      }
      expect(mostInAnyHour()).toBeLessThanOrEqual(most);
      // From here on nobody sets a clock: what they were set to holds nobody back for longer than the hour.
      for (let quiet = 0; quiet < 8; quiet += 1) {
        await pass(64);
        await tellAll(rolloutNo, hands, hosts);
      }
      expect(told.reduce((sum, one) => sum + one.people, 0)).toBe(people);
      expect(mostInAnyHour()).toBeLessThanOrEqual(most);
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
