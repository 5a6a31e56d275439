import { expect, test } from 'vitest';
import { haltstorm } from '../../examples/scenarios/haltstorm.ts';
import { runRigOnce } from './run-rig-once.ts';

test('a halt at full speed ends the mail: no more than was under way, and that within a second', async () => {
  const counts = await runRigOnce(haltstorm, 25, 2014);
  expect(counts['halts']).toBeGreaterThanOrEqual(13);
});
