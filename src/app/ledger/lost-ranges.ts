import type { Track } from '../../domain/shared/track.ts';
import { sendsMail } from '../../domain/shared/track.ts';
import type { JournalEntry } from '../ports/permit-journal.ts';
import type { PermitRow, RolloutRow, StoredTrack } from '../ports/rollout-store.ts';
import type { Tx } from '../ports/store.ts';
import { claimedByte, outcomesOf } from '../rollout/track-outcomes.ts';

/** Members of one permit row, the most that a row may hold (sql/0006-rollout.sql). */
const rowSize = 1_000;

/** A range of people who may have been acted on or told in the lost part, and how it is written down. */
export type LostRange =
  /** Its permit was open when the database was as it is now: how it ended is lost. */
  | { readonly kind: 'open'; readonly permit: PermitRow; readonly people: number }
  /** It had been given back, and was taken again. */
  | { readonly kind: 'again'; readonly permit: PermitRow; readonly attempt: number; readonly people: number }
  /** Nobody had taken it yet. */
  | {
      readonly kind: 'beyond';
      readonly rolloutNo: number;
      readonly track: Track;
      readonly from: number;
      readonly people: number;
    };

/**
 * What of one track may have happened in the lost part. Ranges are taken in order, without a gap: whatever lies below
 * the furthest lost permit was taken by somebody, also where that host's journal is not here. `isEveryone`: where the loss
 * has no known end, everybody who was not told for certain.
 */
export async function lostRanges(
  tx: Tx,
  rollout: RolloutRow,
  track: StoredTrack,
  lost: readonly JournalEntry[],
  isEveryone: boolean,
): Promise<readonly LostRange[]> {
  const { claimable } = outcomesOf(track.track);
  const permits = await tx.rollouts.permits(rollout.no, track.track);
  const attempts = new Map<number, number>();
  for (const entry of lost) attempts.set(entry.from, Math.max(attempts.get(entry.from) ?? 0, entry.attempt));
  const ranges: LostRange[] = [];
  for (const permit of permits) {
    const attempt = attempts.get(permit.fromOrdinal) ?? 0;
    const isTakenAgain = permit.state === 'returned' && (attempt > permit.attempt || isEveryone);
    if (permit.state === 'open') ranges.push({ kind: 'open', permit, people: count(permit, [claimedByte]) });
    else if (isTakenAgain)
      ranges.push({
        kind: 'again',
        permit,
        attempt: Math.max(attempt, permit.attempt + 1),
        people: count(permit, claimable),
      });
  }
  const frontier = lost.reduce((far, entry) => Math.max(far, entry.from + entry.size), track.nextOrdinal);
  // What was done to an account is asked of the directory before anything is done again. A mail cannot be asked for.
  const end = Math.min(track.members, isEveryone && sendsMail(track.track) ? track.members : frontier);
  for (let from = track.nextOrdinal; from < end; from += rowSize) {
    const people = Math.min(rowSize, end - from);
    ranges.push({ kind: 'beyond', rolloutNo: rollout.no, track: track.track, from, people });
  }
  return ranges;
}

function count(permit: PermitRow, bytes: readonly number[]): number {
  return permit.outcome.filter((byte) => bytes.includes(byte)).length;
}
