import type { HostClock } from '../ports/rate-store.ts';
import type { LentElsewhere, HourAsker } from '../ports/rollout-store.ts';

/** Permits of other machines that are watched at once; the longest known are forgotten, and watched anew. */
const mostWatched = 100_000;

/**
 * When a permit was lent is a moment of clocks that can be set. It stops counting for its hour when that is proved: on the boot
 * that lent it by the clock of this boot; of another boot because this process has itself seen it for so long, or because
 * the clock of the database and that of this machine both say so (ADR 0029).
 */
export interface HourClock {
  /** Read before the request. */
  asker(): HourAsker;
  /** Of permits lent elsewhere, the people of those that this process has not known for as long as they count. */
  stillCounted(lent: readonly LentElsewhere[], countsForMs: number): number;
  /** What the database's clock, which says `now`, would say if nobody had set it since this process first asked. */
  asBegan(now: Date): Date;
}

export function makeHourClock(clock: HostClock): HourClock {
  const firstSeen = new Map<number, number>();
  let beganAtMs: number | undefined;
  return {
    asker: () => ({ bootId: clock.bootId, askedAtMs: clock.monotonicMs(), wallMs: clock.wallMs() }),
    stillCounted(lent, countsForMs) {
      const nowMs = clock.monotonicMs();
      let people = 0;
      for (const one of lent) {
        const seenMs = firstSeen.get(one.no);
        if (seenMs === undefined) firstSeen.set(one.no, nowMs);
        if (seenMs === undefined || nowMs - seenMs < countsForMs) people += one.people;
      }
      for (const no of firstSeen.keys()) {
        if (firstSeen.size <= mostWatched) break;
        firstSeen.delete(no);
      }
      return people;
    },
    asBegan(now) {
      beganAtMs ??= now.getTime() - clock.monotonicMs();
      return new Date(beganAtMs + clock.monotonicMs());
    },
  };
}
