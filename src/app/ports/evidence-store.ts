import type {
  BatchState,
  Evidence,
  EvidenceClass,
  ListClass,
  Remark,
  Source,
  SourceAuthority,
  WithdrawalCause,
} from '../../domain/evidence/evidence.ts';
import type { Finding } from '../../domain/evidence/finding.ts';
import type { RefusalCounts } from '../../domain/evidence/refusal.ts';
import type { EvidenceFact } from '../../domain/notice/person-facts.ts';
import type { AccountId, BatchId, Digest, OperatorId } from '../../domain/shared/ids.ts';
import type { ListMark } from './list-reader.ts';

/** One list, as far as it was read. Counts are of lines; accounts are counted from the evidence itself. */
export interface EvidenceBatch {
  readonly batch: BatchId;
  readonly source: Source;
  readonly class: ListClass;
  readonly state: BatchState;
  readonly directory: string;
  readonly fileName: string;
  readonly importedBy: OperatorId;
  /** Who reported the accounts, in words; null unless the class is `reported`. */
  readonly reportedBy: string | null;
  /** How far the list was read and stored; of a finished batch the whole list, its digest and its size. */
  readonly mark: ListMark;
  readonly accepted: number;
  /** Lines whose account exists here. */
  readonly linesMet: number;
  /** Passwords that were run through the directory's scheme. */
  readonly candidates: number;
  readonly refused: RefusalCounts;
  readonly begunAt: Date;
  readonly finishedAt: Date | null;
}

export interface NewBatch {
  readonly sourceNo: number;
  readonly class: ListClass;
  readonly directory: string;
  readonly fileName: string;
  readonly importedBy: OperatorId;
  readonly reportedBy: string | null;
  readonly headDigest: Digest;
}

/** What one flush adds to its batch. */
export interface BatchAdvance {
  readonly mark: ListMark;
  readonly accepted: number;
  readonly linesMet: number;
  readonly candidates: number;
  readonly refused: RefusalCounts;
}

/** A finding as stored: the line numbers of working passwords are sealed. */
export interface StoredFinding extends Omit<Finding, 'lines'> {
  readonly sealedLines: Uint8Array | null;
}

export interface ClassTally {
  readonly class: EvidenceClass;
  readonly state: Evidence['state'];
  readonly remark: Remark | null;
  readonly evidence: number;
}

export interface BatchTally {
  /** Distinct accounts that the batch has evidence about. */
  readonly accounts: number;
  readonly classes: readonly ClassTally[];
}

export interface SourceTally {
  readonly batches: number;
  readonly live: number;
  readonly withdrawn: number;
}

/** A source with what was made of it. Batches that are still being read are not in its counts. */
export interface SourceRecord {
  readonly source: Source;
  readonly batches: number;
  readonly classes: readonly ClassTally[];
  /** Why any of it was taken back. */
  readonly causes: readonly WithdrawalCause[];
  /** Targets that rest on it, as approvers judged them in the newest reviews; one of two sources counts for both. */
  readonly judged: { readonly right: number; readonly wrong: number; readonly cannotTell: number };
}

/** Position in a batch's evidence, which is in byte order of account id, then of evidence number. */
export interface EvidenceCursor {
  readonly accountId: AccountId;
  readonly evidenceNo: number;
}

export interface BatchPage {
  readonly classes: readonly EvidenceClass[];
  readonly states: readonly Evidence['state'][];
  /** Null: from the start. */
  readonly after: EvidenceCursor | null;
  /** At most 10,000. */
  readonly limit: number;
}

export interface SealedLines {
  readonly evidenceNo: number;
  readonly sealedLines: Uint8Array;
  readonly linesTotal: number;
}

/** Live evidence of one batch: all of it, or by number. */
export type LiveSelection =
  | { readonly kind: 'all' }
  | { readonly kind: 'rows'; readonly evidenceNos: readonly number[] };

export interface SelectionTally {
  readonly byClass: Readonly<Record<EvidenceClass, number>>;
  readonly accounts: number;
  /** Of these accounts, those that stay protected by other live evidence. */
  readonly heldByOther: number;
}

export interface NewWithdrawal {
  readonly batch: BatchId;
  readonly cause: WithdrawalCause;
  readonly by: OperatorId;
  readonly selection: 'all' | 'lines' | 'accounts';
}

/** Sources, batches and evidence. Evidence is never deleted; lists of accounts take at most 1,000 a call. */
export interface EvidenceStore {
  /**
   * The source of that name, made at first use, and locked until the transaction ends. A source keeps the authority
   * that it was made with.
   */
  ensureSource(name: string, authority: SourceAuthority): Promise<{ readonly source: Source; readonly made: boolean }>;
  tallySource(sourceNo: number): Promise<SourceTally>;
  /** Newest first, those older than `before`; null from the newest. */
  listSources(limit: number, before: number | null): Promise<readonly SourceRecord[]>;

  /** Batches of this source and class whose list began with the same bytes, newest first, at most 20. */
  batchesByHead(sourceNo: number, listClass: ListClass, headDigest: Digest): Promise<readonly EvidenceBatch[]>;
  /** Newest first, those older than `before`; null from the newest. */
  listBatches(limit: number, before: BatchId | null): Promise<readonly EvidenceBatch[]>;
  beginBatch(batch: NewBatch): Promise<BatchId>;
  readBatch(batch: BatchId): Promise<EvidenceBatch | null>;
  /** As `readBatch`, and nobody else changes the batch before this transaction ends. */
  lockBatch(batch: BatchId): Promise<EvidenceBatch | null>;
  advanceBatch(batch: BatchId, advance: BatchAdvance): Promise<void>;
  finishBatch(batch: BatchId): Promise<void>;
  abandonBatch(batch: BatchId): Promise<void>;
  /** Of a batch whose import ended as it was counted then, or at its last withdrawal. */
  tallyBatch(batch: BatchId): Promise<BatchTally>;

  findingsOf(batch: BatchId, accounts: readonly AccountId[]): Promise<readonly StoredFinding[]>;
  /** Inserts, or replaces the evidence of the same batch, account and event. */
  writeFindings(batch: BatchId, findings: readonly StoredFinding[]): Promise<void>;

  /** One page of a batch's evidence, for `draftPlan`. */
  pageOfBatch(batch: BatchId, page: BatchPage): Promise<readonly Evidence[]>;
  /** Live evidence of any batch, also of one still importing, so that it holds a restore. Accounts without any are absent. */
  liveEvidence(accounts: readonly AccountId[]): Promise<ReadonlyMap<AccountId, readonly Evidence[]>>;
  /** The same of all evidence, as far as claims are proved by it: read for each permit. Accounts without any are absent. */
  evidenceFacts(accounts: readonly AccountId[]): Promise<ReadonlyMap<AccountId, readonly EvidenceFact[]>>;
  /** All evidence, withdrawn included with its cause. Accounts without any are absent. */
  allEvidence(accounts: readonly AccountId[]): Promise<ReadonlyMap<AccountId, readonly Evidence[]>>;

  /** Sealed line numbers of live evidence after `afterEvidenceNo`, in number order, at most `limit` (<= 10,000). */
  sealedLinesOf(batch: BatchId, afterEvidenceNo: number, limit: number): Promise<readonly SealedLines[]>;
  /** Live evidence of these accounts in this batch, as evidence numbers. At most 10,000 accounts. */
  liveOfAccounts(batch: BatchId, accounts: readonly AccountId[]): Promise<readonly Evidence[]>;
  tallySelection(batch: BatchId, selection: LiveSelection): Promise<SelectionTally>;
  /** Withdraws what is still live of the selection, and says how many that were. */
  withdraw(withdrawal: NewWithdrawal, selection: LiveSelection): Promise<number>;
}
