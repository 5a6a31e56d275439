import type { BounceClass } from '../../domain/notice/bounce-class.ts';
import type { FeedbackKind, FeedbackSource } from '../../domain/notice/feedback.ts';
import { parseNoticeNumber } from '../../domain/notice/notice-number.ts';
import { recordFeedback } from './record-feedback.ts';
import type { RecordedFeedback, RecordFeedbackDeps } from './record-feedback.ts';

/** One event of a mail provider, in our words. `notice` is what our own header or tag said, unread. */
export interface ProviderEvent {
  readonly notice: string;
  readonly kind: FeedbackKind;
  /** Of a bounce, and only of one. */
  readonly class: BounceClass | null;
  readonly status: string | null;
  readonly providerId: string | null;
  readonly at: Date | null;
}

export interface TakenEvents {
  /** Events of mails whose range is not settled yet: the provider is asked to come again with all of them. */
  readonly notYet: number;
  readonly recorded: number;
  /** Mails that we call unsent were delivered. */
  readonly contradictions: number;
}

/** Records what a provider says, whose authenticity the caller has proved. Repeating it changes nothing. */
export async function takeEvents(
  deps: RecordFeedbackDeps,
  source: FeedbackSource,
  events: readonly ProviderEvent[],
): Promise<TakenEvents> {
  const outcomes: RecordedFeedback['kind'][] = [];
  for (const event of events) {
    const number = parseNoticeNumber(event.notice);
    if (number === null) continue;
    const { kind, class: bounce, status, providerId, at } = event;
    outcomes.push((await recordFeedback(deps, { number, kind, class: bounce, status, source, providerId, at })).kind);
  }
  const count = (kind: RecordedFeedback['kind']): number => outcomes.filter((one) => one === kind).length;
  return { notYet: count('not-yet'), recorded: count('recorded'), contradictions: count('contradicts') };
}
