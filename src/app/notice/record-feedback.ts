import { isSuppressing } from '../../domain/notice/bounce-class.ts';
import type { BounceClass } from '../../domain/notice/bounce-class.ts';
import { deliveryByte, deliveryStateOf } from '../../domain/notice/delivery-state.ts';
import type { DeliveryState } from '../../domain/notice/delivery-state.ts';
import { isInFlight, mayHaveReached } from '../../domain/notice/delivery-transitions.ts';
import { movesAfter } from '../../domain/notice/feedback.ts';
import type { FeedbackKind, FeedbackSource } from '../../domain/notice/feedback.ts';
import type { NoticeNumber } from '../../domain/shared/ids.ts';
import type { Store, Tx } from '../ports/store.ts';
import { enterSuppressions, suppressAddresses } from './suppress-address.ts';
import type { DeadAddress } from './suppress-address.ts';

export interface RecordFeedbackDeps {
  readonly store: Store;
  /** Names an address without telling it. */
  readonly addressKey: (address: string) => string;
}

/** What somebody said of one mail of ours. Whoever calls has made sure that it comes from whom it says. */
export interface Feedback {
  readonly number: NoticeNumber;
  readonly kind: FeedbackKind;
  /** Of a bounce, and only of one. */
  readonly class: BounceClass | null;
  /** RFC 3463, where one was given. */
  readonly status: string | null;
  readonly source: FeedbackSource;
  readonly providerId: string | null;
  readonly at: Date | null;
}

export type RecordedFeedback =
  | { readonly kind: 'recorded'; readonly moves: readonly DeliveryState[] }
  /** It was said before, or says nothing new. */
  | { readonly kind: 'known' }
  /** The mail's range is not settled yet: ask to be told again later. */
  | { readonly kind: 'not-yet' }
  | { readonly kind: 'no-such-notice' }
  /** Recorded, and more than that: a mail that we call unsent was delivered. */
  | { readonly kind: 'contradicts'; readonly state: DeliveryState };

/** Ends that a server itself told us of. Words about any other mail that was never handed over mean that the world is ahead of our rows. */
const toldByServer: readonly DeliveryState[] = ['refused', 'bounced', 'complained'];

/**
 * Records one word and the state that it leads to, with its entry in the rollout's chain, in one transaction. Repeating
 * it changes nothing. It moves only as the one table of moves allows (I8), and never back to unsent.
 */
export async function recordFeedback(deps: RecordFeedbackDeps, feedback: Feedback): Promise<RecordedFeedback> {
  return deps.store.transact(async (tx): Promise<RecordedFeedback> => {
    const found = await tx.rollouts.findNotice(feedback.number);
    if (found === null) return { kind: 'no-such-notice' };
    const { rolloutNo, track, ordinal } = found;
    const member = await tx.feedback.lockMember(rolloutNo, track, ordinal);
    const state = member === null ? 'created' : deliveryStateOf(member.byte);
    if (isInFlight(state)) return { kind: 'not-yet' };
    const moves = movesAfter(state, feedback.kind);
    const isPlausible = mayHaveReached(state) || toldByServer.includes(state);
    // Providers tell of every delivery: only one that settles a doubt, or raises one, is worth a row.
    if (feedback.kind === 'delivered' && moves.length === 0 && isPlausible) return { kind: 'known' };
    const { number: noticeNumber, kind, class: bounce, status, source, providerId, at: eventAt } = feedback;
    const isNew = await tx.feedback.add({
      noticeNumber,
      rolloutNo,
      track,
      ordinal,
      kind,
      class: bounce,
      status,
      source,
      providerId,
      eventAt,
    });
    if (!isNew) return { kind: 'known' };
    const last = moves.at(-1);
    if (last !== undefined) await tx.feedback.resolve(rolloutNo, track, ordinal, deliveryByte(last));
    const isDead = last === 'bounced' && bounce !== null && isSuppressing(bounce);
    const suppressed = isDead ? await suppressAddresses(tx, await deadAddress(deps, tx, found, feedback)) : [];
    await tx.ledger.append({
      chain: `rollout:${rolloutNo}`,
      event: `notice.${kind}`,
      body: { track, ordinal, from: state, moves, class: bounce, status, source },
    });
    await enterSuppressions(tx, rolloutNo, track, suppressed);
    return isPlausible ? { kind: 'recorded', moves } : { kind: 'contradicts', state };
  });
}

type FoundNotice = NonNullable<Awaited<ReturnType<Tx['rollouts']['findNotice']>>>;

/** Empty where the address was erased since: nothing is sent there again by this plan. */
async function deadAddress(
  { addressKey }: RecordFeedbackDeps,
  tx: Tx,
  { rolloutNo, track, ordinal }: FoundNotice,
  { number, status }: Feedback,
): Promise<readonly DeadAddress[]> {
  const [member] = await tx.rollouts.mailMembers(rolloutNo, track, ordinal, 1);
  if (member === undefined || member.address === null) return [];
  return [{ addressKey: addressKey(member.address), reason: 'bounced', status, noticeNumber: number, ordinal }];
}
