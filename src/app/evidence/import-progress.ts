import type { BatchId } from '../../domain/shared/ids.ts';

/** What a long import says while it works. Counts of lines are of the whole list; nothing of its content is here. */
export type ImportProgress =
  | { readonly phase: 'indexing'; readonly addresses: number; readonly accounts: number }
  | { readonly phase: 'reading'; readonly batch: BatchId | null; readonly lines: number; readonly bytes: number }
  | {
      readonly phase: 'verifying';
      readonly batch: BatchId;
      readonly lines: number;
      readonly bytes: number;
      /** Candidate passwords of this flush: all of them, and those that have their verdict. */
      readonly candidates: number;
      readonly verified: number;
      /** Wall-clock seconds that this flush's hashing is expected to take, told before the first hash is computed. */
      readonly secondsExpected: number;
      /** Candidates of the whole import so far, this flush included, and the seconds that they cost. */
      readonly candidatesSoFar: number;
      readonly secondsSoFar: number;
    };

export type OnImportProgress = (progress: ImportProgress) => void;
