import type { ApprovalSubject, Decision } from '../../domain/approval/approval-statement.ts';
import { countQuorum } from '../../domain/approval/quorum.ts';
import type { Quorum } from '../../domain/approval/quorum.ts';
import type { OperatorId } from '../../domain/shared/ids.ts';
import type { Tx } from '../ports/store.ts';
import type { ApprovalWatch } from './approval-watch.ts';
import { readApprovalsWith } from './read-approvals.ts';
import type { ReadApprovalsDeps } from './read-approvals.ts';

export interface CheckQuorumDeps extends ReadApprovalsDeps {
  /** Of a process that goes on acting on what was approved; none where a person is answered once. */
  readonly watch?: ApprovalWatch;
}

export interface CheckQuorumInput {
  readonly subject: ApprovalSubject;
  /** The digest as computed now, not as it was approved. */
  readonly digest: string;
  readonly decision: Decision;
  readonly required: 1 | 2;
  readonly author: OperatorId | null;
}

/** Whether enough distinct people say yes to the subject at this moment; ask again inside the transaction that acts on it. */
export async function checkQuorum(deps: CheckQuorumDeps, tx: Tx, input: CheckQuorumInput): Promise<Quorum> {
  const { given, author } = await readApprovalsWith(deps, tx, input.subject, input.author);
  const now = await tx.approvals.now();
  const { watch } = deps;
  const { required, subject, digest, decision } = input;
  const holding = watch === undefined ? given : given.filter((one) => watch.holds(subject, one, now));
  return countQuorum(holding, { required, digest, decision, author, now });
}
