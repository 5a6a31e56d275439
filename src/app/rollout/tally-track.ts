import type { TrackTally } from '../../domain/rollout/track-state.ts';
import type { PermitRow, StoredTrack } from '../ports/rollout-store.ts';
import { claimedByte, outcomesOf } from './track-outcomes.ts';

export interface CountedTrack extends TrackTally {
  /** Members per outcome word; they add up to the track's members (I25). */
  readonly counts: Readonly<Record<string, number>>;
  /**
   * The same of the open wave alone, and only of what was done since the track was last resumed: whoever resumed it has
   * seen what was before.
   */
  readonly waveCounts: Readonly<Record<string, number>>;
}

/** Counts a track from its permit rows: members without one are `created`. */
export function tallyTrack(track: StoredTrack, permits: readonly PermitRow[]): CountedTrack {
  const outcomes = outcomesOf(track.track);
  const counts: Record<string, number> = {};
  const waveCounts: Record<string, number> = {};
  let settled = 0;
  let openPermits = 0;
  let inFlight = 0;
  let seen = 0;
  let settledBelow = 0;
  for (const permit of permits) {
    seen += permit.size;
    if (permit.state === 'open') openPermits += 1;
    if (permit.state === 'settled') settled += permit.size;
    if (permit.state === 'settled' && permit.fromOrdinal === settledBelow)
      settledBelow = permit.fromOrdinal + permit.size;
    const isOfOpenWave = permit.wave === track.wavesOpened - 1 && permit.epoch === track.epoch;
    for (const byte of permit.outcome) {
      const word = outcomes.wordOf(byte);
      if (isOfOpenWave) waveCounts[word] = (waveCounts[word] ?? 0) + 1;
      counts[word] = (counts[word] ?? 0) + 1;
      if (permit.state === 'open' && byte === claimedByte) inFlight += 1;
    }
  }
  const untouched = track.members - seen;
  if (untouched > 0) counts['created'] = (counts['created'] ?? 0) + untouched;
  return { counts, waveCounts, settled, openPermits, inFlight, settledBelow };
}
