import type { Digest } from '../../domain/shared/ids.ts';

/** The cryptography that use cases need, as values in and out. */
export interface Digests {
  /** RFC 8785 (JSON Canonicalization Scheme) text of a JSON value. */
  canonical(value: unknown): string;
  /** SHA-256 (FIPS 180-4), 64 lower-case hex digits. Strings are taken as UTF-8. */
  sha256(input: string | Uint8Array): Digest;
  /** A SHA-256 fed piece by piece, for lists that do not fit in memory. */
  sha256Stream(): { update(input: string | Uint8Array): void; digest(): Digest };
  /** `bytes` random bytes as lower-case hex. */
  randomHex(bytes: number): string;
}
