import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** From a call inside one host to a mail server that thinks for half a minute. */
const secondsBuckets = [0.001, 0.005, 0.025, 0.1, 0.25, 1, 2.5, 10, 30];
/** A folder that hangs, or a gauge that fails, is left out of this scrape and does not hold it up. */
const gaugeTimeoutMs = 2_000;

type Labels = Readonly<Record<string, string>>;

export interface Tally {
  add(labels?: Labels, by?: number): void;
}

export interface Timing {
  observe(seconds: number, labels?: Labels): void;
}

export interface Level {
  set(value: number, labels?: Labels): void;
  /** Forgets every value: what is not set again is shown no more. */
  clear(): void;
}

/**
 * The figures of one process, in the text format of Prometheus 0.0.4. Whatever goes wrong in here stays in here: a
 * figure that cannot be taken is counted in `allclear_metrics_failures_total`, and nothing that is measured fails for it.
 */
export interface Metrics {
  /** The same name gives the same figure: several workers of one process share theirs. */
  tally(name: `allclear_${string}_total`, help: string, labels?: readonly string[]): Tally;
  timing(name: `allclear_${string}_seconds`, help: string, labels?: readonly string[]): Timing;
  level(name: `allclear_${string}`, help: string, labels?: readonly string[]): Level;
  /** Asked at each scrape, all at once, at most two seconds. */
  onScrape(read: () => Promise<void> | void): void;
  scrape(): Promise<string>;
  readonly contentType: string;
}

export function makeMetrics(): Metrics {
  const registry = new Registry();
  const readers: (() => Promise<void> | void)[] = [];
  let hasDefaults = false;
  const failures = new Counter({
    name: 'allclear_metrics_failures_total',
    help: 'Figures that could not be taken; what they measure went on.',
    registers: [registry],
  });

  function safely(work: () => void): void {
    try {
      work();
    } catch {
      failures.inc();
    }
  }

  async function readInTime(read: () => Promise<void> | void): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('too slow')), gaugeTimeoutMs);
    });
    try {
      await Promise.race([read(), late]);
    } catch {
      failures.inc();
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    contentType: registry.contentType,
    tally(name, help, labels = []) {
      const known = registry.getSingleMetric(name) as Counter | undefined;
      const counter = known ?? new Counter({ name, help, labelNames: [...labels], registers: [registry] });
      return { add: (values = {}, by = 1) => safely(() => counter.inc(values, by)) };
    },
    timing(name, help, labels = []) {
      const options = { name, help, labelNames: [...labels], buckets: secondsBuckets, registers: [registry] };
      const known = registry.getSingleMetric(name) as Histogram | undefined;
      const histogram = known ?? new Histogram(options);
      return { observe: (seconds, values = {}) => safely(() => histogram.observe(values, seconds)) };
    },
    level(name, help, labels = []) {
      const known = registry.getSingleMetric(name) as Gauge | undefined;
      const gauge = known ?? new Gauge({ name, help, labelNames: [...labels], registers: [registry] });
      return {
        set: (value, values = {}) => safely(() => gauge.set(values, value)),
        clear: () => safely(() => gauge.reset()),
      };
    },
    onScrape(read) {
      readers.push(read);
    },
    async scrape() {
      // At the first one: a process that nobody scrapes pays for no event-loop histogram.
      if (!hasDefaults) {
        hasDefaults = true;
        collectDefaultMetrics({ register: registry });
      }
      await Promise.all(readers.map(readInTime));
      return registry.metrics();
    },
  };
}
