import { upperRateBound } from '../../domain/guardrail/binomial.ts';
import type { SourceRecord } from '../ports/evidence-store.ts';
import type { Store } from '../ports/store.ts';
import { countEvidence, verifiedShareOf } from './verified-share.ts';

/** As the console says what clean samples prove. */
const confidence = 0.95;

/** What a source has been worth so far. Shares are null where there is nothing to divide by. */
export interface SourceWorth extends Omit<SourceRecord, 'classes'> {
  /** Of the leaked passwords that could be tried, the share that worked: high for a list of our own accounts, low for old leaks. */
  readonly verifiedShare: number | null;
  /** Pieces that may act on somebody: verified, observed, reported. */
  readonly strong: { readonly live: number; readonly withdrawn: number };
  /** Of those, the share that was never taken back. */
  readonly standingShare: number | null;
  /** From the targets that approvers judged: at most this share is wrong, at 95 %; null where nobody judged any. */
  readonly wrongAtMost: number | null;
}

/** Sources, newest first, each with how right it was: what was taken back of it, and what those who reviewed plans found. */
export async function listSources(
  { store }: { readonly store: Store },
  limit: number,
  before: number | null,
): Promise<readonly SourceWorth[]> {
  const records = await store.transact((tx) => tx.evidence.listSources(limit, before));
  return records.map(({ classes, ...record }) => {
    const strong = {
      live: countEvidence(classes, (one) => one.class !== 'weak' && one.state === 'live'),
      withdrawn: countEvidence(classes, (one) => one.class !== 'weak' && one.state === 'withdrawn'),
    };
    const all = strong.live + strong.withdrawn;
    const { right, wrong } = record.judged;
    return {
      ...record,
      verifiedShare: verifiedShareOf(classes),
      strong,
      standingShare: all === 0 ? null : strong.live / all,
      wrongAtMost: right + wrong === 0 ? null : upperRateBound(wrong, right + wrong, confidence),
    };
  });
}
