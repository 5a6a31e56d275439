import type { Operator } from '../../domain/approval/operator.ts';
import type { OperatorId, PasskeyId, SessionId } from '../../domain/shared/ids.ts';

export interface KnownSession {
  readonly session: SessionId;
  readonly operatorId: OperatorId;
  readonly by: 'passkey' | 'oidc';
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly lastSeenAt: Date;
  readonly endedAt: Date | null;
}

export interface FoundSession extends KnownSession {
  readonly operator: Operator;
  /** The database's clock when it was read. */
  readonly now: Date;
}

/** Of another system: `subject` is its own name for a person, for good (OpenID Connect Core 1.0, section 2). */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
}

export interface SessionStore {
  /** Null where the answer that opens it opened one before. */
  add(session: {
    readonly secretHash: string;
    readonly operatorId: OperatorId;
    /** Null: by OIDC. */
    readonly passkey: PasskeyId | null;
    readonly challenge: string;
    readonly expiresAt: Date;
  }): Promise<SessionId | null>;
  find(secretHash: string): Promise<FoundSession | null>;
  /** Those that have not ended, newest first, at most 100. */
  list(operatorId: OperatorId): Promise<readonly KnownSession[]>;
  /** Notes that it is in use. Waits for nobody. */
  noteUse(session: SessionId): Promise<void>;
  /** False where it had ended before, or is another's. */
  end(session: SessionId, operatorId: OperatorId): Promise<boolean>;
  /** Whom this identity was bound to; null where to nobody. */
  boundTo(identity: Identity): Promise<OperatorId | null>;
  /** False where the identity, or another of this issuer for the operator, was bound before. */
  bind(identity: Identity, operatorId: OperatorId): Promise<boolean>;
  /** Removes those that ended or ran out over a day ago. */
  purge(limit: number): Promise<number>;
}
