import type { AccountId, PlanId } from '../../domain/shared/ids.ts';

/** What a plan froze about one account, beside what `explain` tells. */
export interface HeldTarget {
  readonly plan: PlanId;
  readonly frozenAt: Date;
  /** Null where there was none, or it was erased. */
  readonly address: string | null;
  readonly isAddressErased: boolean;
  readonly language: string | null;
  readonly noticeNumber: string;
}

/** A value beside the ledger that is this account's id, or that holds one of its addresses. */
export interface HeldLedgerValue {
  readonly chain: string;
  readonly seq: number;
  readonly event: string;
  readonly at: Date;
  readonly field: string;
  readonly value: string;
}

/** Everything of one account that can be read back, or erased, wherever it stands. */
export interface SubjectStore {
  /** Newest plan first. Frozen plans only. */
  targetsOf(account: AccountId): Promise<readonly HeldTarget[]>;
  /**
   * At most `limit`, oldest first. Entries about operators are left out, since those are of another person or of the same
   * one in another role, and so are those that record an erasure. It reads every value beside the ledger: there are as
   * many as acts of operators.
   */
  ledgerValuesOf(account: AccountId, addresses: readonly string[], limit: number): Promise<readonly HeldLedgerValue[]>;
  /** Erases the account's addresses of every plan, leaving their digests; the number of them. */
  eraseAddresses(account: AccountId): Promise<number>;
  /** Pieces of evidence that hold a written reason, or the name of an event, about the account. */
  countEvidenceTexts(account: AccountId): Promise<number>;
  /** Puts "erased" for both; class, verdict and state stay, since they hold a restore. The number of pieces. */
  eraseEvidenceTexts(account: AccountId): Promise<number>;
}
