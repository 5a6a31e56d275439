import type { Operator } from '../../domain/approval/operator.ts';
import type { OperatorId } from '../../domain/shared/ids.ts';

export interface NewOperator {
  readonly name: string;
  readonly email: string;
  readonly publicKey: string;
  readonly state: 'pending' | 'active';
  readonly activeFrom: Date | null;
  readonly addedBy: OperatorId | null;
}

export interface OperatorToken {
  readonly operator: Operator;
  readonly expiresAt: Date;
  readonly isRevoked: boolean;
}

export interface OperatorStore {
  /** Until the caller's transaction ends, nobody else changes who the operators are. */
  lock(): Promise<void>;
  /** All that were ever added, in order, at most 1,000. */
  list(): Promise<readonly Operator[]>;
  /** In the order in which they were added, after `after`; null from the first. */
  page(limit: number, after: OperatorId | null): Promise<readonly Operator[]>;
  read(operatorId: OperatorId): Promise<Operator | null>;
  add(operator: NewOperator): Promise<Operator>;
  setActive(operatorId: OperatorId, activeFrom: Date): Promise<void>;
  /** Suspends, and revokes every token. */
  suspend(operatorId: OperatorId): Promise<void>;
  /** `nonce` is that of the signed request; false where it was used before. */
  addToken(token: {
    readonly hash: string;
    readonly operatorId: OperatorId;
    readonly nonce: string | null;
    readonly expiresAt: Date;
  }): Promise<boolean>;
  findToken(hash: string): Promise<OperatorToken | null>;
}
