import type { LossId } from '../../domain/shared/ids.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { checkQuorum } from '../approval/check-quorum.ts';
import type { ReadApprovalsDeps } from '../approval/read-approvals.ts';
import type { SubjectFacts } from '../approval/record-approval.ts';
import type { StoredLoss } from '../ports/loss-store.ts';
import type { Store, Tx } from '../ports/store.ts';

/** A part of the past is written off by two. */
export const signersOfLoss = 2;

export interface ShownLoss extends Pick<StoredLoss, 'loss' | 'record' | 'digest' | 'total' | 'proposedAt'> {
  /** People who have signed exactly this, and whose yes counts now. */
  readonly have: number;
  readonly required: 2;
}

/** The loss that waits to be signed, as it was put forward on the server's machine. `Failure('not-found')`. */
export async function showLoss(deps: ReadApprovalsDeps & { readonly store: Store }): Promise<ShownLoss> {
  return deps.store.transact(async (tx) => {
    const waiting = await tx.losses.waiting();
    if (waiting === null)
      throw new Failure(
        'not-found',
        "No loss waits to be signed. It is put forward on the server's own machine: allclear ledger accept-restored",
      );
    const { loss, record, digest, total, proposedAt } = waiting;
    return { loss, record, digest, total, proposedAt, have: await countSigners(deps, tx, waiting), required: 2 };
  });
}

async function countSigners(deps: ReadApprovalsDeps, tx: Tx, { loss, digest }: StoredLoss): Promise<number> {
  const asked = { subject: loss, digest, decision: 'accept-loss', required: signersOfLoss, author: null } as const;
  const quorum = await checkQuorum(deps, tx, asked);
  return quorum.kind === 'met' ? signersOfLoss : quorum.have;
}

/** What a yes to a loss is compared with; null where nobody put it forward. */
export async function factsOfLoss(tx: Tx, id: LossId): Promise<SubjectFacts | null> {
  const loss = await tx.losses.read(id);
  if (loss === null) return null;
  const { digest, total, directory, isWaiting } = loss;
  return { digest, total, directory, decisions: isWaiting ? ['accept-loss'] : [], author: null };
}
