import type { BatchId } from '../../domain/shared/ids.ts';
import type { SelectionTally } from '../ports/evidence-store.ts';
import type { Seal } from '../ports/seal.ts';
import type { Store, Tx } from '../ports/store.ts';
import { knownBatch } from './known-batch.ts';
import { selectWithdrawal } from './select-withdrawal.ts';
import type { SelectedEvidence, WithdrawalSelection } from './select-withdrawal.ts';

/** What a withdrawal would do. `evidence` is the total that the person who does it has to name. */
export interface WithdrawalPlan extends SelectionTally {
  readonly evidence: number;
  readonly partlyCovered: number;
  readonly withoutEvidence: number;
}

/** The dry run: counts only, nothing changes. */
export async function planWithdrawal(
  deps: { readonly store: Store; readonly seal: Seal },
  request: { readonly batch: BatchId; readonly selection: WithdrawalSelection },
): Promise<WithdrawalPlan> {
  return deps.store.transact(async (tx) => {
    await knownBatch(tx, request.batch);
    return tallyWithdrawal(tx, request.batch, await selectWithdrawal(tx, deps.seal, request.batch, request.selection));
  });
}

/** Counts a selection in the transaction that made it. */
export async function tallyWithdrawal(tx: Tx, batch: BatchId, selected: SelectedEvidence): Promise<WithdrawalPlan> {
  const tally = await tx.evidence.tallySelection(batch, selected.live);
  const { verified, observed, reported, weak } = tally.byClass;
  return {
    ...tally,
    evidence: verified + observed + reported + weak,
    partlyCovered: selected.partlyCovered,
    withoutEvidence: selected.withoutEvidence,
  };
}
