import type { OperatorId } from '../shared/ids.ts';
import { permissionToDecide } from './approval-statement.ts';
import type { Decision } from './approval-statement.ts';
import { isActive, isSamePerson } from './operator.ts';
import type { Operator } from './operator.ts';
import { roleMay } from './role.ts';

/** An approval as stored, read again for this decision: the operator is as they are now. */
export interface GivenApproval {
  readonly operator: Operator;
  readonly digest: string;
  readonly decision: Decision;
  readonly givenAt: Date;
  readonly expiresAt: Date;
  /** The stored signature verifies over the stored statement, and the statement says what the fields here say. */
  readonly isGenuine: boolean;
}

export interface QuorumQuestion {
  /** One person for what is small and safe, two for the rest. */
  readonly required: 1 | 2;
  readonly digest: string;
  readonly decision: Decision;
  /** Whoever wrote the subject, or is its subject: their yes counts for nothing. Null where there is nobody. */
  readonly author: Operator | null;
  readonly now: Date;
}

export type Quorum =
  | {
      readonly kind: 'met';
      readonly by: readonly OperatorId[];
      /** When the first of them expires. */ readonly until: Date;
    }
  | { readonly kind: 'missing'; readonly have: number; readonly required: 1 | 2 };

/** No approval counts for longer than this: people, lists and mailboxes change overnight. */
export const maxApprovalHours = 24;
export const maxApprovalMs = maxApprovalHours * 3_600_000;

/** Whether enough distinct people say yes to exactly this, now. A removed approver's yes is void, and so is that of a role that may not approve. */
export function countQuorum(approvals: readonly GivenApproval[], question: QuorumQuestion): Quorum {
  const counting = approvals.filter((approval) => counts(approval, question));
  const [first] = counting;
  const { required } = question;
  if (first === undefined) return { kind: 'missing', have: 0, required };
  if (required === 1) return { kind: 'met', by: [first.operator.operatorId], until: first.expiresAt };
  for (const left of counting) {
    const right = counting.find((other) => !isSamePerson(left.operator, other.operator));
    if (right !== undefined) {
      const until = left.expiresAt < right.expiresAt ? left.expiresAt : right.expiresAt;
      return { kind: 'met', by: [left.operator.operatorId, right.operator.operatorId], until };
    }
  }
  return { kind: 'missing', have: 1, required };
}

function counts(approval: GivenApproval, { digest, decision, author, now }: QuorumQuestion): boolean {
  const { operator, givenAt, expiresAt } = approval;
  return (
    approval.isGenuine &&
    approval.digest === digest &&
    approval.decision === decision &&
    roleMay(operator.role, permissionToDecide(decision)) &&
    isActive(operator, now) &&
    isActive(operator, givenAt) &&
    expiresAt > now &&
    now.getTime() - givenAt.getTime() < maxApprovalMs &&
    (author === null || !isSamePerson(operator, author))
  );
}
