import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { resultOf } from './benchmark.ts';
import type { Benchmark, SideResult } from './benchmark.ts';

const cold = 'npm start in a fresh clone, installing the packages';
const warm = 'npm start again';
const fact = 'seconds to a usable system';
const usable = 'Allclear is running';
/** Three times the goal; past it there is nothing to measure. */
const mostMs = 270_000;
const root = resolve(import.meta.dirname, '..');
const run = promisify(execFile);

export const startBenchmark: Benchmark = {
  title: 'npm start to a usable system',
  unit: 'starts',
  isOfOtherPrograms: true,
  size: 1,
  rounds: 3,
  async open() {
    const folder = await mkdtemp(join(tmpdir(), 'allclear-bench-start-'));
    const clone = join(folder, 'clone');
    return {
      postmasterPid: null,
      sides: [
        {
          name: cold,
          before: () => freshClone(clone),
          run: () => startOnce(clone),
        },
        {
          name: warm,
          run: () => startOnce(clone),
        },
      ],
      conclude,
      close: () => rm(folder, { recursive: true, force: true }),
    };
  },
};

function conclude(results: readonly SideResult[]) {
  const seconds = (name: string): number => resultOf(results, name).facts[fact] ?? NaN;
  return [
    { goal: 'at most 90 s from a fresh clone', value: `${seconds(cold).toFixed(1)} s`, isMet: seconds(cold) <= 90 },
    { goal: 'at most 5 s warm', value: `${seconds(warm).toFixed(1)} s`, isMet: seconds(warm) <= 5 },
  ];
}

async function freshClone(clone: string): Promise<void> {
  await rm(clone, { recursive: true, force: true });
  await run('git', ['clone', '--quiet', root, clone]);
}

/** Until it says that it runs; then it is stopped as by Ctrl-C and awaited. */
async function startOnce(clone: string) {
  const startedMs = performance.now();
  const ports = { PORT: '0', ALLCLEAR_HOME: join(clone, '.allclear') };
  const child = spawn('npm', ['start'], {
    cwd: clone,
    env: { ...process.env, ...ports },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const ended = once(child, 'exit');
  let said = '';
  const seconds = await new Promise<number>((settle, reject) => {
    const timer = setTimeout(() => reject(new Error(`nothing usable after ${mostMs / 1_000} s`)), mostMs);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (!said.includes(usable)) return;
      clearTimeout(timer);
      settle((performance.now() - startedMs) / 1_000);
    });
    void ended.then(() => reject(new Error(`npm start ended before it ran: ${said}`)));
  });
  // The whole group: npm, the bootstrap and what it started.
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT');
  await ended;
  return { units: 1, facts: { [fact]: seconds } };
}
