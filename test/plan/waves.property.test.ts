import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { standardLimits } from '../../src/domain/plan/limits.ts';
import type { PlanLimits } from '../../src/domain/plan/limits.ts';
import { planWaves, waveEnds } from '../../src/domain/plan/waves.ts';

const seed = 2014;
const anySizes = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 5 });
/** Sizes as people configure them: each wave at least as large as the one before. */
const growingSizes = anySizes.map((sizes) => sizes.toSorted((a, b) => a - b));
const tells = fc.array(fc.boolean(), { minLength: 1, maxLength: 400 });

const anyLimits = fc
  .record({
    order: fc.constantFrom<PlanLimits['order']>('interlocked', 'contain-first'),
    tellWaveSizes: growingSizes,
    containWaveSizes: growingSizes,
    growth: fc.integer({ min: 1, max: 4 }),
    largestWave: fc.integer({ min: 40, max: 200 }),
  })
  .map((changes): PlanLimits => ({ ...standardLimits, ...changes }));

function sizesOf(ends: readonly number[]): readonly number[] {
  return ends.map((end, wave) => end - (ends[wave - 1] ?? 0));
}

function isNonDecreasing(numbers: readonly number[]): boolean {
  return numbers.every((number, at) => number >= (numbers[at - 1] ?? 0));
}

describe('waves', () => {
  test('hold every member once, none is empty, and only the last may be smaller than the one before', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 5_000 }),
        growingSizes,
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 40, max: 900 }),
        (total, sizes, growth, largest) => {
          const ends = waveEnds(total, sizes, growth, largest);
          expect(ends.at(-1) ?? 0).toBe(total);
          const each = sizesOf(ends);
          expect(each.every((size) => size >= 1)).toBe(true);
          expect(isNonDecreasing(each.slice(0, -1))).toBe(true);
          expect(each.every((size, wave) => size <= Math.max(largest, sizes[wave] ?? 0, 1))).toBe(true);
        },
      ),
      { seed, numRuns: 2_000 },
    );
  });

  test('never begin larger than the first named size, not even when a limit is nonsense', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        anySizes,
        fc.integer({ min: -3, max: 5 }),
        (total, sizes, growth) => {
          const ends = waveEnds(total, sizes, growth, 100);
          expect(ends[0]).toBeLessThanOrEqual(Math.max(1, sizes[0] ?? 1));
          expect(ends.at(-1)).toBe(total);
        },
      ),
      { seed, numRuns: 1_000 },
    );
  });

  test('of no member are none', () => {
    expect(waveEnds(0, [10], 3, 100)).toEqual([]);
    expect(planWaves([], standardLimits)).toEqual({
      containEnds: [],
      tellEnds: [],
      tellNeedsContained: [],
      containNeedsTold: [],
    });
  });
});

describe('the two tracks of a plan', () => {
  test('hold every member, and the arrays of the interlock belong to their waves and never fall', () => {
    fc.assert(
      fc.property(tells, anyLimits, (told, limits) => {
        const waves = planWaves(told, limits);
        const count = told.filter(Boolean).length;
        expect(waves.containEnds.at(-1)).toBe(told.length);
        expect(waves.tellEnds.at(-1) ?? 0).toBe(count);
        expect(waves.tellNeedsContained).toHaveLength(waves.tellEnds.length);
        expect(waves.containNeedsTold).toHaveLength(waves.containEnds.length);
        expect(sizesOf(waves.containEnds).every((size) => size >= 1)).toBe(true);
        expect(isNonDecreasing(waves.tellNeedsContained)).toBe(true);
        expect(isNonDecreasing(waves.containNeedsTold)).toBe(true);
      }),
      { seed, numRuns: 2_000 },
    );
  });

  test('tell nobody who is not contained by then', () => {
    fc.assert(
      fc.property(tells, anyLimits, (told, limits) => {
        const waves = planWaves(told, limits);
        const containOf = [...told.keys()].filter((ordinal) => told[ordinal]);
        for (const [wave, end] of waves.tellEnds.entries()) {
          const needed = waves.tellNeedsContained[wave] ?? 0;
          for (let ordinal = waves.tellEnds[wave - 1] ?? 0; ordinal < end; ordinal += 1) {
            expect(containOf[ordinal]).toBeLessThan(needed);
          }
          expect(needed).toBeLessThanOrEqual(told.length);
        }
      }),
      { seed, numRuns: 1_000 },
    );
  });

  test('never wait for each other in a circle, whoever is told', () => {
    fc.assert(
      fc.property(tells, anyLimits, (told, limits) => {
        const waves = planWaves(told, limits);
        let contain = 0;
        let tell = 0;
        for (;;) {
          const contained = waves.containEnds[contain - 1] ?? 0;
          if (contain < waves.containEnds.length && (waves.containNeedsTold[contain] ?? 0) <= tell) contain += 1;
          else if (tell < waves.tellEnds.length && (waves.tellNeedsContained[tell] ?? 0) <= contained) tell += 1;
          else break;
        }
        expect([contain, tell]).toEqual([waves.containEnds.length, waves.tellEnds.length]);
      }),
      { seed, numRuns: 1_000 },
    );
  });

  test('contain first waits for no telling at all, by its own sizes', () => {
    fc.assert(
      fc.property(tells, anyLimits, (told, limits) => {
        const waves = planWaves(told, { ...limits, order: 'contain-first' });
        expect(waves.containNeedsTold.every((needed) => needed === 0)).toBe(true);
        const { containWaveSizes, growth, largestWave } = limits;
        expect(waves.containEnds).toEqual(waveEnds(told.length, containWaveSizes, growth, largestWave));
      }),
      { seed, numRuns: 500 },
    );
  });

  test('interlocked, nobody of a wave is contained before every told member of the waves before it was told', () => {
    fc.assert(
      fc.property(tells, anyLimits, (told, limits) => {
        const waves = planWaves(told, { ...limits, order: 'interlocked' });
        for (const [wave, needed] of waves.containNeedsTold.entries()) {
          const containedBefore = waves.containEnds[wave - 1] ?? 0;
          const readyTellWaves = waves.tellNeedsContained.filter((need) => need <= containedBefore).length;
          // Whatever could be told with what is contained has to be told first; the last told wave leaves only the rest.
          expect(needed).toBe(readyTellWaves);
        }
      }),
      { seed, numRuns: 1_000 },
    );
  });

  test('no wave of containment is larger than the brakes of containing allow, however few of it are told', () => {
    fc.assert(
      fc.property(tells, anyLimits, (told, limits) => {
        const waves = planWaves(told, limits);
        const { containWaveSizes, growth, largestWave } = limits;
        const allowed = sizesOf(waveEnds(100_000, containWaveSizes, growth, largestWave));
        for (const [wave, size] of sizesOf(waves.containEnds).entries()) {
          expect(size).toBeLessThanOrEqual(allowed[wave] ?? 0);
        }
      }),
      { seed, numRuns: 1_000 },
    );
  });

  test('a hundred thousand accounts of which ten are told are not contained in one wave', () => {
    const told = Array.from({ length: 100_000 }, (_, ordinal) => ordinal % 10_000 === 9_999);
    const { containEnds } = planWaves(told, standardLimits);
    expect(containEnds[0]).toBe(10);
  });
});
