/** One thing done once: ours, a peer's, or the limit that neither can pass. */
export interface Side {
  readonly name: string;
  /** Does the work and says how much it was. What must not be timed is done by `before`. */
  run(): Promise<Work>;
  before?(): Promise<void>;
  /** Ends what `before` started. */
  after?(): Promise<void>;
}

export interface Work {
  /** How many of the benchmark's units were done. */
  readonly units: number;
  /** Of processes that worked for us and live on; those that ended meanwhile, and Postgres, are counted anyway. */
  readonly cpuSeconds?: number;
  /** Whatever else was seen, per run: bytes of WAL, megabytes of memory. */
  readonly facts?: Readonly<Record<string, number>>;
}

/** Medians over the rounds. */
export interface SideResult {
  readonly name: string;
  readonly unitsPerCpuSecond: number;
  readonly unitsPerSecond: number;
  readonly facts: Readonly<Record<string, number>>;
}

/** A goal of the design against what came out; `why` is owed where it was missed. */
export interface Conclusion {
  readonly goal: string;
  readonly value: string;
  readonly isMet: boolean;
}

export interface OpenBenchmark {
  readonly sides: readonly Side[];
  /** Processes that work for us beside our own, whose CPU seconds count. */
  readonly postmasterPid: number | null;
  /** What is counted per second, where that is not the benchmark's unit. */
  readonly ratesOf?: string;
  conclude(results: readonly SideResult[]): readonly Conclusion[];
  close(): Promise<void>;
}

export interface Benchmark {
  readonly title: string;
  readonly unit: string;
  /** Other programs do the work: their CPU seconds are not seen, and the page shows what the sides found out alone. */
  readonly isOfOtherPrograms?: true;
  /** So many units a round, unless `--size` says otherwise. */
  readonly size: number;
  readonly rounds: number;
  open(size: number): Promise<OpenBenchmark>;
}

export function resultOf(results: readonly SideResult[], name: string): SideResult {
  const found = results.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no side is called ${name}`);
  return found;
}

/** How many times as much one side does in the same CPU time. */
export function cpuRatio(results: readonly SideResult[], ours: string, theirs: string): number {
  return resultOf(results, ours).unitsPerCpuSecond / resultOf(results, theirs).unitsPerCpuSecond;
}
