import type { RetractionId } from '../../domain/shared/ids.ts';
import type { VerifiedOutcomes } from '../ledger/verified-outcomes.ts';

/** A rollout whose outcomes a statement counts, given out only where the ledger vouches for them. */
export interface CountedRollout {
  readonly rolloutNo: number;
  readonly outcomes: VerifiedOutcomes;
}

export interface CountedRetraction extends CountedRollout {
  readonly retraction: RetractionId;
}
