import { createHash, randomBytes } from 'node:crypto';
import type { Account, Directory, DirectoryCapabilities, SwapResult } from '../../src/app/ports/directory.ts';
import { Failure } from '../../src/domain/shared/failure.ts';
import { accountId } from '../../src/domain/shared/ids.ts';
import type { AccountId } from '../../src/domain/shared/ids.ts';

const mostAtOnce = 1_000;

export interface FakeHolder {
  readonly id?: string;
  readonly address: string | null;
  readonly addressConfirmed?: boolean;
  readonly password: string | null;
  readonly language?: string;
  readonly timeZone?: string;
  readonly protectedAs?: string;
}

interface Held {
  readonly account: Omit<Account, 'hasPassword'>;
  credential: string | null;
  suspendedAs: string | null;
  readonly sessions: Set<string>;
  lastSignInAt: Date | null;
}

/** Accounts in memory, with what a service does to them beside Allclear. Passes the contract suite of real directories. */
export class FakeDirectory implements Directory {
  readonly name: string;
  readonly environment: string;
  capabilities: DirectoryCapabilities = {
    quarantine: true,
    restore: true,
    compareAndSet: true,
    endSessions: true,
    suspend: true,
    countsSessions: true,
    sessionsLiveMinutes: null,
    lastSignIn: true,
    addressComparison: 'ascii-lower',
    collateral: ['Nothing of a fake lives on.'],
  };
  /** Allclear is told that sessions end by themselves; they do not end when it asks. */
  keepsSessions(liveMinutes: number): void {
    this.capabilities = {
      ...this.capabilities,
      endSessions: false,
      countsSessions: false,
      sessionsLiveMinutes: liveMinutes,
    };
  }

  /** While false every call throws, as when the directory's host is gone. */
  available = true;
  readonly #held = new Map<AccountId, Held>();

  constructor(name = 'people', environment = 'test') {
    this.name = name;
    this.environment = environment;
  }

  // What the service does.

  addHolder(holder: FakeHolder): AccountId {
    const id = accountId(holder.id ?? `u${this.#held.size + 1}`);
    this.#held.set(id, {
      account: {
        accountId: id,
        address: holder.address,
        addressConfirmed: holder.addressConfirmed ?? true,
        addressChangedAt: null,
        passwordSetAt: null,
        language: holder.language ?? null,
        timeZone: holder.timeZone ?? null,
        protectedAs: holder.protectedAs ?? null,
      },
      credential: holder.password === null ? null : hashOf(holder.password),
      suspendedAs: null,
      sessions: new Set(),
      lastSignInAt: null,
    });
    return id;
  }

  removeHolder(id: AccountId): void {
    this.#held.delete(id);
  }

  /** The name of a new session, or null where the password is refused. */
  signIn(id: AccountId, password: string): string | null {
    const held = this.#heldOf(id);
    if (held.credential === null || held.suspendedAs !== null || !verify(password, held.credential)) return null;
    const session = randomBytes(8).toString('hex');
    held.sessions.add(session);
    held.lastSignInAt = new Date();
    return session;
  }

  isAlive(session: string): boolean {
    return [...this.#held.values()].some((held) => held.sessions.has(session));
  }

  changePassword(session: string, oldPassword: string, newPassword: string): boolean {
    const held = [...this.#held.values()].find((each) => each.sessions.has(session));
    if (held === undefined || held.credential === null || !verify(oldPassword, held.credential)) return false;
    held.credential = hashOf(newPassword);
    return true;
  }

  /** The holder proved the mailbox and chose a password. */
  resetByMail(id: AccountId, newPassword: string): void {
    const held = this.#heldOf(id);
    held.credential = hashOf(newPassword);
    held.sessions.clear();
  }

  /** The service suspends the account by itself, or lets it back in. */
  suspendAs(id: AccountId, word: string | null): void {
    this.#heldOf(id).suspendedAs = word;
  }

  suspendedAs(id: AccountId): string | null {
    return this.#heldOf(id).suspendedAs;
  }

  credentialOf(id: AccountId): string | null {
    return this.#heldOf(id).credential;
  }

  // What Allclear asks.

  async countAccounts(): Promise<number> {
    this.#answerable(0);
    return this.#held.size;
  }

  async *listAddresses(): AsyncIterable<readonly { readonly accountId: AccountId; readonly address: string }[]> {
    this.#answerable(0);
    const page = [...this.#held].flatMap(([id, held]) =>
      held.account.address === null ? [] : [{ accountId: id, address: held.account.address }],
    );
    if (page.length > 0) yield page;
  }

  async readAccounts(ids: readonly AccountId[]): Promise<ReadonlyMap<AccountId, Account>> {
    return this.#each(ids, (held) => ({ ...held.account, hasPassword: held.credential !== null }));
  }

  async findByAddresses(addresses: readonly string[]): Promise<ReadonlyMap<string, AccountId>> {
    this.#answerable(addresses.length);
    const byAddress = new Map([...this.#held].map(([id, held]) => [held.account.address, id]));
    const found = new Map<string, AccountId>();
    for (const address of addresses) {
      const id = byAddress.get(address.replace(/[A-Z]/g, (letter) => letter.toLowerCase()));
      if (id !== undefined) found.set(address, id);
    }
    return found;
  }

  async readCredentials(ids: readonly AccountId[]): Promise<ReadonlyMap<AccountId, string | null>> {
    return this.#each(ids, (held) => held.credential);
  }

  async readLastSignIns(ids: readonly AccountId[]): Promise<ReadonlyMap<AccountId, Date | null>> {
    if (!this.capabilities.lastSignIn)
      throw new Failure('usage', 'This directory does not say when anybody signed in.');
    return this.#each(ids, (held) => held.lastSignInAt);
  }

  async quarantine(
    requests: readonly { accountId: AccountId; expectedHash: string; marker: string }[],
  ): Promise<ReadonlyMap<AccountId, SwapResult>> {
    this.#answerable(requests.length);
    return new Map(
      requests.map((each) => [each.accountId, this.#swap(each.accountId, each.expectedHash, each.marker)]),
    );
  }

  async restore(
    requests: readonly { accountId: AccountId; marker: string; hash: string }[],
  ): Promise<ReadonlyMap<AccountId, SwapResult>> {
    this.#answerable(requests.length);
    return new Map(requests.map((each) => [each.accountId, this.#swap(each.accountId, each.marker, each.hash)]));
  }

  async endSessions(ids: readonly AccountId[]): Promise<ReadonlyMap<AccountId, number>> {
    if (!this.capabilities.endSessions) throw new Failure('usage', 'This directory cannot end sessions.');
    return this.#each(ids, (held) => {
      const ended = held.sessions.size;
      held.sessions.clear();
      return ended;
    });
  }

  async readSuspensions(ids: readonly AccountId[]): Promise<ReadonlyMap<AccountId, string | null>> {
    return this.#each(ids, (held) => held.suspendedAs);
  }

  async suspend(
    requests: readonly { accountId: AccountId; mark: string }[],
  ): Promise<ReadonlyMap<AccountId, SwapResult>> {
    this.#answerable(requests.length);
    return new Map(requests.map((each) => [each.accountId, this.#swapMark(each.accountId, null, each.mark)]));
  }

  async reinstate(
    requests: readonly { accountId: AccountId; mark: string }[],
  ): Promise<ReadonlyMap<AccountId, SwapResult>> {
    this.#answerable(requests.length);
    return new Map(requests.map((each) => [each.accountId, this.#swapMark(each.accountId, each.mark, null)]));
  }

  #swapMark(id: AccountId, expected: string | null, wanted: string | null): SwapResult {
    const held = this.#held.get(id);
    if (held === undefined) return 'missing';
    if (held.suspendedAs === wanted) return 'already';
    if (held.suspendedAs !== expected) return 'changed';
    held.suspendedAs = wanted;
    return 'swapped';
  }

  #swap(id: AccountId, expected: string, wanted: string): SwapResult {
    const held = this.#held.get(id);
    if (held === undefined) return 'missing';
    if (held.credential === wanted) return 'already';
    if (held.credential !== expected) return 'changed';
    held.credential = wanted;
    return 'swapped';
  }

  #each<T>(ids: readonly AccountId[], answer: (held: Held) => T): ReadonlyMap<AccountId, T> {
    this.#answerable(ids.length);
    return new Map(
      ids.flatMap((id) => {
        const held = this.#held.get(id);
        return held === undefined ? [] : [[id, answer(held)] as const];
      }),
    );
  }

  #answerable(count: number): void {
    if (count > mostAtOnce) throw new Failure('internal', `${count} in one call, at most ${mostAtOnce} are taken`);
    if (!this.available) throw new Failure('directory-unavailable', `Directory ${this.name} did not answer.`);
  }

  #heldOf(id: AccountId): Held {
    const held = this.#held.get(id);
    if (held === undefined) throw new Error(`no account ${id} in the fake directory`);
    return held;
  }
}

/** Two parts with a colon, as better-auth stores them; quick, because nobody attacks a fake. */
function hashOf(password: string): string {
  const salt = randomBytes(8).toString('hex');
  return `${salt}:${digest(salt, password)}`;
}

function verify(password: string, stored: string): boolean {
  const [salt, key] = stored.split(':');
  if (salt === undefined || key === undefined) return false;
  return digest(salt, password) === key;
}

function digest(salt: string, password: string): string {
  return createHash('sha256').update(`${salt} ${password}`).digest('hex');
}
