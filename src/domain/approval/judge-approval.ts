import { permissionToDecide } from './approval-statement.ts';
import type { ApprovalStatement, Decision } from './approval-statement.ts';
import { isActive, isSamePerson } from './operator.ts';
import type { Operator } from './operator.ts';
import { maxApprovalMs } from './quorum.ts';
import type { GivenApproval } from './quorum.ts';
import { roleMay } from './role.ts';

export type ApprovalRefusal =
  | 'signature-invalid'
  | 'not-an-active-operator'
  | 'role-cannot-approve'
  | 'wrong-deployment'
  | 'wrong-directory'
  | 'wrong-decision'
  | 'digest-mismatch'
  | 'total-mismatch'
  | 'approval-expired'
  | 'approval-too-long'
  | 'nonce-reused'
  | 'author-cannot-approve'
  | 'already-approved'
  | 'review-missing'
  | 'review-unclear'
  | 'review-wrong'
  | 'review-mismatch';

/** What the yes has to stand on: nothing, or the operator's own review as it is stored. */
export type ReviewDemand =
  | { readonly kind: 'none' }
  | { readonly kind: 'missing' | 'unclear' | 'wrong' }
  /** `digest`: of the verdicts as they are now. */
  | { readonly kind: 'clean'; readonly digest: string };

export type ApprovalVerdict =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused'; readonly reason: ApprovalRefusal };

export interface ApprovalCase {
  readonly statement: ApprovalStatement;
  readonly isSignatureValid: boolean;
  readonly operator: Operator;
  readonly subject: {
    readonly deployment: string;
    readonly directory: string;
    readonly digest: string;
    readonly total: number;
    /** What can be decided about the subject at present. */
    readonly decisions: readonly Decision[];
    readonly author: Operator | null;
    readonly review: ReviewDemand;
  };
  /** Approvals of this subject so far. */
  readonly earlier: readonly GivenApproval[];
  readonly isNonceUsed: boolean;
  /** The database's clock. */
  readonly now: Date;
}

/** Whether one person's signed yes is taken. The signature is judged first: nothing in an unsigned text means anything. */
export function judgeApproval(given: ApprovalCase): ApprovalVerdict {
  const reason = refusalOf(given);
  return reason === null ? { kind: 'accepted' } : { kind: 'refused', reason };
}

function refusalOf({
  statement,
  isSignatureValid,
  operator,
  subject,
  earlier,
  isNonceUsed,
  now,
}: ApprovalCase): ApprovalRefusal | null {
  if (!isSignatureValid) return 'signature-invalid';
  if (!isActive(operator, now)) return 'not-an-active-operator';
  if (!roleMay(operator.role, permissionToDecide(statement.decision))) return 'role-cannot-approve';
  if (statement.deployment !== subject.deployment) return 'wrong-deployment';
  if (statement.directory !== subject.directory) return 'wrong-directory';
  if (!subject.decisions.includes(statement.decision)) return 'wrong-decision';
  if (statement.digest !== subject.digest) return 'digest-mismatch';
  if (statement.total !== subject.total) return 'total-mismatch';
  const leftMs = Date.parse(statement.expiry) - now.getTime();
  if (leftMs <= 0) return 'approval-expired';
  if (leftMs > maxApprovalMs) return 'approval-too-long';
  if (isNonceUsed) return 'nonce-reused';
  if (subject.author !== null && isSamePerson(operator, subject.author)) return 'author-cannot-approve';
  const hasApproved = earlier.some(
    (one) =>
      one.isGenuine &&
      one.digest === statement.digest &&
      one.decision === statement.decision &&
      one.expiresAt > now &&
      isSamePerson(one.operator, operator),
  );
  if (hasApproved) return 'already-approved';
  const review: ReviewDemand = statement.decision === 'approve' ? subject.review : { kind: 'none' };
  return refusalOfReview(review, statement.review);
}

function refusalOfReview(review: ReviewDemand, signed: string | undefined): ApprovalRefusal | null {
  switch (review.kind) {
    case 'none':
      return signed === undefined ? null : 'review-mismatch';
    case 'clean':
      return signed === review.digest ? null : 'review-mismatch';
    case 'missing':
    case 'unclear':
    case 'wrong':
      return `review-${review.kind}`;
  }
}
