import { describe, expect, it } from 'vitest';
import { judgeAppeals } from '../../src/domain/guardrail/judge-appeals.ts';

const tally = (granted: number, decided: number, rule = 'one') => ({ source: 'sweep', rule, granted, decided });
const fails = (granted: number, decided: number) => judgeAppeals([tally(granted, decided)]).kind === 'fail';

describe('granted appeals', () => {
  it('halt at the bound that is written down, and not one before it', () => {
    for (const [granted, decided] of [
      [3, 3],
      [4, 7],
      [5, 10],
    ] as const)
      expect(fails(granted, decided), `${granted} of ${decided}`).toBe(true);
    for (const [granted, decided] of [
      [0, 0],
      [2, 2],
      [3, 5],
      [4, 8],
      [5, 12],
    ] as const)
      expect(fails(granted, decided), `${granted} of ${decided}`).toBe(false);
  });

  it('of one rule are not hidden among those of another', () => {
    expect(judgeAppeals([tally(3, 3, 'false'), tally(0, 100, 'sound')])).toMatchObject({
      kind: 'fail',
      worst: { rule: 'false' },
    });
  });

  it('halt a rule of which one in twenty is rightly granted in fewer than one rollout in a hundred, looked at each time', () => {
    // Exact: the chance of ever being at a place where the gate fails, over the first 200 decisions.
    const rate = 0.05;
    let alive = new Map([[0, 1]]);
    let halted = 0;
    for (let decided = 1; decided <= 200; decided += 1) {
      const next = new Map<number, number>();
      for (const [granted, chance] of alive)
        for (const [more, share] of [
          [1, rate],
          [0, 1 - rate],
        ] as const) {
          const now = granted + more;
          if (fails(now, decided)) halted += chance * share;
          else next.set(now, (next.get(now) ?? 0) + chance * share);
        }
      alive = next;
    }
    expect(halted).toBeGreaterThan(0);
    expect(halted).toBeLessThan(0.01);
  });

  it('halt a rule of which half are rightly granted within twenty decisions in nine of ten rollouts', () => {
    let alive = new Map([[0, 1]]);
    let halted = 0;
    for (let decided = 1; decided <= 20; decided += 1) {
      const next = new Map<number, number>();
      for (const [granted, chance] of alive)
        for (const more of [0, 1]) {
          if (fails(granted + more, decided)) halted += chance / 2;
          else next.set(granted + more, (next.get(granted + more) ?? 0) + chance / 2);
        }
      alive = next;
    }
    expect(halted).toBeGreaterThan(0.9);
  });
});
