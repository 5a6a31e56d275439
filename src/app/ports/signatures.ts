import type { Assertion, PasskeyKey } from '../../domain/approval/passkey.ts';

/** What people sign with. Every answer depends on the arguments alone, and may be remembered. */
export interface Signatures {
  /**
   * Ed25519 (RFC 8032). Public keys are 32 raw bytes, signatures 64, both base64url without padding. False for anything malformed: unknown is no. Text is signed as UTF-8.
   */
  verify(publicKey: string, text: string, signature: string): boolean;
  /** An assertion whose challenge is the SHA-256 of the text, by a verified user. False for anything malformed. */
  verifyAssertion(passkey: PasskeyKey, text: string, assertion: Assertion): boolean;
}

/** The deployment's own ledger key: it signs checkpoints and nothing else. */
export interface LedgerSigner {
  readonly publicKey: string;
  sign(text: string): string;
}
