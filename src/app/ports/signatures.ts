/** Ed25519 (RFC 8032). Public keys are 32 raw bytes, signatures 64, both base64url without padding. */
export interface Signatures {
  /** False for anything malformed: unknown is no. Text is signed as UTF-8. */
  verify(publicKey: string, text: string, signature: string): boolean;
}

/** The deployment's own ledger key: it signs checkpoints and nothing else. */
export interface LedgerSigner {
  readonly publicKey: string;
  sign(text: string): string;
}
