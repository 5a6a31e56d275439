import type { LedgerEvent } from '../../domain/ledger/events.ts';
import type { ChainHead, LedgerRow } from '../../domain/ledger/ledger-row.ts';

/** A JSON object that RFC 8785 can canonicalise. No floats that matter, no dates: ISO strings. */
export type LedgerBody = { readonly [key: string]: LedgerValue };
export type LedgerValue =
  | string
  | number
  | boolean
  | null
  | readonly LedgerValue[]
  | { readonly [key: string]: LedgerValue };

export interface NewLedgerEntry {
  /** `installation`, or `rollout:<number>` (a chain per rollout, anchored in the installation's). */
  readonly chain: 'installation' | `rollout:${number}`;
  /** `noun.past-verb`, from src/domain/ledger/events.ts. Once released, forever. */
  readonly event: LedgerEvent;
  readonly body: LedgerBody;
  /** Kept beside the chain under a salted digest, so that erasing it leaves the chain whole. */
  readonly personal?: { readonly [field: string]: string };
}

export interface LedgerEntry {
  readonly chain: string;
  readonly seq: number;
  readonly at: Date;
  readonly event: string;
  readonly body: LedgerBody;
  readonly personal: { readonly [field: string]: string | null };
  readonly hash: string;
}

/** What the database says of a chain's end, read in one statement. */
export interface ChainTip {
  readonly chain: string;
  /** The head record, null where it is missing. */
  readonly head: ChainHead | null;
  /** The highest seq among the entries, 0 where there is none. */
  readonly lastSeq: number;
}

export interface LedgerStore {
  /**
   * Appends in the caller's transaction; locks only the head of the entry's own chain, until the caller commits: append
   * last, and the rollout's chain before the installation's. An unknown event is refused.
   */
  append(entry: NewLedgerEntry): Promise<{ readonly seq: number; readonly hash: string }>;
  /** Entries of one chain after `afterSeq`, in order, at most `limit` (<= 1,000). */
  read(chain: string, afterSeq: number, limit: number): Promise<readonly LedgerEntry[]>;
  /**
   * Entries of the installation chain that name one of these ids as their plan, retraction, subject or batch, in order,
   * at most `limit` (<= 1,000). No index helps: it reads the chain, 0.5 s for 200,000 entries (November 2026, two busy
   * cores).
   */
  about(ids: readonly string[], limit: number): Promise<readonly LedgerEntry[]>;
  /**
   * Entries of the installation chain after `afterSeq` whose body holds this id anywhere, in order, at most `limit` (<= 1,000);
   * `upTo` is how far the chain was looked through for them. No index helps: 0.17 s for 200,000 entries
   * about other things (November 2026, two busy cores); a look from near the end reads what is new.
   */
  naming(
    id: string,
    afterSeq: number,
    limit: number,
  ): Promise<{ readonly entries: readonly LedgerEntry[]; readonly upTo: number }>;
  /** Head (highest seq and its hash) of every chain. */
  heads(): Promise<readonly ChainHead[]>;
  /** Rows as stored, believed in nothing, for verification; in order, at most `limit` (<= 1,000). */
  readRows(chain: string, afterSeq: number, limit: number): Promise<readonly LedgerRow[]>;
  /**
   * Rows as stored of one chain, newest first, at most `limit` (<= 1,001). No index helps where an event is named: it reads
   * the chain from its end until it has found so many.
   */
  newestRows(
    chain: string,
    wanted: { readonly event: string | null; readonly beforeSeq: number | null; readonly limit: number },
  ): Promise<readonly LedgerRow[]>;
  /** Whether this very entry is in the chain. */
  holds(mark: ChainHead): Promise<boolean>;
  tips(): Promise<readonly ChainTip[]>;
  /** Rollout chains whose head moved since it was last anchored, at most `limit`. */
  unanchored(limit: number): Promise<readonly ChainHead[]>;
  noteAnchored(head: ChainHead): Promise<void>;
  /** Removes a personal value and its salt; false where there was none. The chain stays whole. */
  erasePersonal(chain: string, seq: number, field: string): Promise<boolean>;
}
