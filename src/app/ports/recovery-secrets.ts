/** What a digest is of: the same text for another purpose has another digest. */
export type SecretPurpose = 'browser' | 'network' | 'code' | 'window' | 'revoke' | 'address';

/** Secrets of holders: made here, kept by others, and stored as keyed digests only (I17). */
export interface RecoverySecrets {
  /** 128 random bits in hex, for a browser to hold. */
  newToken(): string;
  /** Eight symbols in two groups, for a person to type. */
  newCode(): string;
  /** HMAC-SHA-256, hex; its key is not in the database, where 40 bits could be tried out. */
  keyed(purpose: SecretPurpose, text: string): string;
  /** Compares two digests in constant time. */
  isSame(left: string, right: string): boolean;
}
