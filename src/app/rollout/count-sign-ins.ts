import type { AccountId } from '../../domain/shared/ids.ts';
import type { ContainedPerson, DueSignInCount, TakenSignInCount } from '../ports/control-store.ts';
import type { Directory } from '../ports/directory.ts';
import type { Store } from '../ports/store.ts';

/** Accounts read from the directory at a time; its calls take at most 1,000. */
const page = 1_000;
/**
 * Of a larger wave so many are looked at, in the plan's keyed order: the control group is smaller than that, so more of the wave
 * would tell no more, and the directory is the service's own database.
 */
const peopleMost = 5_000;
/** A worker that did not come back with its count is given up after this: six thousand accounts are read in seconds. */
const leaseSeconds = 120;

export interface CountSignInsDeps {
  readonly store: Store;
  readonly directory: Directory;
}

/**
 * Takes one count that is due: how many of a wave have signed in since they were contained, and how many of the control group in
 * the same time. Both are read at one time, so that the last sign-in of each answers it. False where none is due. Counts alone
 * are kept. `Failure('directory-unavailable')`: it is due still.
 */
export async function countSignIns(deps: CountSignInsDeps): Promise<boolean> {
  if (!deps.directory.capabilities.lastSignIn) return false;
  const due = await deps.store.transact((tx) => tx.controls.claimDue(deps.directory.name, leaseSeconds));
  if (due === null) return false;
  const { people, group } = await deps.store.transact(async (tx) => ({
    people: await tx.controls.contained(due, peopleMost),
    group: (await tx.controls.rows(due.plan)).flatMap(({ accountId }) => (accountId === null ? [] : [accountId])),
  }));
  const signIns = await readAll(deps.directory, [...people.map(({ accountId }) => accountId), ...group]);
  await record(deps.store, due, tally(people, group, signIns));
  return true;
}

/** An account that is gone meanwhile counts on neither side. */
function tally(
  people: readonly ContainedPerson[],
  group: readonly AccountId[],
  signIns: ReadonlyMap<AccountId, Date | null>,
): TakenSignInCount {
  const countedFrom = median(people.map(({ containedAt }) => containedAt));
  const isAfter = (account: AccountId, from: Date): boolean => (signIns.get(account) ?? new Date(0)) > from;
  const here = people.filter(({ accountId }) => signIns.has(accountId));
  const control = group.filter((account) => signIns.has(account));
  return {
    countedFrom,
    people: here.length,
    signedIn: here.filter(({ accountId, containedAt }) => isAfter(accountId, containedAt)).length,
    control: control.length,
    controlSignedIn: countedFrom === null ? 0 : control.filter((account) => isAfter(account, countedFrom)).length,
  };
}

/** People of one wave are contained within minutes of each other; of a straggler the control group need not wait. */
function median(times: readonly Date[]): Date | null {
  const sorted = times.toSorted((a, b) => a.getTime() - b.getTime());
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}

async function readAll(
  directory: Directory,
  accounts: readonly AccountId[],
): Promise<ReadonlyMap<AccountId, Date | null>> {
  const all = new Map<AccountId, Date | null>();
  for (let from = 0; from < accounts.length; from += page)
    for (const [id, at] of await directory.readLastSignIns(accounts.slice(from, from + page))) all.set(id, at);
  return all;
}

async function record(store: Store, due: DueSignInCount, taken: TakenSignInCount): Promise<void> {
  await store.transact(async (tx) => {
    if (!(await tx.controls.record(due, taken))) return;
    const { people, signedIn, control, controlSignedIn } = taken;
    await tx.ledger.append({
      chain: `rollout:${due.rolloutNo}`,
      event: 'control.counted',
      body: { wave: due.wave, ageSeconds: due.ageSeconds, people, signedIn, control, controlSignedIn },
    });
  });
}
