/** What of an account makes another one like it, as far as coming back goes. */
export interface Likeness {
  readonly language: string | null;
  readonly lastSignInAt: Date | null;
}

/**
 * So many accounts are looked at for each place in the group, in the order of the plan's key. Where one in twenty is like the
 * targets the group is full; beyond that a draft would read the whole directory for a few more.
 */
export const candidatesPerPlace = 20;

const dayMs = 86_400_000;
/** Whoever signed in this week signs in again within a day far more often than who was away for a year. */
const activeDays = [7, 30, 365] as const;

/** Accounts of one kind: language, and how long ago they last signed in. Whether there is a password is asked of all. */
export function kindOf({ language, lastSignInAt }: Likeness, now: Date): string {
  const days = lastSignInAt === null ? Number.POSITIVE_INFINITY : (now.getTime() - lastSignInAt.getTime()) / dayMs;
  return `${language ?? ''} ${activeDays.findIndex((most) => days <= most)}`;
}

/**
 * How many places of the group each kind gets: in proportion to the targets, the rest to the largest remainders, so that the
 * places add up. Never more places than targets.
 */
export function shareOut(targets: ReadonlyMap<string, number>, most: number): ReadonlyMap<string, number> {
  const total = [...targets.values()].reduce((sum, count) => sum + count, 0);
  const size = Math.min(most, total);
  if (size <= 0) return new Map();
  const exact = [...targets].map(([kind, count]) => ({ kind, whole: Math.floor((count * size) / total), count }));
  let left = size - exact.reduce((sum, { whole }) => sum + whole, 0);
  const places = new Map<string, number>();
  const byRemainder = exact.toSorted(
    (a, b) => ((b.count * size) % total) - ((a.count * size) % total) || (a.kind < b.kind ? -1 : 1),
  );
  for (const { kind, whole } of byRemainder) {
    places.set(kind, whole + (left > 0 ? 1 : 0));
    left -= 1;
  }
  return places;
}
