import type { Track } from '../../domain/shared/track.ts';
import type { Clock } from '../ports/clock.ts';
import type { StoredTrack } from '../ports/rollout-store.ts';

/** More waves than ever soak at once; the longest unseen are watched anew, which only lengthens their soak. */
const mostWatched = 10_000;

/**
 * Soaks are moments of the database's clock, and that clock can be set. A worker therefore lets none pass for longer than it has
 * itself watched, on a clock that nobody sets: the larger of the two counts (I23). A worker that starts anew watches anew.
 */
export interface SoakWatch {
  /** `now` of the database, but never more after the wave was settled than this worker has watched it. */
  soakedUntil(track: StoredTrack, now: Date): Date;
}

export function makeSoakWatch(clock: Pick<Clock, 'monotonicMs'>): SoakWatch {
  const seen = new Map<string, number>();
  return {
    soakedUntil(track, now) {
      if (track.waveSettledAt === null) return now;
      const key = keyOf(track.rolloutNo, track.track, track.wavesOpened);
      const first = seen.get(key) ?? clock.monotonicMs();
      seen.delete(key);
      seen.set(key, first);
      const [oldest] = seen.keys();
      if (seen.size > mostWatched && oldest !== undefined) seen.delete(oldest);
      const watched = new Date(track.waveSettledAt.getTime() + clock.monotonicMs() - first);
      return watched < now ? watched : now;
    },
  };
}

function keyOf(rolloutNo: number, track: Track, wave: number): string {
  return `${rolloutNo} ${track} ${wave}`;
}
