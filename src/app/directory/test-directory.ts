import { restorePointId } from '../../domain/action/restore-point.ts';
import { suspensionId, suspensionNumber } from '../../domain/action/suspension.ts';
import { durationInWords } from '../../domain/shared/duration-in-words.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { accountId } from '../../domain/shared/ids.ts';
import type { AccountId } from '../../domain/shared/ids.ts';
import type { Digests } from '../ports/digests.ts';
import type { Directory, DirectoryCapabilities } from '../ports/directory.ts';
import type { PasswordSchemes } from '../ports/password-scheme.ts';
import type { Seal, SealBinding } from '../ports/seal.ts';

/** What is needed to give the canary its hash back after a crash. It is sealed: the file alone opens nothing. */
export interface KeptCanary {
  readonly binding: SealBinding;
  readonly keyId: string;
  readonly wrapped: Uint8Array;
  readonly sealed: Uint8Array;
}

/** Keeps one canary through a crash of the test. `save` resolves when it is safe on disk. */
export interface CanaryKeep {
  read(): Promise<KeptCanary | null>;
  save(kept: KeptCanary): Promise<void>;
  clear(): Promise<void>;
}

export interface TestDirectoryDeps {
  readonly directory: Directory;
  readonly seal: Seal;
  readonly digests: Digests;
  readonly schemes: Pick<PasswordSchemes, 'schemeOf' | 'verify'>;
  readonly keep: CanaryKeep;
  /** Tries the service's own sign-in; null where nobody said how. */
  readonly signIn: ((address: string, password: string) => Promise<'in' | 'refused'>) | null;
}

export interface TestDirectoryRequest {
  /** Account id or address of an account that belongs to nobody. */
  readonly canary: string;
  /** The canary's password; null where it is not known. */
  readonly password: string | null;
  /** Number for the restore point, from a range that no plan reaches. */
  readonly restorePoint: number;
}

export interface DirectoryCheck {
  readonly name: string;
  readonly result: 'passed' | 'failed' | 'not-tried';
  /** What was seen instead, or why it was not tried. */
  readonly detail: string | null;
}

export interface DirectoryTest {
  readonly directory: string;
  readonly environment: string;
  readonly account: AccountId;
  readonly capabilities: DirectoryCapabilities;
  readonly checks: readonly DirectoryCheck[];
  readonly whole: boolean;
}

/** Numbers of tests begin here, and no plan's suspension ever reaches them. */
const leastTestNumber = 1_000_000_000_000;

/** No plan is called so. */
const plan = 'directory-test';

/**
 * Takes one canary's password out of use and gives it back, as a plan and its retraction would, and checks each step.
 * The old hash is sealed and on disk before it is swapped; a test that was cut off is put right by the next.
 */
export async function testDirectory(deps: TestDirectoryDeps, request: TestDirectoryRequest): Promise<DirectoryTest> {
  const { directory } = deps;
  const run = new Checks();
  await putInterruptedRight(deps, run);
  const account = await findCanary(directory, request.canary);
  const hash = await readHash(directory, account.id);
  await checkPasswords(deps, run, request, account.address, hash, 'before');
  const kept = await sealCanary(deps, run, account.id, hash, request.restorePoint);
  const { marker } = kept.binding;
  const stored = (): Promise<string | null> => readHash(directory, account.id, true);
  const swap = async (expectedHash: string): Promise<string> =>
    (await directory.quarantine([{ accountId: account.id, expectedHash, marker }])).get(account.id) ?? 'no answer';
  const giveBack = async (by: string): Promise<string> =>
    (await directory.restore([{ accountId: account.id, marker: by, hash }])).get(account.id) ?? 'no answer';

  await run.expect('another hash than the sealed one is left alone', 'changed', () => swap(`${hash} `));
  await run.expect('the quarantine swaps the hash for the marker', 'swapped', () => swap(hash));
  try {
    await run.expect('the marker is read back as it was written', marker, stored);
    await run.expect('the marker names its restore point', restorePointId(request.restorePoint), async () =>
      deps.seal.readMarker(directory.name, account.id, (await stored()) ?? ''),
    );
    await run.expect('a repeated quarantine has no second effect', 'already', () => swap(hash));
    await run.expect('no scheme takes the marker for a hash', null, async () => deps.schemes.schemeOf(marker));
    await checkRefusals(deps, run, request, account.address, hash, marker);
    await checkSessions(deps, run, account.id);
    const foreign = deps.seal.marker(directory.name, account.id, restorePointId(request.restorePoint + 1));
    await run.expect('another restore point undoes nothing', 'changed', () => giveBack(foreign));
  } finally {
    await run.expect('the restore gives the hash back', 'swapped', () => giveBack(marker));
    await run.expect('the hash is the same, byte for byte', true, async () => (await stored()) === hash);
    await run.expect('a repeated restore has no second effect', 'already', () => giveBack(marker));
  }
  await checkSuspension(deps, run, request, account);
  await checkPasswords(deps, run, request, account.address, hash, 'after');
  if ((await stored()) === hash) await deps.keep.clear();
  return {
    directory: directory.name,
    environment: directory.environment,
    account: account.id,
    capabilities: directory.capabilities,
    checks: run.checks,
    whole: run.checks.every((check) => check.result !== 'failed'),
  };
}

/** A check that throws has failed and the next is tried: what was taken has to be given back in any case. */
class Checks {
  readonly checks: DirectoryCheck[] = [];

  async expect(name: string, wanted: unknown, see: () => Promise<unknown>): Promise<void> {
    try {
      const seen = await see();
      const result = seen === wanted ? 'passed' : 'failed';
      this.checks.push({ name, result, detail: result === 'passed' ? null : told(seen) });
    } catch (error) {
      const detail = error instanceof Failure ? error.message : 'it failed in a way that nobody expected';
      this.checks.push({ name, result: 'failed', detail });
    }
  }

  skip(name: string, detail: string): void {
    this.checks.push({ name, result: 'not-tried', detail });
  }
}

/** Only our own words are told: what a directory holds in place of a hash is not. */
function told(seen: unknown): string {
  const words = ['swapped', 'already', 'changed', 'missing', 'no answer', 'in', 'refused'];
  return typeof seen === 'string' && words.includes(seen) ? seen : 'something else was seen';
}

async function putInterruptedRight({ directory, seal, keep }: TestDirectoryDeps, run: Checks): Promise<void> {
  const kept = await keep.read();
  if (kept === null) return;
  if (kept.binding.directory !== directory.name) {
    throw new Failure(
      'conflict',
      `A test of directory ${kept.binding.directory} was cut off, and its canary waits for its hash. Test that directory first.`,
    );
  }
  const { accountId: id, marker } = kept.binding;
  const hash = await seal.open(plan, kept.wrapped, { keyId: kept.keyId, sealed: kept.sealed }, kept.binding);
  const result = (await directory.restore([{ accountId: id, marker, hash }])).get(id);
  if (result === undefined)
    throw new Failure('directory-unavailable', `Directory ${directory.name} gave no answer for its canary.`);
  run.skip('a test that was cut off is put right', `its canary: ${result}`);
  await keep.clear();
}

async function findCanary(directory: Directory, named: string): Promise<{ id: AccountId; address: string | null }> {
  if (named === '') throw new Failure('nothing-selected', 'Name the canary account.');
  const byId = (await directory.readAccounts([accountId(named)])).get(accountId(named));
  const id = byId?.accountId ?? (await directory.findByAddresses([named])).get(named);
  const account = id === undefined ? undefined : (await directory.readAccounts([id])).get(id);
  if (account === undefined) {
    throw new Failure('not-found', `Directory ${directory.name} has no account with this id or address.`);
  }
  return { id: account.accountId, address: account.address };
}

async function readHash(directory: Directory, id: AccountId): Promise<string>;
async function readHash(directory: Directory, id: AccountId, mayBeNone: true): Promise<string | null>;
async function readHash(directory: Directory, id: AccountId, mayBeNone = false): Promise<string | null> {
  const hash = (await directory.readCredentials([id])).get(id) ?? null;
  if (hash === null && !mayBeNone) {
    throw new Failure(
      'nothing-selected',
      `Account ${id} has no password of its own, or more than one. Take another canary.`,
    );
  }
  return hash;
}

async function sealCanary(
  { directory, seal, digests, keep }: TestDirectoryDeps,
  run: Checks,
  id: AccountId,
  hash: string,
  number: number,
): Promise<KeptCanary> {
  if (hash.startsWith('allclear-q1$')) {
    throw new Failure('conflict', `Account ${id} is quarantined already: the old hash is not there to be tested with.`);
  }
  const restorePoint = restorePointId(number);
  const { wrapped } = await seal.newPlanKey(plan);
  const binding: SealBinding = {
    deployment: plan,
    directory: directory.name,
    plan,
    accountId: id,
    restorePoint,
    marker: seal.marker(directory.name, id, restorePoint),
    hashDigest: digests.sha256(hash),
  };
  const { keyId, sealed } = await seal.seal(plan, wrapped, hash, binding);
  const kept = { binding, keyId, wrapped, sealed };
  const opened = await seal.open(plan, wrapped, { keyId, sealed }, binding);
  await run.expect('the seal opens to the same hash', true, async () => opened === hash);
  // Nothing was taken yet: without a safe copy nothing is.
  await keep.save(kept);
  return kept;
}

async function checkPasswords(
  deps: TestDirectoryDeps,
  run: Checks,
  { password }: TestDirectoryRequest,
  address: string | null,
  hash: string,
  when: 'before' | 'after',
): Promise<void> {
  if (when === 'before') {
    const name = 'the scheme of the hash is one that Allclear verifies';
    const scheme = deps.schemes.schemeOf(hash);
    if (scheme === null) run.skip(name, 'it is not: a leaked password of this directory stays weak evidence');
    else await run.expect(name, true, async () => password === null || deps.schemes.verify(password, hash));
  }
  const name = `the service lets the canary in ${when === 'before' ? 'before' : 'again'}`;
  const { signIn } = deps;
  if (signIn === null || password === null || address === null) {
    run.skip(name, 'real sign-in needs --sign-in and --password-file');
    return;
  }
  await run.expect(name, 'in', () => signIn(address, password));
}

/** Suspends the canary and lets it back in. What a test that was cut off left behind is lifted first. */
async function checkSuspension(
  deps: TestDirectoryDeps,
  run: Checks,
  { restorePoint: number, password }: TestDirectoryRequest,
  { id, address }: { readonly id: AccountId; readonly address: string | null },
): Promise<void> {
  const { directory, seal, signIn } = deps;
  if (!directory.capabilities.suspend) return;
  const markOf = (at: number): string => seal.suspensionMark(directory.name, id, suspensionId(at));
  const act = async (what: 'suspend' | 'reinstate', mark: string): Promise<string> =>
    (await directory[what]([{ accountId: id, mark }])).get(id) ?? 'no answer';
  const suspendedBy = async (): Promise<string | null> => (await directory.readSuspensions([id])).get(id) ?? null;
  const mark = markOf(number);
  await run.expect('the canary is not suspended before', true, async () => {
    const before = await suspendedBy();
    const left = before === null ? null : seal.readSuspensionMark(directory.name, id, before);
    if (before === null || left === null || (suspensionNumber(left) ?? 0) < leastTestNumber) return before === null;
    return (await act('reinstate', before)) === 'swapped';
  });
  await run.expect('the suspension places its mark', 'swapped', () => act('suspend', mark));
  try {
    await run.expect('the mark is read back as it was written', true, async () => (await suspendedBy()) === mark);
    await run.expect('a repeated suspension has no second effect', 'already', () => act('suspend', mark));
    const refusal = 'the service refuses the right password of a suspended account';
    if (signIn === null || password === null || address === null)
      run.skip(refusal, 'real sign-in needs --sign-in and --password-file');
    else await run.expect(refusal, 'refused', () => signIn(address, password));
    await run.expect('another suspension is not lifted', 'changed', () => act('reinstate', markOf(number + 1)));
  } finally {
    await run.expect('lifting takes the mark away', 'swapped', () => act('reinstate', mark));
    await run.expect('a repeated lifting has no second effect', 'already', () => act('reinstate', mark));
  }
}

async function checkSessions({ directory }: TestDirectoryDeps, run: Checks, id: AccountId): Promise<void> {
  const name = 'every session is ended, and a repeated call finds none';
  const { endSessions, countsSessions, sessionsLiveMinutes } = directory.capabilities;
  if (!endSessions) {
    const long = durationInWords(sessionsLiveMinutes ?? 0);
    run.skip(name, `this directory cannot end sessions; by its mapping they end by themselves within ${long}`);
    return;
  }
  if (!countsSessions) {
    await run.expect('what every session carries a copy of is changed', 1, async () =>
      (await directory.endSessions([id])).get(id),
    );
    run.skip(
      name,
      'the directory does not see sessions: sign in by hand before and look whether that session is refused',
    );
    return;
  }
  await run.expect(name, 0, async () => {
    await directory.endSessions([id]);
    return (await directory.endSessions([id])).get(id);
  });
}

async function checkRefusals(
  { signIn }: TestDirectoryDeps,
  run: Checks,
  { password }: TestDirectoryRequest,
  address: string | null,
  hash: string,
  marker: string,
): Promise<void> {
  const attempts: readonly (readonly [string, string | null])[] = [
    ['the old password', password],
    ['the old hash', hash],
    ['the marker', marker],
    ['the empty password', ''],
  ];
  for (const [what, attempt] of attempts) {
    const name = `the service refuses ${what}`;
    if (signIn === null || attempt === null || address === null) {
      run.skip(name, 'real sign-in needs --sign-in and --password-file');
    } else {
      await run.expect(name, 'refused', () => signIn(address, attempt));
    }
  }
}
