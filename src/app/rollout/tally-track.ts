import type { TrackTally } from '../../domain/rollout/track-state.ts';
import type { PermitRow, StoredTrack } from '../ports/rollout-store.ts';
import { containOutcomeCodes } from '../../domain/action/contain-outcome.ts';
import { claimedByte, outcomesOf } from './track-outcomes.ts';

export interface CountedTrack extends TrackTally {
  /** Members per outcome word; they add up to the track's members (I25). */
  readonly counts: Readonly<Record<string, number>>;
  /** The same of the open wave alone. */
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
    const isDone = permit.state === 'settled' || isLeftBehind(track, permit);
    if (isDone) settled += permit.size;
    if (isDone && permit.fromOrdinal === settledBelow) settledBelow = permit.fromOrdinal + permit.size;
    const isOfOpenWave = permit.wave === track.wavesOpened - 1;
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

/**
 * Accounts that the directory refuses, of a wave that two people went on from: they are tried again now and then, and
 * nobody waits for them any more.
 */
function isLeftBehind(track: StoredTrack, permit: PermitRow): boolean {
  if (track.track !== 'contain' || permit.state !== 'returned') return false;
  const wasGoneOnOver = track.acknowledged.some((one) => one.gate === 'actions' && one.wave === permit.wave + 1);
  const outcomes = outcomesOf('contain');
  return (
    wasGoneOnOver && permit.outcome.every((byte) => byte === containOutcomeCodes.failed || outcomes.isSettled(byte))
  );
}
