import { expect, test } from 'vitest';
import { findDebianPostgres } from '../../examples/scenarios/debian-postgres.ts';
import { coldCopy, failover } from '../../examples/scenarios/failover.ts';
import { describeIf } from '../support/skip.ts';
import { runRigOnce } from './run-rig-once.ts';

const reason =
  'needs Debian’s postgresql, which is not installed here: a standby is promoted and a cold copy put back. Run: scripts/install-test-servers.sh postgresql';

describeIf(findDebianPostgres() !== null, 'postgresql', reason, () => {
  test('a database that lost commits, by a standby or by a cold copy, sends nothing more until people accept it, and then nobody is told twice', async () => {
    const counts = await runRigOnce(failover, 2, 2014);
    expect(counts['losses']).toBe(2);
  });
});

test('the built-in database, put back as it was copied, sends nothing more until people accept it, and then nobody is told twice', async () => {
  const counts = await runRigOnce(coldCopy, 1, 2014);
  expect(counts['losses']).toBe(1);
});
