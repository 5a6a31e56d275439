import type { AccountId } from '../../domain/shared/ids.ts';
import type { SwapResult } from './directory.ts';

export interface SetPasswordRequest {
  readonly accountId: AccountId;
  /** Our own marker: the new hash is written only while the directory still holds exactly this. */
  readonly marker: string;
  /** Of the new password, in the scheme that the service reads. */
  readonly hash: string;
}

/**
 * Writes a password that its holder has just chosen, over our own marker and over nothing else. It is apart from
 * `Directory`, and may connect as another role: no worker holds it, so whoever takes one over can write no hash (I22).
 */
export interface PasswordWriter {
  /** `changed`: something else than the marker stands there. `Failure('directory-unavailable')`: it may have been done. */
  setPassword(request: SetPasswordRequest): Promise<SwapResult>;
  /** Whether it could. `Failure('usage')` says what is missing; `'directory-unavailable'`. Changes nothing. */
  check(): Promise<void>;
  close(): Promise<void>;
}
