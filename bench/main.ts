/**
 * `npm run bench -- NAME [--size N] [--rounds N] [--dry]`: measures ours and its peer side by side and writes
 * docs/benchmarks.md; with `--dry` it only prints. Exit 0 also where a goal is missed: the page says so.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Benchmark } from './benchmark.ts';
import { freezeBenchmark } from './p4-freeze.ts';
import { actBenchmark } from './p5-act.ts';
import { noticeBenchmark } from './p6-notices.ts';
import { dkimBenchmark } from './p7-dkim.ts';
import { haltBenchmark } from './p8-halt.ts';
import { stormBenchmark } from './p11-storm.ts';
import { growthBenchmark } from './p12-grow.ts';
import { vitalsBenchmark } from './p14-vitals.ts';
import { listBenchmark } from './p15-lists.ts';
import { startBenchmark } from './p13-start.ts';
import { runRounds } from './run-rounds.ts';
import { reportText, writeReport } from './write-report.ts';

const benchmarks: Readonly<Record<string, Benchmark>> = {
  P4: freezeBenchmark,
  P5: actBenchmark,
  P6: noticeBenchmark,
  P7: dkimBenchmark,
  P8: haltBenchmark,
  P11: stormBenchmark,
  P12: growthBenchmark,
  P13: startBenchmark,
  P14: vitalsBenchmark,
  P15: listBenchmark,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { size: { type: 'string' }, rounds: { type: 'string' }, dry: { type: 'boolean', default: false } },
});
const [name = ''] = positionals;
const benchmark = Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined;
const size = Number(values.size ?? benchmark?.size);
const rounds = Number(values.rounds ?? benchmark?.rounds);
if (benchmark === undefined || !isCount(size) || !isCount(rounds)) {
  console.error(`usage: npm run bench -- ${Object.keys(benchmarks).join(' | ')} [--size N] [--rounds N] [--dry]`);
  process.exit(2);
}

const open = await benchmark.open(size);
try {
  const results = await runRounds(open, rounds, (line) => console.error(line));
  const report = {
    name,
    benchmark,
    size,
    rounds,
    results,
    ratesOf: open.ratesOf ?? benchmark.unit,
    conclusions: open.conclude(results),
    versions: `Allclear ${versionOf('package.json')}, pg ${versionOf('node_modules/pg/package.json')}`,
  };
  console.log(values.dry ? reportText(report) : writeReport(report));
} finally {
  await open.close();
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}

function versionOf(file: string): string {
  const url = new URL(`../${file}`, import.meta.url);
  return (JSON.parse(readFileSync(url, 'utf8')) as { version: string }).version;
}
