import { expect, test } from 'vitest';
import { canFakeClocks } from '../../examples/scenarios/clock.ts';
import { clockEdges } from '../../examples/scenarios/clock-edges.ts';
import { describeIf } from '../support/skip.ts';
import { runRigOnce } from './run-rig-once.ts';

const reason =
  'needs Debian’s faketime and postgresql, which are not installed here: every clock is moved, also the database’s. Run: scripts/install-test-servers.sh faketime postgresql';

describeIf(canFakeClocks(), 'faketime', reason, () => {
  test('clocks that jump alone and together around eight in the morning tell nobody before it', async () => {
    const counts = await runRigOnce(clockEdges, 40, 2014);
    expect(counts['jumps']).toBeGreaterThanOrEqual(20);
  });
});
