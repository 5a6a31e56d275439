import { deliveryStateOf } from '../../domain/notice/delivery-state.ts';
import type { Track } from '../../domain/shared/track.ts';
import type { Tx } from '../ports/store.ts';

/** In flight counts as perhaps sent: a reader can be faster than the record of a range. */
const sureSent = ['accepted', 'complained', 'bounced'];
const perhapsSent = ['unknown', 'claimed', 'sending'];

/** Whether a mail was sent, and when that was recorded; null where it was not. */
export async function readDelivery(
  tx: Tx,
  rolloutNo: number,
  track: Track,
  ordinal: number,
): Promise<{ readonly isSureSent: boolean; readonly at: Date | null } | null> {
  const permit = await tx.rollouts.permitAt(rolloutNo, track, ordinal);
  if (permit === null) return null;
  const state = deliveryStateOf(permit.outcome[ordinal - permit.fromOrdinal] ?? 0);
  if (sureSent.includes(state)) return { isSureSent: true, at: permit.settledAt };
  return perhapsSent.includes(state) ? { isSureSent: false, at: permit.settledAt } : null;
}
