import { deliveryByte } from '../../domain/notice/delivery-state.ts';
import { queueHours } from '../../domain/notice/queue-depth.ts';
import { sendsMail } from '../../domain/shared/track.ts';
import type { Track } from '../../domain/shared/track.ts';
import type { PermitRow } from '../ports/rollout-store.ts';

const mayBeInQueue: ReadonlySet<number> = new Set([deliveryByte('accepted'), deliveryByte('unknown')]);

/**
 * Mails of a track that a mail server took, or may have taken, and that may still lie in its queue: at most so many. Out of
 * it are those that came back or were complained of, those in `arrived` (by ordinal), and whatever was settled longer
 * ago than any queue keeps a mail.
 */
export function countHandedOver(
  track: Track,
  permits: readonly PermitRow[],
  now: Date,
  arrived: ReadonlySet<number> = new Set(),
): number {
  if (!sendsMail(track)) return 0;
  const earliestMs = now.getTime() - queueHours * 3_600_000;
  let count = 0;
  for (const { settledAt, outcome, fromOrdinal } of permits) {
    // An open one may have been settled long ago, and is being tried again: never too few.
    if (settledAt !== null && settledAt.getTime() < earliestMs) continue;
    for (const [index, byte] of outcome.entries())
      if (mayBeInQueue.has(byte) && !arrived.has(fromOrdinal + index)) count += 1;
  }
  return count;
}
