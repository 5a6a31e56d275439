/**
 * The gate: runs every step, also after one failed, so that one run shows all there is to mend.
 * Prints a line per step with its time and, for a step that failed, what its tool said. Exits 1 if any failed.
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { type CheckStep, checkSteps } from './check-steps.ts';

const root = path.resolve(import.meta.dirname, '..');

/** Tools start with `#!/usr/bin/env node`: the pinned Node must come first, whatever the machine has on its PATH. */
const searchPath = [path.dirname(process.execPath), path.join(root, 'node_modules/.bin'), process.env['PATH'] ?? ''];

interface StepResult {
  readonly passed: boolean;
  readonly output: string;
}

function runStep(step: CheckStep): Promise<StepResult> {
  return new Promise((resolve) => {
    const child = spawn(step.command, step.args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, PATH: searchPath.join(path.delimiter), NO_COLOR: '1', FORCE_COLOR: '0' },
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', (error) => resolve({ passed: false, output: `${step.command}: ${error.message}. Run: npm ci` }));
    child.on('close', (code) => resolve({ passed: code === 0, output: Buffer.concat(chunks).toString('utf8') }));
  });
}

const failed: string[] = [];
for (const step of checkSteps) {
  const startedAt = performance.now();
  const result = await runStep(step);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${result.passed ? 'ok    ' : 'FAILED'} ${step.name} (${seconds} s): ${step.promise}`);
  if (result.passed) continue;
  failed.push(step.name);
  console.log(`\n  ${[step.command, ...step.args].join(' ')}\n`);
  console.log(result.output);
}

console.log(failed.length === 0 ? 'check passed' : `check failed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
