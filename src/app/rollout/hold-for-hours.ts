import { heldFromOrdinal, opensAt } from '../../domain/plan/holder-hours.ts';
import type { PlanLimits } from '../../domain/plan/limits.ts';
import type { Digests } from '../ports/digests.ts';
import type { HoursOfRanges, RolloutRow, StoredTrack } from '../ports/rollout-store.ts';
import type { Tx } from '../ports/store.ts';
import { untoldDeadline } from './count-untold.ts';
import type { HourClock } from './hour-clock.ts';

/** The time between the last moment at which somebody is told by night and the deadline: for retries of the mail. */
const beforeDeadlineMs = 3_600_000;
/** A worker and the database that are further apart than this do not agree on what the hour is. */
const clocksApartMs = 120_000;

export interface HoldForHoursDeps {
  readonly digests: Pick<Digests, 'sha256'>;
  readonly hourClock: Pick<HourClock, 'asBegan'>;
}

/**
 * What keeps a range of notices until it is day where its people live; null where the open wave goes out at any hour.
 * The database's clock decides, as it stands and as it would stand had nobody set it since this worker began: it has to be day by
 * both. Nobody who is contained waits for a morning beyond the deadline of *contained, untold*:
 * being locked out without a word for longer than that is worse than a mail at night.
 */
export function hoursOfTrack(
  deps: HoldForHoursDeps,
  tx: Tx,
  rollout: RolloutRow,
  track: StoredTrack,
  limits: PlanLimits,
  permitSeconds: number,
): HoursOfRanges | null {
  // Absent in plans that were frozen before there were hours.
  const hours = limits.holderHours ?? null;
  const fromOrdinal = track.track === 'tell' ? heldFromOrdinal(track.waveEnds, hours) : null;
  if (hours === null || fromOrdinal === null || track.openTo <= fromOrdinal) return null;
  return {
    fromOrdinal,
    defaultZone: hours.defaultZone,
    async holdUntil(range) {
      const facts = await tx.rollouts.tellRangeFacts(rollout.no, range.fromOrdinal, range.size);
      const now = await tx.rollouts.now();
      let until: Date | null = null;
      for (const clock of [now, deps.hourClock.asBegan(now)]) {
        const opens = opensAt(facts.timeZone ?? hours.defaultZone, hours, clock, permitSeconds);
        if (opens === null) continue;
        if (facts.oldestContainedAt !== null) {
          const deadline = await untoldDeadline(tx, rollout.no, facts.oldestContainedAt, limits.untoldHours, clock);
          if (opens.getTime() > deadline.getTime() - beforeDeadlineMs) continue;
        }
        const waits = new Date(now.getTime() + opens.getTime() - clock.getTime());
        if (until === null || waits > until) until = waits;
      }
      return until;
    },
    async onHeld(range, until) {
      await tx.ledger.append({
        chain: `rollout:${rollout.no}`,
        event: 'permit.held',
        body: {
          track: track.track,
          from: range.fromOrdinal,
          size: range.size,
          wave: range.wave,
          attempt: range.attempt,
          until: until.toISOString(),
          outcomes: deps.digests.sha256(range.outcome),
        },
      });
    },
  };
}

/** One of two clocks that jumped can then only delay: by the other one it is not yet day, or nobody is asked at all. */
export function clocksDiffer(worker: Date, database: Date): boolean {
  return Math.abs(worker.getTime() - database.getTime()) > clocksApartMs;
}
