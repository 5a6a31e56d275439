import { expect, test } from 'vitest';
import { zombie } from '../../examples/scenarios/zombie.ts';
import { runRigOnce } from './run-rig-once.ts';

test('a worker that slept through its permit has nothing left to say when it wakes', async () => {
  const counts = await runRigOnce(zombie, 3, 2014);
  expect(counts['zombies']).toBeGreaterThanOrEqual(1);
});
