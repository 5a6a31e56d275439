import type { SuspensionReason } from '../plan/suspension-terms.ts';
import type { AccountId, PlanId } from '../shared/ids.ts';
import type { DeliveryState } from './delivery-state.ts';

/** Proof that the directory did something to one account, as recorded with the outcome of the call. */
export type ReceiptKind =
  /** The password was swapped for our marker. */
  | 'contained'
  /** The directory carries our mark of a suspension. */
  | 'suspended'
  | 'sessions-ended'
  /** The sealed hash was swapped back in, or our suspension was lifted. */
  | 'restored'
  /** A restore found a newer credential than our marker, or another suspension than ours, and left it alone. */
  | 'changed-since'
  /** A restore was decided and cannot be done: key gone, no restore point, directory refused for good. */
  | 'not-restorable'
  /** A retraction looked at the account and kept its protection. */
  | 'kept';

export interface Receipt {
  readonly kind: ReceiptKind;
  readonly planId: PlanId;
  readonly accountId: AccountId;
  readonly at: Date;
}

/** Evidence about one account, re-read at the moment of sending. */
export interface EvidenceFact {
  readonly accountId: AccountId;
  readonly evidenceClass: 'verified' | 'observed' | 'reported' | 'weak';
  readonly state: 'live' | 'withdrawn';
  readonly at: Date;
}

/** What became of the notice that a correction or a late notice is about. */
export interface EarlierNotice {
  readonly planId: PlanId;
  readonly accountId: AccountId;
  readonly state: DeliveryState;
  /** When it was handed over, or, where that is unknown, when the attempt was made. */
  readonly at: Date;
}

/** What a plan that suspends makes of one account. */
export interface SuspensionFact {
  readonly reason: SuspensionReason;
  /** Whether the account carries our mark still, as far as we know. */
  readonly isOpen: boolean;
  /** Null until the account was suspended. */
  readonly lapsesAt: Date | null;
}

/** Everything that is known about ONE person when one mail to them is about to be made. */
export interface PersonFacts {
  readonly planId: PlanId;
  readonly accountId: AccountId;
  readonly receipts: readonly Receipt[];
  readonly evidence: readonly EvidenceFact[];
  /** Null where no notice of this plan was ever begun for this person. */
  readonly earlierNotice: EarlierNotice | null;
  /** When a person ordered the check that a holding correction speaks of; null where nobody did. */
  readonly checkOrderedAt: Date | null;
  /** Of a plan that suspends; null, or left out, of any other. */
  readonly suspension?: SuspensionFact | null;
  /** The directory's address of record now, against the one frozen in the plan, byte for byte (I6). */
  readonly addressOfRecord: 'as-frozen' | 'changed' | 'missing' | 'unread';
}
