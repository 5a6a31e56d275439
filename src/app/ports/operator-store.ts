import type { Operator } from '../../domain/approval/operator.ts';
import type { Role } from '../../domain/approval/role.ts';
import type { TokenScope } from '../../domain/approval/token-scope.ts';
import type { OperatorId, TokenId } from '../../domain/shared/ids.ts';

export interface NewOperator {
  readonly name: string;
  readonly email: string;
  readonly publicKey: string | null;
  readonly role: Role;
  readonly state: 'pending' | 'active';
  readonly activeFrom: Date | null;
  readonly addedBy: OperatorId | null;
}

/** A token without the token: what may be shown of it. */
export interface KnownToken {
  readonly token: TokenId;
  readonly operatorId: OperatorId;
  /** Empty where the stored text is none that we know: it may do nothing. */
  readonly scope: readonly TokenScope[];
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
  /** The hour of its last use; null while it was never used. */
  readonly lastUsedAt: Date | null;
}

export interface FoundToken extends KnownToken {
  readonly operator: Operator;
  /** The database's clock when it was read. */
  readonly now: Date;
}

export interface OperatorStore {
  /** Until the caller's transaction ends, nobody else changes who the operators are. */
  lock(): Promise<void>;
  /** All that were ever added, in order, at most 1,000. */
  list(): Promise<readonly Operator[]>;
  /** In the order in which they were added, after `after`; null from the first. */
  page(limit: number, after: OperatorId | null): Promise<readonly Operator[]>;
  read(operatorId: OperatorId): Promise<Operator | null>;
  /** Those of `operatorIds` that there are, in one statement. */
  readSome(operatorIds: readonly OperatorId[]): Promise<ReadonlyMap<OperatorId, Operator>>;
  add(operator: NewOperator): Promise<Operator>;
  setActive(operatorId: OperatorId, activeFrom: Date): Promise<void>;
  /** At once, and whatever was agreed on before is void. */
  setRole(operatorId: OperatorId, role: Role): Promise<void>;
  /** From then on, by `beginRoles`; null: nothing any more. */
  setNextRole(operatorId: OperatorId, next: { readonly role: Role; readonly from: Date } | null): Promise<void>;
  /** When a role of theirs was last agreed on or begun; null where none ever was. */
  roleDecidedAt(operatorId: OperatorId): Promise<Date | null>;
  /** The role that was agreed on and is not held yet. */
  nextRole(operatorId: OperatorId): Promise<{ readonly role: Role; readonly from: Date } | null>;
  /** Active operators whose next role is due, at most 1,000. */
  dueRoles(): Promise<readonly { readonly operatorId: OperatorId; readonly role: Role; readonly next: Role }[]>;
  /** Suspends, revokes every token, and ends every session and one-time link. */
  suspend(operatorId: OperatorId): Promise<void>;
  /** `nonce` is that of the signed request; null where it was used before. */
  addToken(token: {
    readonly hash: string;
    readonly operatorId: OperatorId;
    readonly scope: string;
    readonly nonce: string | null;
    readonly expiresAt: Date;
  }): Promise<TokenId | null>;
  findToken(hash: string): Promise<FoundToken | null>;
  readToken(token: TokenId): Promise<KnownToken | null>;
  /** Those that can still be used at this moment, newest first, at most 1,000; null lists everybody's. */
  listTokens(operatorId: OperatorId | null): Promise<readonly KnownToken[]>;
  /** False where it was revoked before. */
  revokeToken(token: TokenId): Promise<boolean>;
  /** Notes the present hour. Waits for nobody: a row that another transaction holds is left as it is. */
  noteTokenUse(token: TokenId): Promise<void>;
}
