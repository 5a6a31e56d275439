/**
 * A worker as it is started by a person, of the world of a bench: a directory that costs nothing, and plans of any code
 * version. Asked for its usage by a message, it answers with CPU seconds and its largest resident size so far.
 */
import { readFileSync } from 'node:fs';
import { pino } from 'pino';
import { digests } from '../src/adapters/crypto/digests.ts';
import { signatures } from '../src/adapters/crypto/signing-key.ts';
import { makeRolloutPolicy } from '../src/app/rollout/rollout-policy.ts';
import { loadConfig } from '../src/config/load-config.ts';
import { openInstallation } from '../src/main/installation.ts';
import { runWorker } from '../src/main/run-worker.ts';
import { makeInventedDirectory } from './invented-directory.ts';
import { codeVersion } from './invented-plan.ts';

export interface WorkerUsage {
  readonly cpuSeconds: number;
  readonly largestMb: number;
}

const { config } = loadConfig({ env: process.env, flags: {}, cwd: process.cwd() });
const opened = await openInstallation(config, 'worker', pino({ level: config.logLevel }, process.stderr));
const worker = runWorker({
  ...opened,
  codeVersion,
  directory: makeInventedDirectory(Number(process.env['BENCH_ACCOUNTS'])),
  policy: makeRolloutPolicy({
    digests,
    signatures,
    deploymentId: opened.deployment.deploymentId,
    templates: opened.templates,
    codeVersion,
    hasFeedback: false,
  }),
});
process.on('message', () => process.send?.(usage()));
process.once('disconnect', () => {
  void worker.stop().then(() => opened.close());
});
process.send?.(usage());

function usage(): WorkerUsage {
  const { user, system } = process.cpuUsage();
  const [, largestKb = '0'] = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return { cpuSeconds: (user + system) / 1e6, largestMb: Number(largestKb) / 1_000 };
}
