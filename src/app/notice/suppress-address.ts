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
 * Ordinary notices stop going to these addresses. Corrections still go there: whoever was told wrongly is told of it
 * wherever that may still work. Gives back those that are new, for `enterSuppressions` in the same transaction: rows come
 * before entries everywhere, and in one order, so that two permits that settle at once do not deadlock.
 */
export async function suppressAddresses(tx: Tx, dead: readonly DeadAddress[]): Promise<readonly DeadAddress[]> {
  const added: DeadAddress[] = [];
  for (const one of dead.toSorted((a, b) => (a.addressKey < b.addressKey ? -1 : 1))) {
    const { addressKey, reason, status, noticeNumber } = one;
    if (await tx.feedback.suppress({ addressKey, reason, status, noticeNumber })) added.push(one);
  }
  return added;
}

export async function enterSuppressions(
  tx: Tx,
  rolloutNo: number,
  track: Track,
  added: readonly DeadAddress[],
): Promise<void> {
  for (const { ordinal, reason, status } of added) {
    await tx.ledger.append({
      chain: `rollout:${rolloutNo}`,
      event: 'address.suppressed',
      body: { track, ordinal, reason, status },
    });
  }
}
