import { candidatesPerPlace, kindOf, shareOut } from '../../domain/plan/control-group.ts';
import type { AccountId, PlanId } from '../../domain/shared/ids.ts';
import type { NewControl } from '../ports/control-store.ts';
import type { Digests } from '../ports/digests.ts';
import type { Account } from '../ports/directory.ts';
import type { Tx } from '../ports/store.ts';
import type { DraftPlanDeps } from './plan-draft.ts';

/** Accounts read from the directory at a time; its calls take at most 1,000. */
const page = 1_000;

export interface ControlDraw {
  readonly plan: PlanId;
  readonly orderKey: string;
  readonly addressSalt: string;
  /** People whose password the plan takes and whom it tells, by kind. */
  readonly targets: ReadonlyMap<string, number>;
  readonly most: number;
  readonly now: Date;
}

/**
 * Draws a plan's control group: accounts with a password that no live evidence names and nobody protects, of the kinds that the
 * targets are of, in the order of the plan's key, so that nobody chooses them. They are read and nothing else.
 */
export async function drawControl(deps: DraftPlanDeps, draw: ControlDraw): Promise<void> {
  if (!deps.directory.capabilities.lastSignIn) return;
  const places = new Map(shareOut(draw.targets, draw.most));
  let left = [...places.values()].reduce((sum, count) => sum + count, 0);
  if (left === 0) return;
  const group: NewControl[] = [];
  const candidates = await firstByKey(deps, draw.orderKey, left * candidatesPerPlace);
  for (let from = 0; from < candidates.length && left > 0; from += page) {
    const ids = candidates.slice(from, from + page);
    const free = await unaffected(deps, ids);
    const known = await deps.directory.readAccounts(free);
    const signIns = await deps.directory.readLastSignIns(free);
    for (const id of free) {
      const account = known.get(id);
      if (account === undefined || !account.hasPassword || account.protectedAs !== null) continue;
      const kind = kindOfAccount(account, signIns.get(id) ?? null, draw.now);
      const wanted = places.get(kind) ?? 0;
      if (wanted === 0) continue;
      places.set(kind, wanted - 1);
      left -= 1;
      group.push({ accountId: id, accountDigest: deps.digests.sha256(`${draw.addressSalt}:${id}`) });
    }
  }
  await deps.store.transact((tx) => tx.controls.add(draw.plan, group));
}

export function kindOfAccount(account: Account, lastSignInAt: Date | null, now: Date): string {
  return kindOf({ language: account.language, lastSignInAt }, now);
}

/** The first so many accounts by SHA-256 of the plan's key and their id; twice as many are held at a time, however many there are. */
async function firstByKey(
  { digests, directory }: DraftPlanDeps,
  orderKey: string,
  most: number,
): Promise<readonly AccountId[]> {
  let held: readonly Keyed[] = [];
  let fresh: Keyed[] = [];
  for await (const accounts of directory.listAddresses()) {
    const last = held.length === most ? held.at(-1) : undefined;
    for (const { accountId: id } of accounts) {
      const key = digests.sha256(`${orderKey}:control:${id}`);
      if (last === undefined || key < last.key) fresh.push({ id, key });
    }
    if (fresh.length < most) continue;
    held = firstOf([...held, ...fresh], most);
    fresh = [];
  }
  return firstOf([...held, ...fresh], most).map(({ id }) => id);
}

interface Keyed {
  readonly id: AccountId;
  readonly key: string;
}

function firstOf(keyed: readonly Keyed[], most: number): readonly Keyed[] {
  return keyed.toSorted((a, b) => (a.key < b.key ? -1 : 1)).slice(0, most);
}

/** Those of whom no live evidence speaks, of whatever class, and whose password no plan holds. */
async function unaffected(
  { directory, store }: DraftPlanDeps,
  ids: readonly AccountId[],
): Promise<readonly AccountId[]> {
  return store.transact(async (tx) => {
    const evidence = await tx.evidence.liveEvidence(ids);
    const contained = await tx.restorePoints.openOf(directory.name, ids);
    return ids.filter((id) => !evidence.has(id) && !contained.has(id));
  });
}

/** What a plan's digest covers of its group: SHA-256 over the RFC 8785 lines of the places, each with a line end. */
export async function digestControl(
  digests: Digests,
  tx: Tx,
  plan: PlanId,
): Promise<{ readonly total: number; readonly digest: string }> {
  const hash = digests.sha256Stream();
  const rows = await tx.controls.rows(plan);
  for (const { ordinal, accountDigest } of rows) hash.update(`${digests.canonical({ accountDigest, ordinal })}\n`);
  return { total: rows.length, digest: hash.digest() };
}
