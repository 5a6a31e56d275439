export interface RequestRate {
  /** So many at once. */
  readonly burst: number;
  /** Then one every so many seconds. */
  readonly refillSeconds: number;
}

/** A household or an office shares an address: thirty presses at once are people. */
export const pressRate: RequestRate = { burst: 30, refillSeconds: 2 };
/** As people type; whoever tries numbers against addresses gets through half a request a second. */
export const checkRate: RequestRate = { burst: 30, refillSeconds: 2 };
/** All clients together: a check is about a dozen short queries, on the database that halts and permits need. */
export const allChecksRate: RequestRate = { burst: 200, refillSeconds: 1 / 50 };
/** A first statement walks the ledger; those after it come from memory. */
export const statementRate: RequestRate = { burst: 30, refillSeconds: 2 };

/** Some megabytes at most. An address that falls out begins anew, which errs towards hearing people. */
const maxAddresses = 20_000;

interface Bucket {
  left: number;
  atMs: number;
}

export interface RequestLimit {
  mayPass(address: string): boolean;
}

/**
 * A bucket of requests per network address, in memory: a restart forgives, and each server counts for itself. Nothing
 * that it lets through can unlock anything.
 */
export function makeRequestLimit({ burst, refillSeconds }: RequestRate, monotonicMs: () => number): RequestLimit {
  const buckets = new Map<string, Bucket>();
  return {
    mayPass(address) {
      const key = networkOf(address);
      const nowMs = monotonicMs();
      const known = buckets.get(key) ?? { left: burst, atMs: nowMs };
      const refilled = Math.min(burst, known.left + (nowMs - known.atMs) / (refillSeconds * 1_000));
      const isAllowed = refilled >= 1;
      // Put last again: the one that was silent longest is the first to fall out.
      buckets.delete(key);
      buckets.set(key, { left: isAllowed ? refilled - 1 : refilled, atMs: nowMs });
      const [oldest] = buckets.keys();
      if (buckets.size > maxAddresses && oldest !== undefined) buckets.delete(oldest);
      return isAllowed;
    },
  };
}

/** Of IPv6 the first 64 bits: a household is given all the addresses below them. */
function networkOf(address: string): string {
  if (!address.includes(':') || address.includes('.')) return address;
  const [head = ''] = address.split('::');
  return head.split(':').slice(0, 4).join(':');
}
