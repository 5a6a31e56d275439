import type { LossId } from '../../domain/shared/ids.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { digestWords } from '../../domain/approval/digest-words.ts';
import { showApprovals } from '../approval/show-approvals.ts';
import type { ShownApproval, ShownApprovals } from '../approval/show-approvals.ts';
import type { ReadApprovalsDeps } from '../approval/read-approvals.ts';
import type { SubjectFacts } from '../approval/record-approval.ts';
import type { StoredLoss } from '../ports/loss-store.ts';
import type { Store, Tx } from '../ports/store.ts';

/** A part of the past is written off by two. */
export const signersOfLoss = 2;

export interface ShownLoss extends Pick<StoredLoss, 'loss' | 'record' | 'digest' | 'total' | 'proposedAt'> {
  /** The digest's first 66 bits in six words, to be compared by voice. */
  readonly digestWords: string;
  readonly given: readonly ShownApproval[];
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
    const { given, have } = await signersOf(deps, tx, waiting);
    return { loss, record, digest, digestWords: digestWords(digest), total, proposedAt, given, have, required: 2 };
  });
}

/** Who has signed exactly this, and whether it is enough now. */
export function signersOf(deps: ReadApprovalsDeps, tx: Tx, { loss, digest }: StoredLoss): Promise<ShownApprovals> {
  const needed = { required: signersOfLoss, author: null, decision: 'accept-loss' } as const;
  return showApprovals(deps, tx, { id: loss, digest }, needed);
}

/** What a yes to a loss is compared with; null where nobody put it forward. */
export async function factsOfLoss(tx: Tx, id: LossId): Promise<SubjectFacts | null> {
  const loss = await tx.losses.read(id);
  if (loss === null) return null;
  const { digest, total, directory, isWaiting } = loss;
  return { digest, total, directory, decisions: isWaiting ? ['accept-loss'] : [], author: null };
}
