import { expect, it } from 'vitest';
import { inOrder } from '../../console/src/retraction/in-order.ts';

it('a timeline is in the order in which things happened, also where somebody halted before any reader complained', () => {
  const at: Readonly<Record<string, string | null>> = {
    started: '2026-11-23T18:07:00.000Z',
    disputed: '2026-11-23T18:10:00.000Z',
    halted: '2026-11-23T18:08:00.000Z',
    told: null,
    corrected: null,
  };
  const steps = Object.keys(at).map((name) => [name, `it was ${name}`] as const);
  const names = inOrder(steps, (name) => at[name] ?? null).map(([name]) => name);
  expect(names).toEqual(['started', 'halted', 'disputed', 'told', 'corrected']);
});
