import type { OperatorId } from '../../domain/shared/ids.ts';

export interface Invitation {
  readonly no: number;
  readonly name: string;
  readonly email: string;
  readonly invitedBy: OperatorId;
  readonly expiresAt: Date;
  readonly isClosed: boolean;
}

/** The caller holds `operators.lock()` in all of these: one winner among parallel acceptances. */
export interface InvitationStore {
  /** `nonce` is that of the signed request; false where it was used before. */
  add(invitation: {
    readonly codeHash: string;
    readonly name: string;
    readonly email: string;
    readonly nonce: string;
    readonly invitedBy: OperatorId;
    readonly expiresAt: Date;
  }): Promise<boolean>;
  find(codeHash: string): Promise<Invitation | null>;
  /** Closes every open one; `acceptedBy` where one of them was accepted. */
  closeAll(accepted: { readonly no: number; readonly by: OperatorId } | null): Promise<void>;
}
