/** From a halt to its resume; null while it stands halted. */
export interface HaltPeriod {
  readonly haltedAt: Date;
  readonly resumedAt: Date | null;
}

/** Milliseconds of `periods` (which do not overlap) that lie between `since` and `now`: what a deadline is moved by. */
export function haltedMsSince(periods: readonly HaltPeriod[], since: Date, now: Date): number {
  return periods.reduce((sum, { haltedAt, resumedAt }) => {
    const from = Math.max(haltedAt.getTime(), since.getTime());
    const until = Math.min((resumedAt ?? now).getTime(), now.getTime());
    return sum + Math.max(0, until - from);
  }, 0);
}
