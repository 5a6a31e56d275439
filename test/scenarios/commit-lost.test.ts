import { expect, test } from 'vitest';
import { commitLost } from '../../examples/scenarios/commit-lost.ts';
import { runRigOnce } from './run-rig-once.ts';

test('connections cut around the COMMIT of permits: nobody is told twice, and nobody is lost', async () => {
  const counts = await runRigOnce(commitLost, 20, 2014);
  expect(counts['cuts']).toBeGreaterThanOrEqual(15);
});
