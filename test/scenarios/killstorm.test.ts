import { expect, test } from 'vitest';
import { killstorm } from '../../examples/scenarios/killstorm.ts';
import { runRigOnce } from './run-rig-once.ts';

test('kill -9 of workers, server and Postgres while people are told: nobody twice, nobody told and unmarked, nobody lost', async () => {
  const counts = await runRigOnce(killstorm, 40, 2014);
  expect(counts['kills']).toBeGreaterThanOrEqual(30);
});
