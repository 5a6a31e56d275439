import { classifyPress } from '../../domain/notice/dispute.ts';
import { parseNoticeNumber } from '../../domain/notice/notice-number.ts';
import type { Store } from '../ports/store.ts';

/**
 * Takes one press of "this is not right". Answers nothing whatever the number is, so that a page cannot tell whether
 * there is such a notice (I18). Pauses nothing itself: the gate reads the count. A press within seconds of delivery is
 * kept and not counted, and the holder's own later press then counts.
 */
export async function recordDispute(
  deps: { readonly store: Store },
  press: { readonly number: string },
): Promise<void> {
  const noticeNumber = parseNoticeNumber(press.number);
  if (noticeNumber === null) return;
  await deps.store.transact(async (tx) => {
    const found = await tx.rollouts.findNotice(noticeNumber);
    if (found === null) return;
    const { rolloutNo, track, ordinal } = found;
    const permit = await tx.rollouts.permitAt(rolloutNo, track, ordinal);
    const pressedAt = await tx.rollouts.now();
    // The permit's settling is the latest that the mail can have been handed over.
    const deliveredAt = permit?.settledAt ?? null;
    const counted = classifyPress({ pressedAt, deliveredAt, recipient: 'holder' }) !== 'scanner';
    const isNew = await tx.rollouts.addDispute({ noticeNumber, rolloutNo, track, ordinal, counted });
    if (!isNew) return;
    await tx.ledger.append({
      chain: `rollout:${rolloutNo}`,
      event: 'notice.disputed',
      body: { track, ordinal, counted },
    });
  });
}
