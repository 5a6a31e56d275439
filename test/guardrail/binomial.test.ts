import fc from 'fast-check';
import jstat from 'jstat';
import { describe, expect, test } from 'vitest';
import { binomialTail, lowerRateBound } from '../../src/domain/guardrail/binomial.ts';

const { jStat } = jstat;

/** Straight from the definition, term by term in whole numbers where they fit. */
function tailByDefinition(successes: number, trials: number, rate: number): number {
  let sum = 0;
  for (let k = successes; k <= trials; k += 1) {
    let term = 1;
    for (let i = 1; i <= k; i += 1) term *= ((trials - k + i) / i) * rate;
    for (let i = 0; i < trials - k; i += 1) term *= 1 - rate;
    sum += term;
  }
  return sum;
}

describe('binomial tails', () => {
  test('a tail is the sum that defines it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.nat(),
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        (n, k, p) => {
          const successes = k % (n + 1);
          expect(binomialTail(successes, n, p)).toBeCloseTo(tailByDefinition(successes, n, p), 11);
        },
      ),
      { seed: 2014, numRuns: 300 },
    );
  });

  test('a tail agrees with an independent library', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5_000 }),
        fc.nat(),
        fc.double({ min: 1e-4, max: 0.5, noNaN: true }),
        (n, k, p) => {
          const successes = 1 + (k % Math.min(n, 60));
          expect(binomialTail(successes, n, p)).toBeCloseTo(jStat.ibeta(p, successes, n - successes + 1), 7);
        },
      ),
      { seed: 2014, numRuns: 300 },
    );
  });

  test.each([
    [1, 10],
    [3, 100],
    [12, 500],
    [40, 2_000],
    [120, 10_000],
    [500, 500],
  ])('the lower bound of %i in %i is the beta quantile', (successes, trials) => {
    expect(lowerRateBound(successes, trials, 0.95)).toBeCloseTo(
      jStat.beta.inv(0.05, successes, trials - successes + 1),
      6,
    );
  });

  test('the lower bound exceeds the true rate at most one time in twenty', () => {
    for (const [trials, rate] of [
      [50, 0.01],
      [500, 0.01],
      [2_000, 0.005],
    ] as const) {
      let wrong = 0;
      for (let k = 0; k <= trials; k += 1) {
        if (lowerRateBound(k, trials, 0.95) <= rate) continue;
        wrong = binomialTail(k, trials, rate);
        break;
      }
      expect(wrong).toBeGreaterThan(0);
      expect(wrong).toBeLessThanOrEqual(0.05);
    }
  });

  test('a wave of a billion people is still judged', () => {
    expect(lowerRateBound(10_000_000, 1_000_000_000, 0.95)).toBeCloseTo(0.009995, 5);
  });

  test('counts that cannot be are refused', () => {
    for (const [successes, trials] of [
      [2, 1],
      [-1, 5],
      [0.5, 5],
      [1, Number.NaN],
    ] as const) {
      expect(() => binomialTail(successes, trials, 0.5)).toThrow(RangeError);
    }
  });
});
