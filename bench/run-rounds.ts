import type { OpenBenchmark, Side, SideResult } from './benchmark.ts';
import { cpuSeconds } from './cpu-seconds.ts';

interface Round {
  readonly units: number;
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly facts: Readonly<Record<string, number>>;
}

/** Every side in every round, in turning order, so that what the machine does meanwhile falls on all of them alike. */
export async function runRounds(
  { sides, postmasterPid }: OpenBenchmark,
  rounds: number,
  tell: (line: string) => void,
): Promise<readonly SideResult[]> {
  const seen = new Map<string, Round[]>(sides.map((side) => [side.name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [place] of sides.entries()) {
      const side = sides[(place + round) % sides.length];
      if (side === undefined) continue;
      const one = await runOnce(side, postmasterPid);
      seen.get(side.name)?.push(one);
      tell(
        `round ${round + 1}/${rounds}  ${side.name}: ${grouped(one.units / one.cpuSeconds)} per CPU second, ` +
          `${grouped(one.units / one.wallSeconds)} per second`,
      );
    }
  }
  return [...seen].map(([name, all]) => ({
    name,
    unitsPerCpuSecond: median(all.map((one) => one.units / one.cpuSeconds)),
    unitsPerSecond: median(all.map((one) => one.units / one.wallSeconds)),
    facts: mediansOf(all.map((one) => one.facts)),
  }));
}

async function runOnce(side: Side, postmasterPid: number | null): Promise<Round> {
  await side.before?.();
  const cpuBefore = cpuSeconds(postmasterPid);
  const startedMs = performance.now();
  const { units, cpuSeconds: othersSeconds = 0, facts = {} } = await side.run();
  const wallSeconds = (performance.now() - startedMs) / 1_000;
  const usedSeconds = cpuSeconds(postmasterPid) - cpuBefore + othersSeconds;
  await side.after?.();
  // The kernel counts in hundredths: less than one is shown as one.
  return { units, facts, wallSeconds, cpuSeconds: Math.max(0.01, usedSeconds) };
}

function mediansOf(all: readonly Readonly<Record<string, number>>[]): Readonly<Record<string, number>> {
  const names = [...new Set(all.flatMap((facts) => Object.keys(facts)))];
  return Object.fromEntries(
    names.map((name) => [name, median(all.flatMap((facts) => (facts[name] === undefined ? [] : [facts[name]])))]),
  );
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

export function grouped(value: number): string {
  const digits = value < 10 ? 2 : value < 100 ? 1 : 0;
  return value.toLocaleString('en', { maximumFractionDigits: digits });
}
