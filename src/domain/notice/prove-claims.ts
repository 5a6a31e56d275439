import { suspensionClaims } from './claim.ts';
import type { ClaimName, ProvedClaim } from './claim.ts';
import { correctionWords, isUntold } from './delivery-transitions.ts';
import type { EvidenceFact, PersonFacts, Receipt, ReceiptKind } from './person-facts.ts';
import type { BlockShape } from './template.ts';

export type WithheldReason =
  /** A mandatory claim has no proof. */
  | 'claim-unproved'
  /** None of a group of which one must hold has a proof. */
  | 'group-unproved'
  | 'address-changed'
  | 'address-missing'
  | 'address-unread'
  /** A fact about somebody else, or of another plan's notice, was handed in: a fault of ours, and never a mail. */
  | 'facts-of-another-person';

export type ProofResult =
  | {
      readonly kind: 'proved';
      /** The claims whose blocks appear, in the order of the template. */
      readonly claims: readonly ProvedClaim[];
      /** Optional claims without proof, whose blocks are left out. */
      readonly dropped: readonly ClaimName[];
    }
  | { readonly kind: 'withheld'; readonly reason: WithheldReason; readonly unproved: readonly ClaimName[] };

/**
 * Proves a template's claims for one person from what is known of that person now (I4). Everything that is not proved
 * is not said; what must be said and is not proved withholds the mail.
 */
export function proveClaims(facts: PersonFacts, blocks: readonly BlockShape[]): ProofResult {
  if (!isAboutOnePerson(facts)) return withheld('facts-of-another-person');
  switch (facts.addressOfRecord) {
    case 'changed':
      return withheld('address-changed');
    case 'missing':
      return withheld('address-missing');
    case 'unread':
      return withheld('address-unread');
    case 'as-frozen':
      break;
  }
  const claims = new Map<ClaimName, ProvedClaim>();
  const dropped = new Set<ClaimName>();
  const groups = new Map<string, { settled: boolean; unproved: ClaimName[] }>();
  for (const block of blocks) {
    if (block.need === 'always') continue;
    const at = proofOf(block.claim, facts);
    if (block.need === 'one-of') {
      const group = groups.get(block.group) ?? { settled: false, unproved: [] };
      groups.set(block.group, group);
      if (group.settled) continue;
      if (at === null) group.unproved.push(block.claim);
      else {
        group.settled = true;
        claims.set(block.claim, { name: block.claim, at });
      }
    } else if (at !== null) {
      claims.set(block.claim, { name: block.claim, at });
    } else if (block.need === 'mandatory') {
      return withheld('claim-unproved', [block.claim]);
    } else {
      dropped.add(block.claim);
    }
  }
  for (const group of groups.values()) if (!group.settled) return withheld('group-unproved', group.unproved);
  return { kind: 'proved', claims: [...claims.values()], dropped: [...dropped] };
}

/** The one proof of each claim: the time of the fact that proves it, or null. */
function proofOf(claim: ClaimName, facts: PersonFacts): Date | null {
  switch (claim) {
    case 'password-reset-by-us':
      // "No longer works" is about now: a password given back since makes it false.
      return receipt(facts, 'restored') === null ? timeOf(receipt(facts, 'contained')) : null;
    case 'sessions-ended':
      return timeOf(receipt(facts, 'sessions-ended'));
    case 'password-known-to-others':
      return timeOf(liveEvidence(facts, ['verified']));
    case 'unusual-sign-in-observed':
      return timeOf(liveEvidence(facts, ['observed']));
    case 'reported-to-us':
      return timeOf(liveEvidence(facts, ['reported']));
    case 'notice-was-sent':
      return earlierNotice(facts, 'plain');
    case 'notice-may-have-been-sent':
      return earlierNotice(facts, 'conditional');
    case 'notice-sent-in-error':
      return nothingHoldsItUp(facts) ? earlierNotice(facts, 'plain') : null;
    case 'notice-may-have-been-sent-in-error':
      return nothingHoldsItUp(facts) ? earlierNotice(facts, 'conditional') : null;
    case 'checking':
      return retractionReceipts.some((kind) => receipt(facts, kind) !== null) ? null : facts.checkOrderedAt;
    case 'notice-confirmed':
      return liveEvidence(facts, groundsOf(facts)) === null ? null : timeOf(receipt(facts, 'kept'));
    case 'password-given-back':
      return timeOf(receipt(facts, 'restored'));
    case 'password-kept-as-you-chose':
      return timeOf(receipt(facts, 'changed-since'));
    case 'password-not-given-back':
      return receipt(facts, 'restored') === null && receipt(facts, 'changed-since') === null
        ? timeOf(receipt(facts, 'not-restorable'))
        : null;
    case 'not-told-before':
      return timeOf(
        facts.earlierNotice === null || isUntold(facts.earlierNotice.state)
          ? (receipt(facts, 'contained') ?? receipt(facts, 'suspended'))
          : null,
      );
    case 'account-suspended-by-us':
      // "Is suspended" is about now.
      return isSuspended(facts) ? timeOf(receipt(facts, 'suspended')) : null;
    case 'suspension-lapses':
      return isSuspended(facts) ? (facts.suspension?.lapsesAt ?? null) : null;
    case 'suspended-for-spam':
    case 'suspended-for-automation':
    case 'suspended-as-taken-over': {
      const reason = facts.suspension?.reason;
      if (reason === undefined || suspensionClaims[reason] !== claim) return null;
      return timeOf(liveEvidence(facts, groundsOf(facts)));
    }
    case 'account-reinstated':
      return facts.suspension?.isOpen === false ? timeOf(receipt(facts, 'restored')) : null;
    case 'account-suspended-otherwise':
      return facts.suspension?.isOpen === false && receipt(facts, 'restored') === null
        ? timeOf(receipt(facts, 'changed-since'))
        : null;
  }
}

/** Once a retraction has dealt with the account, nobody is checking any more. */
const retractionReceipts: readonly ReceiptKind[] = ['restored', 'changed-since', 'not-restorable', 'kept'];

function isAboutOnePerson(facts: PersonFacts): boolean {
  const { accountId, planId, earlierNotice: earlier } = facts;
  return (
    facts.evidence.every((fact) => fact.accountId === accountId) &&
    facts.receipts.every((fact) => fact.accountId === accountId) &&
    (earlier === null || (earlier.accountId === accountId && earlier.planId === planId))
  );
}

/** Receipts of another plan prove nothing about this one, however true they are. */
function receipt(facts: PersonFacts, kind: ReceiptKind): Receipt | null {
  return facts.receipts.find((fact) => fact.kind === kind && fact.planId === facts.planId) ?? null;
}

function liveEvidence(facts: PersonFacts, classes: readonly EvidenceFact['evidenceClass'][]): EvidenceFact | null {
  return facts.evidence.find((fact) => fact.state === 'live' && classes.includes(fact.evidenceClass)) ?? null;
}

/** What may hold a notice up: a leaked password is no ground for a suspension. */
function groundsOf(facts: PersonFacts): readonly EvidenceFact['evidenceClass'][] {
  const isOfSuspension = facts.suspension !== undefined && facts.suspension !== null;
  return isOfSuspension ? ['observed', 'reported'] : ['verified', 'observed', 'reported'];
}

function isSuspended(facts: PersonFacts): boolean {
  return facts.suspension?.isOpen === true && receipt(facts, 'restored') === null;
}

/** Something was withdrawn and nothing that may act is left. No evidence at all proves no error either. */
function nothingHoldsItUp(facts: PersonFacts): boolean {
  return facts.evidence.some((fact) => fact.state === 'withdrawn') && liveEvidence(facts, groundsOf(facts)) === null;
}

function earlierNotice(facts: PersonFacts, words: 'plain' | 'conditional'): Date | null {
  const earlier = facts.earlierNotice;
  return earlier !== null && correctionWords(earlier.state) === words ? earlier.at : null;
}

function timeOf(fact: { readonly at: Date } | null): Date | null {
  return fact === null ? null : fact.at;
}

function withheld(reason: WithheldReason, unproved: readonly ClaimName[] = []): ProofResult {
  return { kind: 'withheld', reason, unproved };
}
