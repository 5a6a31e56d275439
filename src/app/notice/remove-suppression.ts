import { parseNoticeNumber } from '../../domain/notice/notice-number.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { OperatorId } from '../../domain/shared/ids.ts';
import type { Store } from '../ports/store.ts';

/**
 * Lets ordinary notices go again to the address that a notice failed at: its owner has mended it, or the receiver erred.
 * `Failure('not-found')` where no address is suppressed for that notice.
 */
export async function removeSuppression(
  deps: { readonly store: Store },
  notice: string,
  by: OperatorId,
): Promise<{ readonly noticeNumber: string }> {
  const noticeNumber = parseNoticeNumber(notice);
  if (noticeNumber === null)
    throw new Failure('usage', 'That is no notice number. They stand in: allclear suppression list');
  return deps.store.transact(async (tx) => {
    if (!(await tx.feedback.unsuppress(noticeNumber, by)))
      throw new Failure(
        'not-found',
        `No address is suppressed because of notice ${noticeNumber}. See: allclear suppression list`,
      );
    await tx.ledger.append({
      chain: 'installation',
      event: 'address.unsuppressed',
      body: { by },
      personal: { notice: noticeNumber },
    });
    return { noticeNumber };
  });
}
