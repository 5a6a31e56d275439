import type { DeliveryState } from '../../src/domain/notice/delivery-state.ts';
import type { EvidenceFact, PersonFacts, Receipt, ReceiptKind } from '../../src/domain/notice/person-facts.ts';
import { accountId } from '../../src/domain/shared/ids.ts';

/** One person of `plan_7` and what is known about them, for tests of claims and mails. */
export const somebody = accountId('acc-1001');
export const containedAt = new Date('2026-11-20T18:05:00Z');

export function receiptOf(kind: ReceiptKind, at: Date = containedAt): Receipt {
  return { kind, planId: 'plan_7', accountId: somebody, at };
}

export function evidenceOf(
  evidenceClass: EvidenceFact['evidenceClass'],
  state: EvidenceFact['state'] = 'live',
): EvidenceFact {
  return { accountId: somebody, evidenceClass, state, at: new Date('2026-11-19T07:00:00Z') };
}

export function factsOf(over: Partial<PersonFacts> = {}): PersonFacts {
  return {
    planId: 'plan_7',
    accountId: somebody,
    receipts: [],
    evidence: [],
    earlierNotice: null,
    checkOrderedAt: null,
    addressOfRecord: 'as-frozen',
    ...over,
  };
}

export function earlierNoticeIn(state: DeliveryState): PersonFacts['earlierNotice'] {
  return { planId: 'plan_7', accountId: somebody, state, at: new Date('2026-11-20T19:30:00Z') };
}
