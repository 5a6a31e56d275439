import type { StatementTimes } from '../../domain/ledger/statement-words.ts';
import type { PlanId, RetractionId } from '../../domain/shared/ids.ts';
import type { LedgerEntry } from '../ports/ledger-store.ts';

export interface TimedEntries {
  readonly plan: PlanId;
  readonly retractions: readonly RetractionId[];
  readonly batches: readonly string[];
  /** Entries of the installation chain about any of these, in order. */
  readonly entries: readonly LedgerEntry[];
  readonly firstDispute: Date | null;
  /** The chain of the plan's rollout, for citation. */
  readonly chain: string;
}

/** The timeline builds itself: each time is that of the ledger entry that its source names. */
export function statementTimes(given: TimedEntries): StatementTimes {
  const { plan, retractions, batches, entries } = given;
  const ofPlan = entries.filter((entry) => entry.body['plan'] === plan || entry.body['subject'] === plan);
  const ofRetractions = entries.filter((entry) => retractions.some((id) => entry.body['subject'] === id));
  const source = (event: string): string => `ledger chain installation, first entry ${event} about ${plan}`;
  return {
    started: { value: firstOf(ofPlan, 'rollout.started'), source: source('rollout.started') },
    firstDispute: {
      value: given.firstDispute,
      source: `ledger chain ${given.chain}, first entry notice.disputed that counts`,
    },
    halted: {
      value: haltThatHolds(ofPlan),
      source: `ledger chain installation, first entry rollout.halted about ${plan} after which nothing was resumed`,
    },
    holdingSent: {
      value: firstOf(
        ofPlan.filter((entry) => entry.body['kind'] === 'holding'),
        'correction.started',
      ),
      source: source('correction.started'),
    },
    withdrawn: {
      value: firstOf(entries, 'evidence.withdrawn'),
      source: `ledger chain installation, first entry evidence.withdrawn about ${batches.join(', ')}`,
    },
    corrected: {
      value: correctedAt(ofRetractions),
      source: `ledger chain installation, last entry rollout.finished of the letters of ${retractions.join(', ') || 'a retraction'}`,
    },
  };
}

function firstOf(entries: readonly LedgerEntry[], event: string): Date | null {
  return entries.find((entry) => entry.event === event)?.at ?? null;
}

/** A halt that was resumed from is not when it ended; halts of what was halted already come later. */
function haltThatHolds(entries: readonly LedgerEntry[]): Date | null {
  const resumed = entries.findLastIndex((entry) => entry.event === 'rollout.resumed');
  return firstOf(entries.slice(resumed + 1), 'rollout.halted');
}

/** When the last letter of the retractions had its outcome. */
function correctedAt(entries: readonly LedgerEntry[]): Date | null {
  return (
    entries.findLast((entry) => entry.event === 'rollout.finished' && entry.body['track'] === 'correct')?.at ?? null
  );
}
