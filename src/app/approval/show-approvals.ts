import type { Decision } from '../../domain/approval/approval-statement.ts';
import { isActive } from '../../domain/approval/operator.ts';
import { roleMay } from '../../domain/approval/role.ts';
import type { LossId, OperatorId, PlanId, RetractionId } from '../../domain/shared/ids.ts';
import { checkQuorum } from './check-quorum.ts';
import { readApprovals } from './read-approvals.ts';
import type { ReadApprovalsDeps } from './read-approvals.ts';
import type { Tx } from '../ports/store.ts';

export interface ShownApproval {
  readonly operator: OperatorId;
  readonly name: string;
  readonly givenAt: Date;
  readonly until: Date;
  /** Genuine, of this digest, not expired, and by somebody who is active now and whose role may approve. */
  readonly holds: boolean;
}

export interface ShownApprovals {
  readonly given: readonly ShownApproval[];
  readonly have: number;
  readonly required: 1 | 2;
  /** When the first of those that count lapses; null while there are not enough. */
  readonly until: Date | null;
}

/** Who said yes to a frozen subject, and whether it is enough now. */
export async function showApprovals(
  deps: ReadApprovalsDeps,
  tx: Tx,
  subject: { readonly id: PlanId | RetractionId | LossId; readonly digest: string },
  needed: { readonly required: 1 | 2; readonly author: OperatorId | null; readonly decision?: Decision },
): Promise<ShownApprovals> {
  const { decision = 'approve' } = needed;
  const now = await tx.approvals.now();
  const approvals = (await readApprovals(deps, tx, subject.id)).filter((one) => one.decision === decision);
  const quorum = await checkQuorum(deps, tx, {
    subject: subject.id,
    digest: subject.digest,
    decision,
    required: needed.required,
    author: needed.author,
  });
  return {
    given: approvals.map(({ operator, digest, givenAt, expiresAt, isGenuine }) => ({
      operator: operator.operatorId,
      name: operator.name,
      givenAt,
      until: expiresAt,
      holds:
        isGenuine &&
        digest === subject.digest &&
        expiresAt > now &&
        isActive(operator, now) &&
        roleMay(operator.role, 'approval.give'),
    })),
    have: quorum.kind === 'met' ? needed.required : quorum.have,
    required: needed.required,
    until: quorum.kind === 'met' ? quorum.until : null,
  };
}
