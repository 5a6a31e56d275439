import type { ApprovalSubject, Decision } from '../../domain/approval/approval-statement.ts';
import type { OperatorId } from '../../domain/shared/ids.ts';

export interface StoredApproval {
  readonly operatorId: OperatorId;
  readonly digest: string;
  readonly decision: Decision;
  /** The RFC 8785 text that was signed. */
  readonly statement: string;
  readonly signature: string;
  readonly givenAt: Date;
  readonly expiresAt: Date;
}

export interface NewApproval extends StoredApproval {
  readonly subject: ApprovalSubject;
  readonly nonce: string;
}

export interface ApprovalStore {
  /** The database's clock, to milliseconds: what approvals are given at and expire by. */
  now(): Promise<Date>;
  /** Until the caller's transaction ends, nobody else decides about this subject. */
  lockSubject(subject: ApprovalSubject): Promise<void>;
  isNonceUsed(nonce: string): Promise<boolean>;
  add(approval: NewApproval): Promise<void>;
  /** In the order in which they were given, at most 1,000. */
  list(subject: ApprovalSubject): Promise<readonly StoredApproval[]>;
}
