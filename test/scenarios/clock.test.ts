import { expect, test } from 'vitest';
import { canFakeClocks, fakedClock, skewedClock } from '../../examples/scenarios/clock.ts';
import { describeIf } from '../support/skip.ts';
import { runRigOnce } from './run-rig-once.ts';

const reason =
  'needs Debian’s faketime and postgresql, which are not installed here: every clock is moved, also the database’s. Run: scripts/install-test-servers.sh faketime postgresql';

describeIf(canFakeClocks(), 'faketime', reason, () => {
  test('clocks that jump, stand still and disagree, the database’s too: no wave comes early, a halt holds, and nobody is told twice', async () => {
    const counts = await runRigOnce(fakedClock, 50, 2014);
    expect(counts['jumps']).toBeGreaterThanOrEqual(20);
  });
});

// Where the machine cannot do that, the wall clocks of our own processes are moved all the same.
test.runIf(!canFakeClocks())(
  'wall clocks that jump and disagree let no wave come early, and nobody is told twice',
  async () => {
    const counts = await runRigOnce(skewedClock, 50, 2014);
    expect(counts['jumps']).toBeGreaterThanOrEqual(20);
  },
);
