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
  /** Removes those that ended or ran out over a day ago. */
  purge(limit: number): Promise<number>;
}
