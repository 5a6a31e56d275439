import type { ApprovalSubject, Decision } from '../../domain/approval/approval-statement.ts';
import { countQuorum } from '../../domain/approval/quorum.ts';
import type { Quorum } from '../../domain/approval/quorum.ts';
import type { OperatorId } from '../../domain/shared/ids.ts';
import type { Tx } from '../ports/store.ts';
import { readApprovals } from './read-approvals.ts';
import type { ReadApprovalsDeps } from './read-approvals.ts';

export interface CheckQuorumInput {
  readonly subject: ApprovalSubject;
  /** The digest as computed now, not as it was approved. */
  readonly digest: string;
  readonly decision: Decision;
  readonly required: 1 | 2;
  readonly author: OperatorId | null;
}

/** Whether enough distinct people say yes to the subject at this moment; ask again inside the transaction that acts on it. */
export async function checkQuorum(deps: ReadApprovalsDeps, tx: Tx, input: CheckQuorumInput): Promise<Quorum> {
  const approvals = await readApprovals(deps, tx, input.subject);
  const author = input.author === null ? null : await tx.operators.read(input.author);
  const now = await tx.approvals.now();
  const { required, digest, decision } = input;
  return countQuorum(approvals, { required, digest, decision, author, now });
}
