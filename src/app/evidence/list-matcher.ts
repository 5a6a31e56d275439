import type { Finding } from '../../domain/evidence/finding.ts';
import type { RefusalCounts } from '../../domain/evidence/refusal.ts';

export interface MatchedRows {
  readonly findings: readonly Finding[];
  /** Lines whose account exists in the directory. */
  readonly linesMet: number;
  readonly candidates: number;
  /** Rows that were read well and are not taken all the same. */
  readonly refused: RefusalCounts;
}

/** Told how much hashing lies ahead, and then after each verdict. */
export type OnHashing = (hashing: { candidates: number; verified: number; secondsExpected: number }) => void;

/** Turns the rows of one flush into findings. One matcher per import. */
export interface ListMatcher<Row> {
  match(rows: readonly Row[], onHashing: OnHashing): Promise<MatchedRows>;
  /** Rows that an interrupted run has settled already: remembered where limits count them, and nothing else. */
  replay(rows: readonly Row[]): Promise<void>;
}
