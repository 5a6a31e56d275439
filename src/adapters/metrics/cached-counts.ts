import type { Metrics } from './metrics.ts';

/** Counts are never older than this where counting is cheap. */
const countsMaxAgeMs = 15_000;
/** Counting takes at most this share of a connection's time: what takes 2 s is done every 40 s. */
const busyShare = 0.05;
/** A scrape waits so long for new counts, and shows the last ones with their age where they are not there by then. */
const waitAtMostMs = 1_500;

/**
 * Reads what is costly to count, at most as often as it is cheap, one reading at a time and never on the send path: only a
 * scrape starts one. `show` gets each new reading. Its age is `allclear_counts_age_seconds`.
 */
export function cacheCounts<Counts>(
  metrics: Metrics,
  count: () => Promise<Counts>,
  show: (counts: Counts) => void,
  nowMs: () => number = () => performance.now(),
): void {
  const age = metrics.level('allclear_counts_age_seconds', 'How old the counts are that are read from the database.');
  const took = metrics.level('allclear_counts_duration_seconds', 'How long the last counting took.');
  const failures = metrics.tally(
    'allclear_counts_failures_total',
    'Countings that failed; the counts before are shown.',
  );
  let startedMs = Number.NEGATIVE_INFINITY;
  let countedAtMs: number | null = null;
  let costMs = 0;
  let running: Promise<void> | null = null;

  async function refresh(): Promise<void> {
    startedMs = nowMs();
    try {
      show(await count());
      countedAtMs = startedMs;
    } catch {
      failures.add();
    }
    costMs = nowMs() - startedMs;
    took.set(costMs / 1_000);
  }

  metrics.onScrape(async () => {
    const isDue = nowMs() - startedMs >= Math.max(countsMaxAgeMs, costMs / busyShare);
    if (running === null && isDue) running = refresh().finally(() => (running = null));
    if (running !== null) await Promise.race([running, pause(waitAtMostMs)]);
    if (countedAtMs !== null) age.set((nowMs() - countedAtMs) / 1_000);
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
