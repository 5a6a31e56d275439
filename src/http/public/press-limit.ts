/** A household or an office shares an address: so many presses at once are people. */
const burst = 30;
/** Then one every so many seconds. */
const refillSeconds = 2;
/** Some megabytes at most. An address that falls out begins anew, which errs towards hearing people. */
const maxAddresses = 20_000;

interface Bucket {
  left: number;
  atMs: number;
}

/**
 * A bucket of presses per network address, in memory: a restart forgives, and each server counts for itself. Many false
 * presses can only pause a rollout, never unlock anything.
 */
export function makePressLimit(monotonicMs: () => number): { mayPress(address: string): boolean } {
  const buckets = new Map<string, Bucket>();
  return {
    mayPress(address) {
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
