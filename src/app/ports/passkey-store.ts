import type { PasskeyKey } from '../../domain/approval/passkey.ts';
import type { OperatorId, PasskeyId } from '../../domain/shared/ids.ts';

export interface NewPasskey {
  readonly operatorId: OperatorId;
  readonly name: string;
  readonly credentialId: string;
  readonly publicKey: string;
  readonly coseKey: string;
  readonly rpId: string;
  /** As the browser named them (`usb`, `internal`); it is asked there first. */
  readonly transports: readonly string[];
  readonly aaguid: string;
  readonly isBackupEligible: boolean;
  readonly isBackedUp: boolean;
  readonly signCount: number;
  /** Of the registration, base64url. */
  readonly challenge: string;
}

export interface Passkey extends PasskeyKey, Omit<NewPasskey, 'challenge'> {
  readonly createdAt: Date;
  /** The hour of its last use; null while it was never used. */
  readonly lastUsedAt: Date | null;
}

export interface PasskeyStore {
  /** Null where the credential, its key or the registration was taken before, by anybody. */
  add(passkey: NewPasskey): Promise<PasskeyId | null>;
  find(credentialId: string): Promise<Passkey | null>;
  /** In the order in which they were added, revoked ones too; null lists everybody's. At most 1,000. */
  list(operatorId: OperatorId | null): Promise<readonly Passkey[]>;
  /** False where a later use was noted already: a counter never goes back. */
  noteUse(passkey: PasskeyId, seen: { readonly signCount: number; readonly isBackedUp: boolean }): Promise<boolean>;
  /** False where it was revoked before. Ends its sessions too. */
  revoke(passkey: PasskeyId): Promise<boolean>;

  /** A newer link ends those before. False where the nonce was used before. */
  addLink(link: {
    readonly codeHash: string;
    readonly operatorId: OperatorId;
    readonly nonce: string | null;
    readonly expiresAt: Date;
  }): Promise<boolean>;
  /** The operator whose link it is, while it is good at this moment. */
  findLink(codeHash: string): Promise<OperatorId | null>;
  /** False where it is used, over or unknown: one winner among many at once. */
  useLink(codeHash: string): Promise<boolean>;
}
