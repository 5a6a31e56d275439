import { bounceClassOf } from '../../domain/notice/bounce-class.ts';
import type { BounceClass } from '../../domain/notice/bounce-class.ts';
import { noticeNumberOfSymbols } from '../../domain/notice/notice-number.ts';
import type { NoticeNumber } from '../../domain/shared/ids.ts';
import type { Store } from '../ports/store.ts';
import { recordFeedback } from './record-feedback.ts';
import type { RecordedFeedback, RecordFeedbackDeps } from './record-feedback.ts';

/** What a mail that came to a return path of ours says. Addresses in it are claims of strangers. */
export type MailReport =
  | {
      readonly kind: 'bounced' | 'delayed' | 'delivered';
      /** RFC 3463, where one was given. */
      readonly status: string | null;
      readonly originalRecipient: string | null;
      readonly finalRecipient: string | null;
      /** RFC 3461 section 4.4, as we gave it, where the report repeats it. */
      readonly envelopeId: string | null;
    }
  | { readonly kind: 'complained' }
  | { readonly kind: 'auto-replied' };

export type TakenReport =
  | RecordedFeedback
  /** It speaks of another address or another mail than the one that its return path names: it changes nothing. */
  | { readonly kind: 'contradictory' };

/**
 * Takes a report that came to the return path of one notice. `reference` is what the path's HMAC vouches for, and the only
 * thing that says whom it is about: an address inside the report can only make it count for less.
 */
export async function takeReport(
  deps: RecordFeedbackDeps,
  reference: string,
  report: MailReport,
): Promise<TakenReport> {
  const number = noticeNumberOfSymbols(reference);
  if (number === null) return { kind: 'no-such-notice' };
  const said = { number, source: 'report', providerId: null, at: null } as const;
  if (report.kind === 'complained' || report.kind === 'auto-replied')
    return recordFeedback(deps, { ...said, kind: report.kind, class: null, status: null });
  const told = await readTold(deps.store, number);
  if (contradicts(report, number, told)) return { kind: 'contradictory' };
  const bounce = report.kind === 'bounced' ? classOf(report, told) : null;
  return recordFeedback(deps, { ...said, kind: report.kind, class: bounce, status: report.status });
}

type DeliveryReport = Extract<MailReport, { readonly status: string | null }>;

async function readTold(store: Store, number: NoticeNumber): Promise<string | null> {
  return store.transact(async (tx) => {
    const found = await tx.rollouts.findNotice(number);
    if (found === null) return null;
    const [member] = await tx.rollouts.mailMembers(found.rolloutNo, found.track, found.ordinal, 1);
    return member?.address ?? null;
  });
}

function contradicts(report: DeliveryReport, number: NoticeNumber, told: string | null): boolean {
  const { originalRecipient, envelopeId } = report;
  const otherMail =
    envelopeId !== null && noticeNumberOfSymbols(envelopeId) !== null && !isSameNumber(envelopeId, number);
  return otherMail || (originalRecipient !== null && told !== null && !isSameAddress(originalRecipient, told));
}

/** A mailbox that forwards can fail at an address we never wrote to: it did not arrive, and says nothing of ours. */
function classOf({ status, originalRecipient, finalRecipient }: DeliveryReport, told: string | null): BounceClass {
  const isOfAnother =
    originalRecipient === null && finalRecipient !== null && told !== null && !isSameAddress(finalRecipient, told);
  return isOfAnother ? 'transient' : bounceClassOf(status);
}

function isSameNumber(symbols: string, number: NoticeNumber): boolean {
  return noticeNumberOfSymbols(symbols) === number;
}

/** Servers fold the case of addresses as they like. */
function isSameAddress(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
