import type { AccountId, PlanId } from '../shared/ids.ts';
import type { SuspensionTerms } from '../plan/suspension-terms.ts';
import type { EvidenceFact, PersonFacts, Receipt, ReceiptKind } from './person-facts.ts';
import type { TemplateKind } from './template.ts';

const dayMs = 24 * 60 * 60 * 1_000;

/**
 * Invented facts about nobody that prove every claim a mail of this kind makes first, so that a rehearsal shows its
 * words. They go to a rehearsal and nowhere else.
 */
export function sampleFacts(
  kind: TemplateKind,
  planId: PlanId,
  accountId: AccountId,
  at: Date,
  suspension: SuspensionTerms | undefined,
): PersonFacts {
  return suspension === undefined
    ? sampleOf(kind, planId, accountId, at, ['contained', 'sessions-ended'], 'verified')
    : {
        ...sampleOf(kind, planId, accountId, at, ['suspended', 'sessions-ended'], 'observed'),
        suspension: {
          reason: suspension.reason,
          isOpen: kind !== 'final',
          lapsesAt: new Date(at.getTime() + suspension.days * dayMs),
        },
      };
}

function sampleOf(
  kind: TemplateKind,
  planId: PlanId,
  accountId: AccountId,
  at: Date,
  did: readonly ReceiptKind[],
  evidenceClass: EvidenceFact['evidenceClass'],
): PersonFacts {
  const receipt = (receiptKind: ReceiptKind): Receipt => ({ kind: receiptKind, planId, accountId, at });
  const contained = did.map(receipt);
  const known = { accountId, evidenceClass, state: 'live', at } as const;
  const told = { planId, accountId, state: 'accepted', at } as const;
  const facts: PersonFacts = {
    planId,
    accountId,
    receipts: contained,
    evidence: [known],
    earlierNotice: null,
    checkOrderedAt: null,
    addressOfRecord: 'as-frozen',
  };
  switch (kind) {
    case 'notice':
    case 'late':
      return facts;
    case 'holding':
      return { ...facts, earlierNotice: told, checkOrderedAt: at };
    case 'final':
      return {
        ...facts,
        receipts: [...contained, receipt('restored')],
        evidence: [{ ...known, state: 'withdrawn' }],
        earlierNotice: told,
      };
    case 'confirmed':
      return { ...facts, receipts: [...contained, receipt('kept')], earlierNotice: told };
  }
}
