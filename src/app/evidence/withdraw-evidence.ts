import type { WithdrawalCause } from '../../domain/evidence/evidence.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { BatchId, OperatorId } from '../../domain/shared/ids.ts';
import type { Seal } from '../ports/seal.ts';
import type { Store } from '../ports/store.ts';
import { knownBatch } from './known-batch.ts';
import { tallyWithdrawal } from './plan-withdrawal.ts';
import type { WithdrawalPlan } from './plan-withdrawal.ts';
import { selectWithdrawal } from './select-withdrawal.ts';
import type { WithdrawalSelection } from './select-withdrawal.ts';

export interface WithdrawalRequest {
  readonly batch: BatchId;
  readonly selection: WithdrawalSelection;
  readonly cause: WithdrawalCause;
  /** Why, in words; kept beside the ledger, erasable. */
  readonly reason: string;
  readonly by: OperatorId;
  /** The number of pieces of evidence that the dry run named: another number now means another selection. */
  readonly total: number;
}

/** Reasons are read by auditors, not archived as essays. */
const maxReasonCharacters = 2_000;

/**
 * Takes evidence back, for one cause; nothing is deleted, and no credential is touched: what follows from it is a
 * retraction's business. Refuses an empty selection, a total that is not met, and part of a list still being imported;
 * withdrawing all of such a list abandons its import.
 */
export async function withdrawEvidence(
  deps: { readonly store: Store; readonly seal: Seal },
  request: WithdrawalRequest,
): Promise<WithdrawalPlan> {
  const { batch, selection, cause, by } = request;
  const reason = request.reason.trim();
  if (reason === '' || reason.length > maxReasonCharacters) {
    throw new Failure('usage', `A withdrawal has a reason of 1 to ${maxReasonCharacters} characters. Say why.`);
  }
  return deps.store.transact(async (tx) => {
    const read = await knownBatch(tx, batch, 'locked');
    if (read.state === 'importing' && selection.kind !== 'all') {
      throw new Failure('conflict', `${batch} is still being imported. Finish the import, or withdraw all of it.`, {
        batch,
      });
    }
    const selected = await selectWithdrawal(tx, deps.seal, batch, selection);
    const plan = await tallyWithdrawal(tx, batch, selected);
    if (plan.evidence === 0 && read.state !== 'importing') {
      throw new Failure(
        'nothing-selected',
        `No live evidence of ${batch} is selected. Look at it: evidence show ${batch}`,
        {
          batch,
          partlyCovered: plan.partlyCovered,
        },
      );
    }
    if (plan.evidence !== request.total) {
      throw new Failure(
        'total-mismatch',
        `The selection holds ${plan.evidence} pieces of evidence, not ${request.total}. Look at the dry run again.`,
        { selected: plan.evidence, named: request.total },
      );
    }
    const withdrawn = await tx.evidence.withdraw({ batch, cause, by, selection: selection.kind }, selected.live);
    if (withdrawn !== plan.evidence) {
      throw new Failure('conflict', `${batch} changed while it was being withdrawn. Nothing was done; try again.`, {
        batch,
      });
    }
    if (read.state === 'importing') await tx.evidence.abandonBatch(batch);
    await tx.ledger.append({
      chain: 'installation',
      event: 'evidence.withdrawn',
      body: {
        batch,
        cause,
        by,
        selection: selection.kind,
        evidence: plan.evidence,
        byClass: { ...plan.byClass },
        accounts: plan.accounts,
        heldByOther: plan.heldByOther,
        partlyCovered: plan.partlyCovered,
      },
      personal: { reason },
    });
    return plan;
  });
}
