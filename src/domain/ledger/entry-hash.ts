/** RFC 8785 text and SHA-256 (64 lower-case hex digits), passed in: the domain holds no cryptography. */
export interface LedgerDigests {
  canonical(value: unknown): string;
  sha256(input: string): string;
}

export interface HashedEntry {
  readonly chain: string;
  readonly seq: number;
  /** RFC 3339 in UTC with milliseconds, exactly as stored: `2026-11-03T04:05:06.789Z`. */
  readonly at: string;
  readonly event: string;
  readonly body: unknown;
  readonly prevHash: string;
}

/** What the first entry of a chain names as the hash before it. */
export const genesisHash = '0'.repeat(64);

/** Version of the hashed form. A new form gets a new number; old entries keep theirs. */
const formVersion = 1;

/** SHA-256 over the RFC 8785 text of {v, chain, seq, at, event, body, prev}. */
export function entryHash(entry: HashedEntry, digests: LedgerDigests): string {
  const { chain, seq, at, event, body, prevHash } = entry;
  return digests.sha256(digests.canonical({ v: formVersion, chain, seq, at, event, body, prev: prevHash }));
}

/** Commits to a personal value. The salt has a fixed length (32 hex digits), so salt and value cannot be shifted. */
export function personalDigest(salt: string, value: string, digests: LedgerDigests): string {
  return digests.sha256(salt + value);
}

/** How a personal field appears in a body: its digest only; the value stands beside the chain and can be erased. */
export interface PersonalReference {
  readonly $personal: string;
}

export function isPersonalReference(value: unknown): value is PersonalReference {
  return typeof value === 'object' && value !== null && '$personal' in value && typeof value.$personal === 'string';
}
