import { Failure } from '../../domain/shared/failure.ts';
import type { FrozenSubject } from '../../domain/approval/approval-statement.ts';
import type { Store, Tx } from '../ports/store.ts';
import { recordApproval } from './record-approval.ts';
import type { GivenStatement, RecordApprovalDeps, RecordedApproval, SubjectFacts } from './record-approval.ts';

export interface ApproveSubjectDeps extends RecordApprovalDeps {
  readonly store: Store;
  /** The frozen facts of a plan or retraction, read in this transaction; null where there is none. */
  readonly readSubject: (tx: Tx, subject: FrozenSubject) => Promise<SubjectFacts | null>;
}

export interface ApproveSubjectInput extends GivenStatement {
  readonly subject: FrozenSubject;
}

/**
 * Takes one person's signed yes to a plan or a retraction, to resuming it, or to accepting a loss. Whether there are enough is asked by
 * `checkQuorum` when something is to be done. `Failure('not-found')` for an unknown subject; refusals are values.
 */
export async function approveSubject(deps: ApproveSubjectDeps, input: ApproveSubjectInput): Promise<RecordedApproval> {
  return deps.store.transact(async (tx) => {
    await tx.approvals.lockSubject(input.subject);
    const facts = await deps.readSubject(tx, input.subject);
    if (facts === null) throw new Failure('not-found', `There is no ${input.subject}.`);
    return recordApproval(deps, tx, facts, input);
  });
}
