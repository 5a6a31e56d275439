export interface RequestRate {
  /** So many at once. */
  readonly burst: number;
  /** Then one every so many seconds. */
  readonly refillSeconds: number;
}

/** Some megabytes at most. Whoever falls out begins anew, which errs towards hearing people. */
const maxKeys = 20_000;

interface Bucket {
  left: number;
  atMs: number;
}

export interface RequestLimit {
  /** Takes one request. 0: it may pass; else the whole seconds after which the next one may. */
  take(key: string): number;
  /** Puts one back that was taken for what turned out not to count. */
  giveBack(key: string): void;
  knows(key: string): boolean;
  forget(key: string): void;
}

/**
 * A bucket of requests per key, in memory: a restart forgives, and each server counts for itself. It asks no database:
 * under a flood that is the one thing that halts and permits need.
 */
export function makeRequestLimit({ burst, refillSeconds }: RequestRate, monotonicMs: () => number): RequestLimit {
  const buckets = new Map<string, Bucket>();

  function refilled(key: string, nowMs: number): number {
    const known = buckets.get(key);
    return known === undefined ? burst : Math.min(burst, known.left + (nowMs - known.atMs) / (refillSeconds * 1_000));
  }

  function waitOf(left: number): number {
    return left >= 1 ? 0 : Math.max(1, Math.ceil((1 - left) * refillSeconds));
  }

  return {
    take(key) {
      const nowMs = monotonicMs();
      const left = refilled(key, nowMs);
      const wait = waitOf(left);
      // Put last again: the one that was silent longest is the first to fall out.
      buckets.delete(key);
      buckets.set(key, { left: wait === 0 ? left - 1 : left, atMs: nowMs });
      const [oldest] = buckets.keys();
      if (buckets.size > maxKeys && oldest !== undefined) buckets.delete(oldest);
      return wait;
    },
    giveBack(key) {
      const known = buckets.get(key);
      if (known !== undefined) known.left = Math.min(burst, known.left + 1);
    },
    knows: (key) => buckets.has(key),
    forget: (key) => void buckets.delete(key),
  };
}
