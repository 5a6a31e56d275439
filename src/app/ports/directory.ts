import type { AccountId } from '../../domain/shared/ids.ts';

/** What Allclear reads of one account. Credential hashes are read apart, only where one is needed. */
export interface Account {
  readonly accountId: AccountId;
  /** Address of record, byte for byte as the directory holds it; null where there is none. */
  readonly address: string | null;
  /** Whether that address was ever confirmed by its holder. */
  readonly addressConfirmed: boolean;
  /** When the address last changed, where the directory knows. */
  readonly addressChangedAt: Date | null;
  /** When the password was last set, where the directory knows. */
  readonly passwordSetAt: Date | null;
  /** False: the holder signs in by other means only; nothing to quarantine. */
  readonly hasPassword: boolean;
  /** BCP 47 language tag, null where unknown. */
  readonly language: string | null;
  /** Where the holder lives: an IANA name or a fixed offset (`+05:30`); null where the directory does not say. */
  readonly timeZone: string | null;
  /** Why normal action is kept from this account (`business`, `staff`, `machine`), null for the usual holder. */
  readonly protectedAs: string | null;
}

export interface DirectoryCapabilities {
  readonly quarantine: boolean;
  readonly restore: boolean;
  readonly compareAndSet: boolean;
  /** False: sessions end by themselves, at most `sessionsLiveMinutes` after they were opened; `endSessions` is never called. */
  readonly endSessions: boolean;
  /** False: accounts cannot be suspended; `readSuspensions`, `suspend` and `reinstate` are never called. */
  readonly suspend: boolean;
  /** False: the directory cannot see sessions; ending them ends all there are, and each call counts 1 for an account. */
  readonly countsSessions: boolean;
  /** Where sessions cannot be ended, the longest that one lives; null where they can. */
  readonly sessionsLiveMinutes: number | null;
  /** False: the directory does not say when anybody last signed in; `readLastSignIns` is never called. */
  readonly lastSignIn: boolean;
  /** How the directory compares addresses: `ascii-lower` folds A-Z only, `exact` folds nothing. Never Unicode folding. */
  readonly addressComparison: 'ascii-lower' | 'exact';
  /** What lives on after a quarantine and cannot be seen or undone here, in words for the plan. */
  readonly collateral: readonly string[];
}

export interface QuarantineRequest {
  readonly accountId: AccountId;
  /** The hash that we sealed: the swap happens only while the directory still holds exactly this. */
  readonly expectedHash: string;
  readonly marker: string;
}

export interface RestoreRequest {
  readonly accountId: AccountId;
  /** Our own marker: the swap happens only while the directory still holds exactly this. */
  readonly marker: string;
  readonly hash: string;
}

export interface SuspensionRequest {
  readonly accountId: AccountId;
  /** Our own mark of this one suspension. It is placed only where the account is not suspended, and taken away only where exactly it stands. */
  readonly mark: string;
}

/** `swapped`: this call changed it. `already`: the directory already held what we wanted (a repeated call). `changed`: it holds something else. */
export type SwapResult = 'swapped' | 'already' | 'changed' | 'missing';

/** Where accounts live. Failures are thrown as `Failure('directory-unavailable')`; a batch is never half answered. */
export interface Directory {
  readonly name: string;
  readonly environment: string;
  readonly capabilities: DirectoryCapabilities;
  countAccounts(): Promise<number>;
  /** Every (account, address), streamed in pages; for the address index of an import. */
  listAddresses(): AsyncIterable<readonly { readonly accountId: AccountId; readonly address: string }[]>;
  /** Accounts by id; an id that does not exist is absent from the map. At most 1,000 ids a call. */
  readAccounts(ids: readonly AccountId[]): Promise<ReadonlyMap<AccountId, Account>>;
  /** Account ids by address, compared as the directory compares them. At most 1,000 addresses a call. */
  findByAddresses(addresses: readonly string[]): Promise<ReadonlyMap<string, AccountId>>;
  /** The stored credential of each account; null where passwordless; absent where the account is missing. */
  readCredentials(ids: readonly AccountId[]): Promise<ReadonlyMap<AccountId, string | null>>;
  /**
   * When each account last signed in with success; null where it never did as far as is known, absent where it is missing. At
   * most 1,000 ids a call. `Failure('usage')` where the directory cannot say.
   */
  readLastSignIns(ids: readonly AccountId[]): Promise<ReadonlyMap<AccountId, Date | null>>;
  quarantine(requests: readonly QuarantineRequest[]): Promise<ReadonlyMap<AccountId, SwapResult>>;
  restore(requests: readonly RestoreRequest[]): Promise<ReadonlyMap<AccountId, SwapResult>>;
  /**
   * What each account is suspended by: our mark, the service's own word, or null where it is not suspended; absent where the
   * account is missing. `Failure('usage')` where the directory cannot suspend.
   */
  readSuspensions(ids: readonly AccountId[]): Promise<ReadonlyMap<AccountId, string | null>>;
  /** Keeps the holder out and hides the account; deletes nothing. `changed`: it is suspended by something else. */
  suspend(requests: readonly SuspensionRequest[]): Promise<ReadonlyMap<AccountId, SwapResult>>;
  /** Takes our mark away. `already`: it is not suspended. `changed`: it is suspended by something else, and stays so. */
  reinstate(requests: readonly SuspensionRequest[]): Promise<ReadonlyMap<AccountId, SwapResult>>;
  /**
   * Ends every session; the number ended per account (0 for none; always 1 where sessions are not counted). Repeating is
   * harmless. `Failure('usage')` where the directory cannot end sessions.
   */
  endSessions(ids: readonly AccountId[]): Promise<ReadonlyMap<AccountId, number>>;
}
