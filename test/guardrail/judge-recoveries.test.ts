import fc from 'fast-check';
import jstat from 'jstat';
import { describe, expect, test } from 'vitest';
import { binomialTail } from '../../src/domain/guardrail/binomial.ts';
import { judgeRecoveries } from '../../src/domain/guardrail/judge-recoveries.ts';
import type { SignInTally } from '../../src/domain/guardrail/judge-recoveries.ts';
import { lowerDifferenceBound } from '../../src/domain/guardrail/rate-difference.ts';

const { jStat } = jstat;
const limits = { signInShareLeast: 0.5, looks: 3 };
const judge = (people: number, signedIn: number, control: number, controlSignedIn: number) =>
  judgeRecoveries({ people, signedIn, control, controlSignedIn } satisfies SignInTally, limits);

const group = fc
  .integer({ min: 1, max: 3_000 })
  .chain((of) => fc.record({ of: fc.constant(of), hits: fc.integer({ min: 0, max: of }) }));

/** Put together again from the quantiles of an independent library. */
function boundByLibrary(a: { hits: number; of: number }, b: { hits: number; of: number }, confidence: number): number {
  const lower = a.hits === 0 ? 0 : jStat.beta.inv(1 - confidence, a.hits, a.of - a.hits + 1);
  const upper = b.hits === b.of ? 1 : jStat.beta.inv(confidence, b.hits + 1, b.of - b.hits);
  const rates = [a.hits / a.of, b.hits / b.of] as const;
  return rates[0] - rates[1] - Math.sqrt((rates[0] - lower) ** 2 + (upper - rates[1]) ** 2);
}

function exactly(hits: number, of: number, rate: number): number {
  return binomialTail(hits, of, rate) - (hits === of ? 0 : binomialTail(hits + 1, of, rate));
}

describe('the bound on a difference of two rates', () => {
  test('agrees with an independent library', () => {
    fc.assert(
      fc.property(group, group, fc.constantFrom(0.9, 0.95, 1 - 0.05 / 3), (a, b, confidence) => {
        expect(lowerDifferenceBound(a, b, confidence)).toBeCloseTo(boundByLibrary(a, b, confidence), 6);
      }),
      { seed: 2014, numRuns: 200 },
    );
  });

  test('is above the true difference no more often than one time in twenty, also for small groups and rare sign-ins', () => {
    for (const [ofA, ofB] of [
      [10, 10],
      [40, 10],
      [60, 25],
    ] as const)
      for (const [rateA, rateB] of [
        [0.02, 0.02],
        [0.1, 0.1],
        [0.5, 0.5],
        [0.3, 0.1],
        [0.05, 0.3],
        [0.9, 0.9],
      ] as const) {
        let above = 0;
        for (let a = 0; a <= ofA; a += 1)
          for (let b = 0; b <= ofB; b += 1)
            if (lowerDifferenceBound({ hits: a, of: ofA }, { hits: b, of: ofB }, 0.95) > rateA - rateB)
              above += exactly(a, ofA, rateA) * exactly(b, ofB, rateB);
        expect(above).toBeLessThan(0.05);
      }
  });

  test('never rises when one more of the second group signed in, nor falls when one more of the first did', () => {
    fc.assert(
      fc.property(group, group, fc.constantFrom(0.5, 1), (a, b, weight) => {
        const bound = (more: number, moreB: number) =>
          lowerDifferenceBound({ ...a, hits: a.hits + more }, { ...b, hits: b.hits + moreB }, 0.95, weight);
        if (b.hits < b.of) expect(bound(0, 1)).toBeLessThanOrEqual(bound(0, 0));
        if (a.hits < a.of) expect(bound(1, 0)).toBeGreaterThanOrEqual(bound(0, 0));
      }),
      { seed: 2014, numRuns: 300 },
    );
  });

  test('knows nothing where a group has nobody', () => {
    expect(lowerDifferenceBound({ hits: 0, of: 0 }, { hits: 1, of: 1 }, 0.95)).toBe(-1);
    expect(lowerDifferenceBound({ hits: 1, of: 1 }, { hits: 0, of: 0 }, 0.95)).toBe(-1);
  });
});

describe('the gate on recoveries', () => {
  test('holds where nobody of five hundred came back and one in twenty unaffected people signed in', () => {
    const verdict = judge(500, 0, 1_000, 50);
    expect(verdict).toMatchObject({ kind: 'hold', reason: 'fewer-back', short: 25 });
    expect(verdict.gap.atLeast).toBeGreaterThan(0.03);
  });

  test('lets through a wave that comes back as often, and one that comes back far more often', () => {
    expect(judge(500, 25, 1_000, 50)).toMatchObject({ kind: 'pass', reason: 'within', short: 0 });
    expect(judge(5_000, 2_500, 1_000, 50)).toMatchObject({ kind: 'pass', reason: 'within' });
  });

  test('says of a small wave, and of people who hardly ever sign in, that it cannot tell', () => {
    for (const verdict of [judge(10, 0, 1_000, 50), judge(5_000, 0, 1_000, 0), judge(0, 0, 1_000, 50)])
      expect(verdict).toMatchObject({
        kind: 'pass',
        reason: 'cannot-tell',
        power: { holdsAtMost: null, smallestGapCaught: null },
      });
    expect(judge(500, 0, 0, 0)).toMatchObject({ kind: 'pass', reason: 'cannot-tell' });
  });

  test('never holds over counts that cannot be', () => {
    for (const [people, signedIn, control, controlSignedIn] of [
      [10, 11, 10, 1],
      [10, 1, 10, 11],
      [10, -1, 10, 1],
      [Number.NaN, 1, 10, 1],
    ] as const)
      expect(judge(people, signedIn, control, controlSignedIn)).toMatchObject({
        kind: 'pass',
        reason: 'tally-impossible',
      });
  });

  test('has the power that it states', () => {
    for (const [people, control, controlSignedIn] of [
      [500, 1_000, 50],
      [2_000, 1_000, 10],
      [5_000, 1_000, 400],
      [30, 30, 25],
    ] as const) {
      const { holdsAtMost, smallestGapCaught } = judge(people, 0, control, controlSignedIn).power;
      if (holdsAtMost === null || smallestGapCaught === null) throw new Error('it could catch nothing');
      expect(judge(people, holdsAtMost, control, controlSignedIn).kind).toBe('hold');
      expect(judge(people, holdsAtMost + 1, control, controlSignedIn).kind).toBe('pass');
      const rate = controlSignedIn / control - smallestGapCaught;
      expect(1 - binomialTail(holdsAtMost + 1, people, rate)).toBeCloseTo(0.9, 5);
    }
  });

  test('is surer of each look, the more looks there are', () => {
    const [once, often] = [1, 10].map((looks) =>
      judgeRecoveries(
        { people: 500, signedIn: 0, control: 1_000, controlSignedIn: 50 },
        { signInShareLeast: 0.5, looks },
      ),
    );
    expect(often?.gap.atLeast).toBeLessThan(once?.gap.atLeast ?? 0);
    expect(often?.power.holdsAtMost).toBeLessThan(once?.power.holdsAtMost ?? 0);
  });
});
