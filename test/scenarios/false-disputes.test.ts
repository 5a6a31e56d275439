import { expect, test } from 'vitest';
import { falseDisputes } from '../../examples/scenarios/false-disputes.ts';
import { runReplay } from './run-replay.ts';

test('thieves who press "this is not right" halt the plan and get into no account, also once people have looked', async () => {
  const counts = await runReplay(falseDisputes);
  expect(counts).toMatchObject({ opened: 0, restores: 0, wrong: 0 });
  expect(counts['told']).toBeGreaterThanOrEqual(10);
  expect(counts['told']).toBeLessThan(counts['stolen'] ?? 0);
});
