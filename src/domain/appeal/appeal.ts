import type { PlanAction } from '../plan/frozen-plan.ts';
import type { AccountId, AppealId, NoticeNumber, OperatorId, PlanId } from '../shared/ids.ts';

/**
 * `granted`: a person finds that the holder is right. Of a suspension that lets this one account back in; of a reset it gives
 * nothing back by itself: evidence is withdrawn, and retracted.
 */
export const appealDecisions = ['granted', 'declined'] as const;

/**
 * What a granted appeal did to a suspended account. `waits`: the directory did not answer yet; it is tried again by itself.
 * `not-suspended`: our suspension had ended before. `suspended-by-service`: ours is gone and the service's own stands.
 */
export const appealLifts = ['reinstated', 'waits', 'not-suspended', 'suspended-by-service', 'missing'] as const;

export type AppealLift = (typeof appealLifts)[number];

export type AppealDecision = (typeof appealDecisions)[number];

/** What a holder says about a notice, and what a person of the service found. */
export interface Appeal {
  readonly id: AppealId;
  readonly noticeNumber: NoticeNumber;
  readonly plan: PlanId;
  /** What that plan does. */
  readonly about: PlanAction;
  readonly accountId: AccountId;
  /** Null where the holder wrote none, or they were erased. */
  readonly words: string | null;
  readonly openedAt: Date;
  readonly decision: AppealDecision | null;
  readonly reason: string | null;
  readonly decidedBy: OperatorId | null;
  readonly decidedAt: Date | null;
  /** What the mail server said of the mail that told it. */
  readonly told: 'accepted' | 'refused' | 'unknown' | 'unsent' | null;
  /** Null unless it was granted and its plan suspends. */
  readonly lifted: AppealLift | null;
}

export const appealLimits = {
  /** In UTF-16 units: half a page. */
  longestWords: 1_000,
  /** Whoever was told three times that it stands is better helped on the phone. */
  mostPerNotice: 3,
} as const;

/** One line of plain text, as a terminal and a list can show it; null where nothing is left. */
export function cleanWords(typed: string): string | null {
  const text = typed
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .replaceAll(/ {2,}/g, ' ')
    .trim()
    .slice(0, appealLimits.longestWords)
    .toWellFormed();
  return text === '' ? null : text;
}
