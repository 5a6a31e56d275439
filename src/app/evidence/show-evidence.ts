import type { BatchId } from '../../domain/shared/ids.ts';
import type { BatchTally, EvidenceBatch, SourceTally } from '../ports/evidence-store.ts';
import type { Store } from '../ports/store.ts';
import { knownBatch } from './known-batch.ts';
import { countEvidence, verifiedShareOf } from './verified-share.ts';

/** Facts about a batch that speak for or against it. Shares are null where there is nothing to divide by. */
export interface BatchFacts {
  readonly accounts: number;
  readonly verified: number;
  readonly weak: number;
  /** Of the accounts met whose password could be tried, the share on which a leaked one works. */
  readonly verifiedShare: number | null;
  /** Accounts without a password for which the list has one: a list of this service's accounts was hardly its source. */
  readonly passwordless: number;
  readonly unknownScheme: number;
  readonly noRestorePoint: number;
  /** Events from before the present password was set. */
  readonly olderThanPassword: number;
}

export interface EvidenceReport {
  readonly batch: EvidenceBatch;
  readonly tally: BatchTally;
  readonly facts: BatchFacts;
  /** The source's evidence over all of its batches. */
  readonly sourceTally: SourceTally;
}

/** What was imported, by counts. Neither passwords nor addresses nor line numbers are in it. */
export async function showEvidence(deps: { readonly store: Store }, batch: BatchId): Promise<EvidenceReport> {
  return deps.store.transact(async (tx) => {
    const read = await knownBatch(tx, batch);
    const tally = await tx.evidence.tallyBatch(batch);
    const sourceTally = await tx.evidence.tallySource(read.source.sourceNo);
    return { batch: read, tally, facts: factsOf(tally), sourceTally };
  });
}

function factsOf(tally: BatchTally): BatchFacts {
  const count = (matches: Parameters<typeof countEvidence>[1]): number => countEvidence(tally.classes, matches);
  return {
    accounts: tally.accounts,
    verified: count((one) => one.class === 'verified'),
    weak: count((one) => one.class === 'weak'),
    verifiedShare: verifiedShareOf(tally.classes),
    passwordless: count((one) => one.remark === 'passwordless'),
    unknownScheme: count((one) => one.remark === 'unknown-scheme'),
    noRestorePoint: count((one) => one.remark === 'no-restore-point'),
    olderThanPassword: count((one) => one.remark === 'older-than-password'),
  };
}
