import { expect, test } from 'vitest';
import { clock } from '../../examples/scenarios/clock.ts';
import { runRigOnce } from './run-rig-once.ts';

test('wall clocks that jump send nothing early and nothing twice, and undo no halt', async () => {
  const counts = await runRigOnce(clock, 50, 2014);
  expect(counts['jumps']).toBeGreaterThanOrEqual(20);
});
