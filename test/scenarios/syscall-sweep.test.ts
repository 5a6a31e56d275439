import { expect, test } from 'vitest';
import { syscallSweep } from '../../examples/scenarios/syscall-sweep.ts';
import { describeIfInstalled } from '../support/skip.ts';
import { runRigOnce } from './run-rig-once.ts';

describeIfInstalled('strace', 'it kills a worker right before a write of its', () => {
  test('killed before any one of its writes, a worker leaves nobody told twice, and nobody told and unmarked', async () => {
    const counts = await runRigOnce(syscallSweep, 4, 2014);
    expect(counts['syscalls']).toBeGreaterThanOrEqual(3);
  });
});
