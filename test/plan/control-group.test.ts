import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { kindOf, shareOut } from '../../src/domain/plan/control-group.ts';

const now = new Date('2026-11-23T12:00:00Z');
const ago = (days: number): Date => new Date(now.getTime() - days * 86_400_000);

describe('accounts of one kind', () => {
  test('speak the same language and last signed in about as long ago', () => {
    const kind = (language: string | null, lastSignInAt: Date | null): string =>
      kindOf({ language, lastSignInAt }, now);
    expect(kind('de', ago(1))).toBe(kind('de', ago(6)));
    expect(kind('de', ago(1))).not.toBe(kind('en', ago(1)));
    expect(new Set([1, 20, 200, 2_000].map((days) => kind('de', ago(days)))).size).toBe(4);
    expect(kind('de', null)).toBe(kind('de', ago(2_000)));
  });
});

describe('the places of a control group', () => {
  const targets = fc
    .dictionary(fc.stringMatching(/^[a-e]{1,2}$/), fc.integer({ min: 1, max: 5_000 }))
    .map((counts) => new Map(Object.entries(counts)));

  test('are as many as there are targets, or as the limit allows', () => {
    fc.assert(
      fc.property(targets, fc.integer({ min: 0, max: 2_000 }), (counts, most) => {
        const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
        const places = [...shareOut(counts, most).values()].reduce((sum, count) => sum + count, 0);
        expect(places).toBe(Math.min(most, total));
      }),
      { seed: 2014, numRuns: 300 },
    );
  });

  test('are shared out as the targets are, to within one', () => {
    fc.assert(
      fc.property(targets, fc.integer({ min: 1, max: 2_000 }), (counts, most) => {
        const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
        const size = Math.min(most, total);
        for (const [kind, places] of shareOut(counts, most))
          expect(Math.abs(places - ((counts.get(kind) ?? 0) * size) / total)).toBeLessThan(1);
      }),
      { seed: 2014, numRuns: 300 },
    );
  });
});
