import type { ApprovalSubject, Decision } from '../../domain/approval/approval-statement.ts';
import type { PasskeyKey } from '../../domain/approval/passkey.ts';
import type { OperatorId } from '../../domain/shared/ids.ts';

/** What a yes by passkey stands on beside its statement and signature. */
export interface StoredAssertion {
  /** As it is now: of a revoked one no yes counts. */
  readonly passkey: PasskeyKey;
  /** base64url, both. */
  readonly clientDataJson: string;
  readonly authenticatorData: string;
}

export interface StoredApproval {
  readonly operatorId: OperatorId;
  readonly digest: string;
  readonly decision: Decision;
  /** The RFC 8785 text that was signed. */
  readonly statement: string;
  /** By the operator's key, or that of the assertion where there is one. */
  readonly signature: string;
  /** Null: signed with the operator's own key. */
  readonly assertion: StoredAssertion | null;
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
