import type { DeliveryState } from './delivery-state.ts';
import { mayHaveReached, mayMove } from './delivery-transitions.ts';

/** What the world can say of a mail after its range was settled. */
export const feedbackKinds = ['delivered', 'delayed', 'bounced', 'complained', 'auto-replied'] as const;

export type FeedbackKind = (typeof feedbackKinds)[number];

/** Who told us. `smtp` is the dialogue itself; the others came later. */
export type FeedbackSource = 'report' | 'ses' | 'postmark' | 'sendgrid';

/** Where each word leads. Whatever is said of a mail proves that some server had taken it. */
const endOf: Readonly<Record<FeedbackKind, DeliveryState>> = {
  delivered: 'accepted',
  delayed: 'accepted',
  'auto-replied': 'accepted',
  bounced: 'bounced',
  complained: 'complained',
};

/**
 * The moves that a word makes from a settled state, in order; none where it changes nothing. An unknown that bounced was
 * taken first: two moves. Only moves of the one table (I8) are ever among them.
 */
export function movesAfter(from: DeliveryState, kind: FeedbackKind): readonly DeliveryState[] {
  if (!mayHaveReached(from)) return [];
  const end = endOf[kind];
  if (from === end) return [];
  if (mayMove(from, end)) return [end];
  return mayMove(from, 'accepted') && mayMove('accepted', end) ? ['accepted', end] : [];
}
