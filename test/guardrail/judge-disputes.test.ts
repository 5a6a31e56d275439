import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { binomialTail } from '../../src/domain/guardrail/binomial.ts';
import { judgeDisputes, standardDisputeLimits, type DisputeTally } from '../../src/domain/guardrail/judge-disputes.ts';

const tally = (over: Partial<DisputeTally>): DisputeTally => ({
  told: 500,
  disputes: 0,
  canaryDisputes: 0,
  staffDisputes: 0,
  sensorAlive: true,
  ...over,
});

describe('the dispute gate', () => {
  test('a wave in which one in thirty disputes fails', () => {
    expect(judgeDisputes(tally({ told: 500, disputes: 17 }))).toMatchObject({
      kind: 'fail',
      reason: 'too-many-disputes',
    });
  });

  test('a usual handful of disputes lets a right plan go on', () => {
    expect(judgeDisputes(tally({ told: 500, disputes: 3 }))).toMatchObject({ kind: 'pass' });
    expect(judgeDisputes(tally({ told: 10, disputes: 0 }))).toMatchObject({ kind: 'pass' });
  });

  test('one press by a canary or a member of staff fails the gate', () => {
    expect(judgeDisputes(tally({ canaryDisputes: 1 }))).toMatchObject({ kind: 'fail', reason: 'canary-disputed' });
    expect(judgeDisputes(tally({ staffDisputes: 1, sensorAlive: false }))).toMatchObject({
      kind: 'fail',
      reason: 'staff-disputed',
    });
  });

  test('silence of a sensor that was not alive is never a pass', () => {
    expect(judgeDisputes(tally({ sensorAlive: false }))).toMatchObject({
      kind: 'inconclusive',
      reason: 'sensor-silent',
    });
  });

  test('what a half-deaf sensor did hear still counts', () => {
    expect(judgeDisputes(tally({ disputes: 30, sensorAlive: false }))).toMatchObject({ kind: 'fail' });
  });

  test('an impossible or empty tally never passes', () => {
    expect(judgeDisputes(tally({ told: 0 })).kind).toBe('inconclusive');
    expect(judgeDisputes(tally({ told: 3, disputes: 4 })).kind).toBe('inconclusive');
    expect(judgeDisputes(tally({ told: Number.NaN })).kind).toBe('inconclusive');
    expect(judgeDisputes(tally({ disputes: -1 })).kind).toBe('inconclusive');
  });

  test('the first wave of ten says that it tested nothing but the technique', () => {
    const verdict = judgeDisputes(tally({ told: 10 }));
    expect(verdict.power.smallestErrorRateCaught).toBeNull();
    expect(verdict.power.disputesToFail).toBe(2);
  });

  test('the gate has the power that it states', () => {
    for (const told of [500, 2_000, 10_000, 50_000]) {
      const { power } = judgeDisputes(tally({ told }));
      const error = power.smallestErrorRateCaught;
      expect(error).not.toBeNull();
      const rate = (error ?? 0) * 0.03 + (1 - (error ?? 0)) * 0.005;
      expect(binomialTail(power.disputesToFail ?? 0, told, rate)).toBeCloseTo(0.9, 6);
    }
  });

  test('small waves have the little power that the safety rules say', () => {
    const limits = { ...standardDisputeLimits, baselineRate: 0.003 };
    const foundBy = (told: number, errorRate: number): number =>
      binomialTail(
        judgeDisputes(tally({ told }), limits).power.disputesToFail ?? 0,
        told,
        errorRate * 0.03 + (1 - errorRate) * 0.003,
      );
    expect(foundBy(10, 1)).toBeLessThan(0.05);
    expect(foundBy(100, 1)).toBeCloseTo(0.58, 2);
    expect(foundBy(500, 1)).toBeGreaterThan(0.99);
  });

  test('one more dispute never turns a failed wave into a passed one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20_000 }), fc.nat({ max: 400 }), (told, seed) => {
        const disputes = seed % told;
        const now = judgeDisputes(tally({ told, disputes })).kind;
        const more = judgeDisputes(tally({ told, disputes: disputes + 1 })).kind;
        expect(now === 'fail' && more !== 'fail').toBe(false);
      }),
      { seed: 2014, numRuns: 200 },
    );
  });

  test('the gate fails at exactly the number of disputes that it states', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 100_000 }), (told) => {
        const needed = judgeDisputes(tally({ told })).power.disputesToFail ?? 0;
        expect(judgeDisputes(tally({ told, disputes: needed })).kind).toBe('fail');
        expect(judgeDisputes(tally({ told, disputes: needed - 1 })).kind).toBe('pass');
      }),
      { seed: 2014, numRuns: 100 },
    );
  });

  test('a gate at twice the baseline never claims to find a plan that is wrong for one in ten', () => {
    // Below a fifth the true dispute rate stays under the threshold: no number of people told makes it visible.
    const { smallestErrorRateCaught } = judgeDisputes(tally({ told: 10_000_000 })).power;
    expect(smallestErrorRateCaught).toBeGreaterThan(0.2);
    expect(smallestErrorRateCaught).toBeLessThan(0.21);
  });

  test('more people told never make the gate blinder', () => {
    const caught = [500, 2_000, 10_000, 50_000, 1_000_000].map(
      (told) => judgeDisputes(tally({ told })).power.smallestErrorRateCaught ?? 2,
    );
    expect(caught).toEqual(caught.toSorted((left, right) => right - left));
  });
});
