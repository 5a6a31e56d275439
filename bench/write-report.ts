import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import path from 'node:path';
import type { Benchmark, Conclusion, SideResult } from './benchmark.ts';
import { grouped } from './run-rounds.ts';

const file = path.resolve(import.meta.dirname, '..', 'docs', 'benchmarks.md');

const head = `# Benchmarks

Written by \`npm run bench -- NAME\`: each run replaces its own part of this page. Both sides of a ratio are measured in the same
run, round by round in turning order; figures are medians. What counts is work per CPU second, of our process and of the
Postgres under it: it repeats within about a tenth also on a machine that others use. Work per second of wall time is
told beside it. No test asserts a time.
`;

export interface Report {
  readonly name: string;
  readonly benchmark: Benchmark;
  readonly size: number;
  readonly rounds: number;
  readonly results: readonly SideResult[];
  /** What the rates count. */
  readonly ratesOf: string;
  readonly conclusions: readonly Conclusion[];
  readonly versions: string;
}

export function reportText(report: Report): string {
  const { name, benchmark, size, rounds, results, conclusions, versions, ratesOf } = report;
  const facts = [...new Set(results.flatMap((one) => Object.keys(one.facts)))];
  const cells = (row: readonly string[]): string => `| ${row.join(' | ')} |`;
  const rates = benchmark.isOfOtherPrograms === true ? [] : [`${ratesOf} per CPU second`, `${ratesOf} per second`];
  return [
    `## ${name}: ${benchmark.title}`,
    '',
    `${grouped(size)} ${benchmark.unit}, ${rounds} rounds. ${machine()}. ${versions}.`,
    '',
    cells(['Side', ...rates, ...facts]),
    cells(['---', ...rates.map(() => '---'), ...facts.map(() => '---')]),
    ...results.map((one) =>
      cells([
        one.name,
        ...(rates.length === 0 ? [] : [grouped(one.unitsPerCpuSecond), grouped(one.unitsPerSecond)]),
        ...facts.map((fact) => (one.facts[fact] === undefined ? '' : grouped(one.facts[fact]))),
      ]),
    ),
    '',
    cells(['Goal', 'Here', 'Met']),
    cells(['---', '---', '---']),
    ...conclusions.map((one) => cells([one.goal, one.value, one.isMet ? 'yes' : 'no'])),
  ].join('\n');
}

/** Replaces this benchmark's part of docs/benchmarks.md, and leaves what a person wrote below its tables. */
export function writeReport(report: Report): string {
  const text = reportText(report);
  const old = existsSync(file) ? readFileSync(file, 'utf8') : head;
  const parts = new Map(
    old
      .slice(head.length)
      .split(/^(?=## )/m)
      .flatMap((part) => {
        const name = /^## (P\d+):/.exec(part)?.[1];
        return name === undefined ? [] : [[name, part.trim()] as const];
      }),
  );
  parts.set(report.name, [text, remarksOf(parts.get(report.name))].filter((part) => part !== '').join('\n\n'));
  const sorted = [...parts].toSorted(([a], [b]) => Number(a.slice(1)) - Number(b.slice(1)));
  writeFileSync(file, [head.trim(), ...sorted.map(([, part]) => part), ''].join('\n\n').replace(/\n+$/, '\n'));
  return text;
}

/** What a person wrote of the figures stands below the second table. */
function remarksOf(part: string | undefined): string {
  if (part === undefined) return '';
  const lines = part.split('\n');
  return lines
    .slice(lines.findLastIndex((line) => line.startsWith('|')) + 1)
    .join('\n')
    .trim();
}

function machine(): string {
  const [cpu] = cpus();
  const memoryGb = Math.round(totalmem() / 1024 ** 3);
  const model = (cpu?.model ?? 'unknown processor').replaceAll(/\s+/g, ' ').trim();
  return `${cpus().length} cores of ${model}, ${memoryGb} GB, load ${(loadavg()[0] ?? 0).toFixed(1)}, Node ${process.version}`;
}
