/** A request that carries an Idempotency-Key (draft-ietf-httpapi-idempotency-key-header-06). */
export interface KeyedRequest {
  /** Who calls: one caller's keys say nothing about another's. */
  readonly caller: string;
  readonly key: string;
  /** Of method, address and body: the same key with another one is another request. */
  readonly fingerprint: string;
}

export interface KeptAnswer {
  readonly status: number;
  readonly contentType: string;
  /** Null: it was answered, and the answer is not kept. */
  readonly body: string | null;
  /** Of a body that was streamed in; null where the fingerprint covers it. */
  readonly bodyMac: string | null;
}

export type ClaimedKey =
  /** Nobody did this yet: do it. */
  | { readonly kind: 'new' }
  | { readonly kind: 'answered'; readonly answer: KeptAnswer }
  /** The same key was used for another request. */
  | { readonly kind: 'other' }
  /** The first one is at work now. */
  | { readonly kind: 'running' }
  /** The process that did it went away without an answer: whether it was done is not known from here. */
  | { readonly kind: 'lost' };

export interface ClaimBounds {
  readonly hours: number;
  /** A holder that was not heard for so long is gone. */
  readonly silentSeconds: number;
  /** Whether what was lost may be done again: its own uniqueness keeps it from being done twice. */
  readonly mayRepeatLost: boolean;
}

/** One row per caller and key. Times are the database's. */
export interface RequestKeyStore {
  /** Of many at once with one key exactly one gets `new`. */
  claim(request: KeyedRequest, holder: string, bounds: ClaimBounds): Promise<ClaimedKey>;
  keep(request: KeyedRequest, holder: string, answer: KeptAnswer): Promise<void>;
  /** Nothing was done: the key may be used again. */
  free(request: KeyedRequest, holder: string): Promise<void>;
  /** Says that this process still works on what it claimed. */
  beat(holder: string): Promise<void>;
  /** Removes what is older, but nothing that is still worked on; at most `limit`, and how many that were. */
  purge(bounds: Pick<ClaimBounds, 'hours' | 'silentSeconds'>, limit: number): Promise<number>;
}
