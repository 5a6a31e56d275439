import { describe, expect, it } from 'vitest';
import { cleanNeededFor, upperBound } from '../../console/src/review/upper-bound.ts';
import { groupCounts, groupOf } from '../../console/src/rollout/outcome-groups.ts';
import { containOutcomeCodes } from '../../src/domain/action/contain-outcome.ts';
import { restoreOutcomeCodes } from '../../src/domain/action/restore-outcome.ts';
import { upperRateBound } from '../../src/domain/guardrail/binomial.ts';
import { deliveryStates } from '../../src/domain/notice/delivery-state.ts';

describe('numbers that the console works out itself', () => {
  it.each([1, 12, 59, 299, 3_000])('what %i clean samples prove is what the server says that they prove', (clean) => {
    expect(upperBound(clean)).toBeCloseTo(upperRateBound(0, clean, 0.95), 9);
  });

  it.each([0.05, 0.01, 0.001])('fewer clean samples than it asks for do not prove %f', (share) => {
    const needed = cleanNeededFor(share);
    expect(upperRateBound(0, needed, 0.95)).toBeLessThanOrEqual(share);
    expect(upperRateBound(0, needed - 1, 0.95)).toBeGreaterThan(share);
  });

  it('no outcome is drawn as something that it is not, and none is left out', () => {
    const words = [...Object.keys(containOutcomeCodes), ...Object.keys(restoreOutcomeCodes), ...deliveryStates];
    const inDoubt = words.filter((word) => groupOf(word) === 'doubt');
    expect(new Set(inDoubt)).toEqual(new Set(['unknown']));
    expect(words.filter((word) => groupOf(word) === 'done')).not.toContain('created');
    expect(groupOf('a word of a newer server')).toBe('doubt');
  });

  it('the parts of a bar add up to the members, whatever the outcomes are', () => {
    const counts = Object.fromEntries([...deliveryStates, 'new'].map((state, at) => [state, at + 1]));
    const members = Object.values(counts).reduce((sum, count) => sum + count, 0);
    expect(groupCounts({ counts }).reduce((sum, [, count]) => sum + count, 0)).toBe(members);
  });
});
