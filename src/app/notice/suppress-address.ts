import type { Track } from '../../domain/shared/track.ts';
import type { Tx } from '../ports/store.ts';

/** An address that turned out to reach nobody, and by which mail. */
export interface DeadAddress {
  readonly addressKey: string;
  readonly reason: 'bounced' | 'refused';
  /** RFC 3463, where one was given. */
  readonly status: string | null;
  readonly noticeNumber: string;
  readonly ordinal: number;
}

/**
 * Ordinary notices stop going to these addresses, with an entry for each that is new. Corrections still go there: whoever
 * was told wrongly is told of it wherever that may still work.
 */
export async function suppressAddresses(
  tx: Tx,
  rolloutNo: number,
  track: Track,
  dead: readonly DeadAddress[],
): Promise<void> {
  // In one order for everybody: two permits that settle at once do not deadlock.
  for (const one of dead.toSorted((a, b) => (a.addressKey < b.addressKey ? -1 : 1))) {
    const { addressKey, reason, status, noticeNumber, ordinal } = one;
    if (!(await tx.feedback.suppress({ addressKey, reason, status, noticeNumber }))) continue;
    await tx.ledger.append({
      chain: `rollout:${rolloutNo}`,
      event: 'address.suppressed',
      body: { track, ordinal, reason, status },
    });
  }
}
