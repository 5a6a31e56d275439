import { parseNoticeNumber } from '../../domain/notice/notice-number.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { OperatorId } from '../../domain/shared/ids.ts';
import type { SuppressionList, SuppressionPlace } from '../ports/feedback-store.ts';
import type { Store } from '../ports/store.ts';

/** Addresses that ordinary notices are not sent to, newest first, page by page, or only that of one notice. `Failure('usage')`. */
export async function listSuppressions(
  deps: { readonly store: Store },
  limit: number,
  of: string | null,
  after: SuppressionPlace | null,
): Promise<SuppressionList> {
  const noticeNumber = of === null ? null : requireNumber(of);
  return deps.store.transact((tx) => tx.feedback.suppressions(limit, noticeNumber, after));
}

function requireNumber(notice: string): string {
  const noticeNumber = parseNoticeNumber(notice);
  if (noticeNumber === null)
    throw new Failure('usage', 'That is no notice number. They stand in: allclear suppression list');
  return noticeNumber;
}

/**
 * Lets ordinary notices go again to the address that a notice failed at: its owner has mended it, or the receiver erred.
 * `Failure('not-found')` where no address is suppressed for that notice.
 */
export async function removeSuppression(
  deps: { readonly store: Store },
  notice: string,
  by: OperatorId,
): Promise<{ readonly noticeNumber: string }> {
  const noticeNumber = requireNumber(notice);
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
