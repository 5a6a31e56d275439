import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeBudgets } from '../../src/domain/guardrail/judge-budgets.ts';
import type { BudgetTally } from '../../src/domain/guardrail/judge-budgets.ts';
import { standardLimits } from '../../src/domain/plan/limits.ts';

const judge = (tally: BudgetTally, budgetProfile: 'normal' | 'attack') =>
  judgeBudgets(tally, { ...standardLimits, budgetProfile });

const count = fc.nat({ max: 10_000_000 });

describe('budgets', () => {
  test('one person above one percent a day is refused', () => {
    const tally = { accounts: 1_000_000, asked: 10_000, actedInDay: 0, actedIn30Days: 0 };
    expect(judge(tally, 'normal').kind).toBe('pass');
    expect(judge({ ...tally, asked: 10_001 }, 'normal')).toMatchObject({
      kind: 'fail',
      exceeded: [{ name: 'day', limit: 10_000, over: 1 }],
    });
  });

  test('many small days never add up to more than five percent in thirty days', () => {
    const tally = { accounts: 1_000_000, asked: 5_000, actedInDay: 0, actedIn30Days: 45_001 };
    expect(judge(tally, 'normal')).toMatchObject({ kind: 'fail', exceeded: [{ name: '30-days', over: 1 }] });
  });

  test('a shop of a thousand people may protect two hundred of them', () => {
    const tally = { accounts: 1_000, asked: 200, actedInDay: 0, actedIn30Days: 0 };
    expect(judge(tally, 'normal').kind).toBe('pass');
    expect(judge({ ...tally, asked: 201 }, 'normal').kind).toBe('fail');
  });

  test('the attack profile ends at ten percent', () => {
    const tally = { accounts: 1_000_000, asked: 100_000, actedInDay: 0, actedIn30Days: 0 };
    expect(judge(tally, 'attack').kind).toBe('pass');
    expect(judge({ ...tally, asked: 100_001 }, 'attack').kind).toBe('fail');
  });

  test('unreadable counts never pass', () => {
    for (const wrong of [Number.NaN, -1, 0.5, Infinity]) {
      const tally = { accounts: 1_000_000, asked: wrong, actedInDay: 0, actedIn30Days: 0 };
      expect(judge(tally, 'attack').kind).toBe('inconclusive');
      expect(judge({ ...tally, asked: 1, accounts: wrong }, 'attack').kind).toBe('inconclusive');
    }
    expect(judge({ accounts: 10_000, asked: 1, actedInDay: 5, actedIn30Days: 4 }, 'normal').kind).toBe('inconclusive');
  });

  test('a passed plan stays within its budgets and a refused one is over by what it says', () => {
    fc.assert(
      fc.property(
        count,
        count,
        count,
        count,
        fc.constantFrom('normal' as const, 'attack' as const),
        (accounts, asked, day, more, profile) => {
          const verdict = judge({ accounts, asked, actedInDay: day, actedIn30Days: day + more }, profile);
          if (verdict.kind === 'inconclusive') throw new Error('these counts are possible');
          for (const budget of verdict.budgets) {
            expect(budget.over).toBe(Math.max(0, budget.used + budget.asked - budget.limit));
            expect(budget.limit).toBeLessThanOrEqual(Math.max(200, accounts / 10));
          }
          expect(verdict.kind === 'pass').toBe(verdict.budgets.every((budget) => budget.over === 0));
        },
      ),
      { seed: 2014 },
    );
  });
});
