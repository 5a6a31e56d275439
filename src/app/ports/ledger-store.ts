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
  readonly event: string;
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

export interface LedgerStore {
  /** Appends in the caller's transaction; locks only the head of the entry's own chain. */
  append(entry: NewLedgerEntry): Promise<{ readonly seq: number; readonly hash: string }>;
  /** Entries of one chain after `afterSeq`, in order, at most `limit` (<= 1,000). */
  read(chain: string, afterSeq: number, limit: number): Promise<readonly LedgerEntry[]>;
  /** Head (highest seq and its hash) of every chain. */
  heads(): Promise<readonly { readonly chain: string; readonly seq: number; readonly hash: string }[]>;
}
