/** At `heardAtMs` of this process's own clock no lease of the key was younger than `newest`. */
export interface Sighting {
  readonly newest: number;
  readonly heardAtMs: number;
}

/** Beyond a minute there are other proofs: see the statement that leases. */
const keptMs = 70_000;
/** Sightings closer than this to the one before are left out, which makes 1,400 of a key at most. */
const apartMs = 50;

/** What a process remembers, oldest first. Fewer leases than before are those of another database: all is forgotten. */
export function addSighting(known: readonly Sighting[], seen: Sighting): readonly Sighting[] {
  const last = known.at(-1);
  if (last === undefined || seen.newest < last.newest) return [seen];
  if (seen.heardAtMs - last.heardAtMs < apartMs) return known;
  const oldest = seen.heardAtMs - keptMs;
  const stale = known.findIndex((one) => one.heardAtMs >= oldest);
  return [...(stale <= 0 ? (stale === 0 ? known : []) : known.slice(stale)), seen];
}

/** The newest lease that was there so long before `askedAtMs`; -1 for none. */
export function seenUpTo(known: readonly Sighting[], askedAtMs: number, ageMs: number): number {
  return known.findLast((one) => askedAtMs - one.heardAtMs >= ageMs)?.newest ?? -1;
}
