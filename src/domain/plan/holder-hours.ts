import { localHour } from '../shared/time-zone.ts';

/** When a notice of a large wave may be sent, by the clock on the wall where its reader lives. */
export interface HolderHours {
  /** From this hour on (0 to 23). */
  readonly from: number;
  /** Before this hour (1 to 24), which is later than `from`. */
  readonly to: number;
  /** From the first wave of notices of so many people on; the waves before it go out at any hour. */
  readonly fromWaveSize: number;
  /** Where somebody is taken to live of whom the directory does not say it. */
  readonly defaultZone: string;
}

const minuteMs = 60_000;
/** Every offset in use is a multiple of it, and no hours are shorter. */
const stepMs = 15 * minuteMs;
/** Longer than any night between two days with hours of at least one: a day, a change of the clocks, and a day more. */
const searchMs = 50 * 60 * minuteMs;

/** The first ordinal of the track `tell` that waits for its reader's hours; null where nobody does. */
export function heldFromOrdinal(tellEnds: readonly number[], hours: HolderHours | null): number | null {
  if (hours === null) return null;
  const wave = tellEnds.findIndex((end, at) => end - (tellEnds[at - 1] ?? 0) >= hours.fromWaveSize);
  return wave === -1 ? null : (tellEnds[wave - 1] ?? 0);
}

/** The longest that anybody waits for a morning, a change of the clocks aside. */
export function longestNightHours({ from, to }: HolderHours): number {
  return 24 - (to - from);
}

/**
 * Null where it is within the hours in this zone now and for `forSeconds` from now; otherwise the moment of the next
 * opening, to the second. What is computed here is asked again at that moment: a zone whose law has changed meanwhile,
 * or a clock that jumped, delays.
 */
export function opensAt(zone: string, hours: HolderHours, now: Date, forSeconds: number): Date | null {
  const isOpen = (atMs: number): boolean => {
    const hour = localHour(zone, new Date(atMs));
    return hour >= hours.from && hour < hours.to;
  };
  const nowMs = now.getTime();
  const lastsMs = nowMs + forSeconds * 1_000;
  if (isOpen(nowMs) && isOpen(lastsMs)) return null;
  let closedMs = isOpen(nowMs) ? lastsMs : nowMs;
  const giveUpMs = closedMs + searchMs;
  while (closedMs < giveUpMs && !isOpen(closedMs + stepMs)) closedMs += stepMs;
  return new Date(firstOpen(closedMs, closedMs + stepMs, isOpen));
}

/** Between a closed and an open moment, to the second; the open one where there is none in between. */
function firstOpen(closedMs: number, openMs: number, isOpen: (atMs: number) => boolean): number {
  let [before, after] = [Math.floor(closedMs / 1_000), Math.ceil(openMs / 1_000)];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (isOpen(middle * 1_000)) after = middle;
    else before = middle;
  }
  return after * 1_000;
}
