import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allocateReview, makeReviewDraw, reviewNeeded } from '../../src/domain/approval/review-sample.ts';
import { reviewRecord, standingOf } from '../../src/domain/approval/review-standing.ts';
import type { ReviewedTarget, ReviewVerdict } from '../../src/domain/approval/review-standing.ts';
import { upperRateBound } from '../../src/domain/guardrail/binomial.ts';
import { standardLimits } from '../../src/domain/plan/limits.ts';

const sampled = standardLimits;
const groups = fc.dictionary(fc.string({ minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 400_000 }), {
  minKeys: 1,
  maxKeys: 12,
});

describe('what an approver has to look at', () => {
  test('is never less than everybody up to 500 targets, and 59 drawn beyond', () => {
    expect(reviewNeeded(sampled, 500)).toEqual({ kind: 'all', targets: 500 });
    expect(reviewNeeded(sampled, 501)).toEqual({ kind: 'sampled', clean: 59 });
    expect(reviewNeeded(sampled, 100_000)).toEqual({ kind: 'sampled', clean: 59 });
  });

  test('proves at most 5 % with 59, and at most 1 % by both above 100,000', () => {
    expect(upperRateBound(0, 59, 0.95)).toBeLessThanOrEqual(0.05);
    expect(upperRateBound(0, 58, 0.95)).toBeGreaterThan(0.05);
    const large = reviewNeeded(sampled, 100_001);
    const clean = large.kind === 'sampled' ? large.clean : 0;
    expect(upperRateBound(0, 2 * clean, 0.95)).toBeLessThanOrEqual(0.01);
  });

  test('is all of a small plan, and nothing only where the limits say so in one known word', () => {
    expect(reviewNeeded({ ...sampled, review: 'all' }, 4)).toEqual({ kind: 'all', targets: 4 });
    expect(reviewNeeded({ ...sampled, review: 'none' }, 4)).toEqual({ kind: 'none' });
    const strange = { ...sampled, review: 'nobody' as 'none' };
    expect(reviewNeeded(strange, 4).kind).toBe('all');
    const older = { review: 'sampled' } as typeof sampled;
    expect(reviewNeeded(older, 90_000)).toEqual({ kind: 'all', targets: 90_000 });
  });
});

describe('a draw', () => {
  test('leaves no group out and takes at least its share of each', () => {
    fc.assert(
      fc.property(groups, fc.integer({ min: 1, max: 300 }), (sizesByName, clean) => {
        const sizes = new Map(Object.entries(sizesByName));
        const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
        for (const [group, drawn] of allocateReview(sizes, clean)) {
          const size = sizes.get(group) ?? 0;
          expect(drawn).toBeGreaterThanOrEqual(Math.min(size, 1));
          expect(drawn).toBeLessThanOrEqual(size);
          if (drawn < size) expect(drawn * total).toBeGreaterThanOrEqual(clean * size);
        }
      }),
    );
  });

  test('shows a plan with 5 % wrong targets as clean in at most one case of twenty, wherever the wrong ones lie', () => {
    fc.assert(
      fc.property(
        groups,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 12, maxLength: 12 }),
        (sizesByName, lies) => {
          const sizes = new Map(Object.entries(sizesByName));
          const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
          const drawn = allocateReview(sizes, 59);
          let wrong = 0;
          let logMissed = 0;
          for (const [at, [group, size]] of [...sizes].entries()) {
            const wrongHere = Math.floor(size * (lies[at] ?? 0));
            wrong += wrongHere;
            logMissed += (drawn.get(group) ?? 0) * Math.log1p(-wrongHere / size);
          }
          if (wrong / total >= 0.05) expect(Math.exp(logMissed)).toBeLessThanOrEqual(0.95 ** 59 + 1e-12);
        },
      ),
    );
  });

  test('is fixed by its keys and not by the order in which targets come', () => {
    const targets = Array.from({ length: 900 }, (_, ordinal) => ({
      ordinal,
      group: ordinal % 30 === 0 ? 'rare' : 'usual',
      sortKey: String((ordinal * 7_919) % 900).padStart(4, '0'),
    }));
    const drawnOf = (order: typeof targets): readonly number[] => {
      const draw = makeReviewDraw(59);
      for (const target of order) draw.add(target);
      return draw.drawn();
    };
    const drawn = drawnOf(targets);
    expect(drawnOf(targets.toReversed())).toEqual(drawn);
    expect(drawn.filter((ordinal) => ordinal % 30 === 0)).toHaveLength(2);
    expect(drawn).toHaveLength(Math.ceil((59 * 870) / 900) + 2);
  });
});

describe('a review', () => {
  const of = (...verdicts: readonly (ReviewVerdict | null)[]): readonly ReviewedTarget[] =>
    verdicts.map((verdict, ordinal) => ({ ordinal, verdict }));
  const all = (targets: number) => ({ kind: 'all', targets }) as const;

  test('is clean only when every target was judged right', () => {
    expect(standingOf(all(2), null).kind).toBe('not-begun');
    expect(standingOf(all(2), of('right', null)).kind).toBe('open');
    expect(standingOf(all(2), of('right', 'cannot-tell')).kind).toBe('unclear');
    expect(standingOf(all(2), of(null, 'wrong')).kind).toBe('wrong');
    expect(standingOf(all(2), of('right', 'right'))).toEqual({ kind: 'clean', reviewed: 2 });
  });

  test('of fewer targets than the plan needs is never clean, however right they are', () => {
    expect(standingOf(all(3), of('right', 'right'))).toEqual({ kind: 'open', left: 1 });
    expect(standingOf({ kind: 'sampled', clean: 59 }, of('right')).kind).toBe('open');
    expect(standingOf(all(1), of()).kind).toBe('open');
  });

  test('has one record, whatever order its verdicts come in', () => {
    const verdicts = of('right', 'right', 'cannot-tell');
    expect(reviewRecord('d', 'operator_2', verdicts.toReversed())).toEqual(reviewRecord('d', 'operator_2', verdicts));
    expect(reviewRecord('d', 'operator_3', verdicts)).not.toEqual(reviewRecord('d', 'operator_2', verdicts));
  });
});
