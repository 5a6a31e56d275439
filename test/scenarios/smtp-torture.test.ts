import { expect, test } from 'vitest';
import { smtpTorture } from '../../examples/scenarios/smtp-torture.ts';
import { runRigOnce } from './run-rig-once.ts';

test('a mail server that misbehaves in every way: nobody is told twice, and the world is within accepted and unknown', async () => {
  const counts = await runRigOnce(smtpTorture, 60, 2014);
  expect(counts['tortures']).toBeGreaterThanOrEqual(25);
});
