import type { EventPlace, RolloutEvent } from '../../app/rollout/read-events.ts';
import type { RolloutStatus } from '../../app/rollout/read-status.ts';
import type { PlanId, RetractionId } from '../../domain/shared/ids.ts';
import type { HttpLog } from '../api-env.ts';
import type { Services } from '../services.ts';
import { covers, isBeyond, placeAfter } from './event-place.ts';

/** How often the ends of two chains are looked at: two reads of an index, however many readers there are. */
const lookEveryMs = 1_000;
/** A status also changes with the clock alone: a soak ends, a deadline passes. */
const statusAtLeastEveryMs = 5_000;
/** A status that took 1.9 s to count (500,000 members) is counted every 19 s: a tenth of one connection's time at most. */
const statusRestFactor = 10;
/** Entries read at a time, and kept for readers that are about as far as this. Whoever is further back reads for itself. */
const entriesAtOnce = 500;
const entriesKept = 1_000;
/** Reads of one look: a burst of more is told with the next. */
const readsAtOnce = 4;
/** Looks in a row that fail before every reader is let go: it comes back by itself when the database does. */
const failuresAtMost = 5;

/** What there is to tell of one rollout, read once for all who listen to it. */
export interface RolloutFeed {
  readonly place: EventPlace;
  readonly status: { readonly version: number; readonly text: string };
  /** The rollout is finished, and everything up to `place` is all that there will be. */
  readonly isOver: boolean;
  /** It cannot be read any more. */
  readonly isBroken: boolean;
  /** Entries after a place that are kept here; null where that place is too far back. */
  recent(after: EventPlace): readonly RolloutEvent[] | null;
  /** Calls `wake` after each look; the last one who leaves ends the looking. */
  join(wake: () => void): () => void;
}

/** Reads a rollout for the first time: `Failure('not-found')` where there is none. Nothing runs until somebody joins. */
export async function openFeed(
  services: Services,
  log: HttpLog,
  subject: PlanId | RetractionId,
  onEmpty: () => void,
): Promise<RolloutFeed> {
  const readers = new Set<() => void>();
  let place = await services.readEventPlace(subject);
  let keptFrom = place;
  const kept: RolloutEvent[] = [];
  let status = { version: 1, text: '' };
  let comparable = '';
  let isOver = false;
  let isBroken = false;
  let failures = 0;
  let isLooking = false;
  let hasMoved = false;
  let statusAtMs = 0;
  let restUntilMs = 0;
  let timer: NodeJS.Timeout | undefined;

  /** Whether that is all there is by now. */
  async function readEntries(): Promise<boolean> {
    for (let read = 0; read < readsAtOnce; read += 1) {
      const page = await services.readRolloutEvents(subject, place, entriesAtOnce);
      kept.push(...page.events);
      place = page.place;
      hasMoved ||= page.events.length > 0;
      for (const gone of kept.splice(0, Math.max(0, kept.length - entriesKept))) keptFrom = placeAfter(gone, keptFrom);
      if (page.isWhole) return true;
    }
    return false;
  }

  async function readStatus(): Promise<void> {
    const startedMs = performance.now();
    hasMoved = false;
    const fresh: RolloutStatus = await services.readRolloutStatus(subject);
    statusAtMs = performance.now();
    restUntilMs = statusAtMs + (statusAtMs - startedMs) * statusRestFactor;
    // That something was looked at again is no change.
    const now = JSON.stringify(fresh, (key, value: unknown) => (key === 'readAt' ? null : value));
    if (now !== comparable) status = { version: status.version + 1, text: JSON.stringify(fresh) };
    comparable = now;
    // What the status knows is in the ledger by now: read to there, so that nothing follows the end.
    isOver = fresh.phase === 'finished' && (await readEntries());
  }

  function lookSoon(): void {
    clearTimeout(timer);
    timer = setTimeout(() => void look(), lookEveryMs);
  }

  async function look(): Promise<void> {
    if (isLooking) return;
    isLooking = true;
    try {
      await readEntries();
      const nowMs = performance.now();
      const isDue = hasMoved || nowMs - statusAtMs >= statusAtLeastEveryMs;
      if (isDue && nowMs >= restUntilMs) await readStatus();
      failures = 0;
    } catch (error) {
      failures += 1;
      log.warn({ err: error, subject }, 'the events of a rollout cannot be read; it is tried again');
      isBroken = failures >= failuresAtMost;
    }
    isLooking = false;
    for (const wake of readers) wake();
    if (readers.size > 0 && !isBroken) lookSoon();
  }

  await readStatus();
  return {
    get place() {
      return place;
    },
    get status() {
      return status;
    },
    get isOver() {
      return isOver;
    },
    get isBroken() {
      return isBroken;
    },
    recent: (after) => (covers(after, keptFrom) ? kept.filter((event) => isBeyond(event, after)) : null),
    join(wake) {
      readers.add(wake);
      if (readers.size === 1) lookSoon();
      return () => {
        if (!readers.delete(wake) || readers.size > 0) return;
        clearTimeout(timer);
        onEmpty();
      };
    },
  };
}
