import type { RefusalCounts } from '../../domain/evidence/refusal.ts';
import type { AccountId, Digest } from '../../domain/shared/ids.ts';

/** A point of a list, at a line end: what lies before it is settled by these three values. */
export interface ListMark {
  /** Lines before this point; the first line of a list is line 1. */
  readonly lines: number;
  readonly bytes: number;
  /** SHA-256 of the list's bytes up to this point. */
  readonly prefixDigest: Digest;
}

/** At most 1,000 consecutive lines, read. Lines that are neither in `refused` nor `accepted` do not exist. */
export interface ListSlice<Row> {
  readonly rows: readonly Row[];
  /** Lines that could be read as what the list claims to hold, whether or not they made a row. */
  readonly accepted: number;
  readonly refused: RefusalCounts;
  readonly mark: ListMark;
}

/** A leaked pair whose address is probably one of the directory's. Lives in memory only, and briefly. */
export interface CredentialHit {
  readonly line: number;
  readonly address: string;
  readonly password: string;
  /** The password's digest under a key of this run: equal for equal passwords, useless afterwards. */
  readonly fingerprint: string;
  /** Its line says that the password is for the mailbox of this very address. */
  readonly namesMailbox: boolean;
}

/** An account that the service's own logs or a named person points at. Fields of the other class are null or empty. */
export interface AccountRow {
  readonly line: number;
  readonly accountId: AccountId;
  readonly eventId: string;
  readonly eventAt: Date | null;
  readonly rule: string | null;
  readonly reason: string | null;
}

/** The beginning of a list, looked at before the rest is read. */
export interface ListHead {
  /** SHA-256 of the first 4 MiB, by which a list that comes again is known. */
  readonly headDigest: Digest;
  /** There is no line at all. */
  readonly isEmpty: boolean;
  /** The whole list, head included; replaces the stream that was given. */
  readonly stream: AsyncIterable<Uint8Array>;
}

/** Which addresses the directory has, by keyed hash: says "no" for certain and "yes" nearly so. About 13 to 27 bytes an account. */
export interface AddressIndex {
  readonly size: number;
  add(address: string): void;
}

/**
 * Reads lists as streams in constant memory. Nothing in a list is fatal: a line that cannot be read is counted by
 * reason. The stream's own errors pass through. At the end of the list the last slice's mark covers the whole file.
 */
export interface ListReader {
  readHead(stream: AsyncIterable<Uint8Array>): Promise<ListHead>;
  /** The list's marks alone, at most 1,000 lines apart, for a list that is to be recognised and not taken. */
  readMarks(stream: AsyncIterable<Uint8Array>): AsyncIterable<ListMark>;
  newAddressIndex(comparison: 'ascii-lower' | 'exact'): AddressIndex;
  /** `cutAfterLine`: a slice ends exactly there, so that an interrupted import can be taken up at that line. */
  readCredentials(
    stream: AsyncIterable<Uint8Array>,
    index: AddressIndex,
    cutAfterLine: number,
  ): AsyncIterable<ListSlice<CredentialHit>>;
  readObserved(stream: AsyncIterable<Uint8Array>, cutAfterLine: number): AsyncIterable<ListSlice<AccountRow>>;
  readReported(stream: AsyncIterable<Uint8Array>, cutAfterLine: number): AsyncIterable<ListSlice<AccountRow>>;
}
