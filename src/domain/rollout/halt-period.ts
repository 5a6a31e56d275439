/** From a halt to its resume; null while it stands halted. */
export interface HaltPeriod {
  readonly haltedAt: Date;
  readonly resumedAt: Date | null;
}

/** The same time as periods that do not overlap, the earliest first: a pause and a halt on top of it are one standstill. */
export function joinPeriods(periods: readonly HaltPeriod[]): readonly HaltPeriod[] {
  const joined: HaltPeriod[] = [];
  for (const next of periods.toSorted((left, right) => left.haltedAt.getTime() - right.haltedAt.getTime())) {
    const last = joined.at(-1);
    if (last === undefined || (last.resumedAt !== null && last.resumedAt < next.haltedAt)) joined.push(next);
    else joined[joined.length - 1] = { haltedAt: last.haltedAt, resumedAt: later(last.resumedAt, next.resumedAt) };
  }
  return joined;
}

/** Null is not over yet. */
function later(left: Date | null, right: Date | null): Date | null {
  if (left === null || right === null) return null;
  return left > right ? left : right;
}

/** Milliseconds of `periods` (which do not overlap) that lie between `since` and `now`: what a deadline is moved by. */
export function haltedMsSince(periods: readonly HaltPeriod[], since: Date, now: Date): number {
  return periods.reduce((sum, { haltedAt, resumedAt }) => {
    const from = Math.max(haltedAt.getTime(), since.getTime());
    const until = Math.min((resumedAt ?? now).getTime(), now.getTime());
    return sum + Math.max(0, until - from);
  }, 0);
}
