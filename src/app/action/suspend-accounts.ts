import type { ContainOutcome } from '../../domain/action/contain-outcome.ts';
import { decideSuspendStep } from '../../domain/action/decide-suspend-step.ts';
import type { ClosingOfSuspension } from '../../domain/action/decide-suspend-step.ts';
import { isOpenSuspension } from '../../domain/action/suspension.ts';
import type { SuspensionId } from '../../domain/action/suspension.ts';
import { assertNever } from '../../domain/shared/assert-never.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { AccountId, PlanId } from '../../domain/shared/ids.ts';
import type { Suspension, SuspensionStore } from '../ports/suspension-store.ts';
import { readLiveSuspensions } from './suspension-deps.ts';
import type { SuspensionDeps } from './suspension-deps.ts';

export interface SuspendRequest {
  readonly plan: PlanId;
  /** The directory's name as frozen in the plan. */
  readonly directory: string;
  /** Days until it lapses. */
  readonly days: number;
  /** At most 1,000, each once. */
  readonly accounts: readonly AccountId[];
}

/** What one call knows so far. Accounts leave by an outcome; the rest go on to the next step. */
interface Work {
  readonly request: SuspendRequest;
  readonly outcomes: Map<AccountId, ContainOutcome>;
  readonly close: ClosingOfSuspension[];
  readonly mark: AccountId[];
  readonly place: Map<AccountId, Pick<Suspension, 'id' | 'mark'>>;
  /** Accounts that carry the mark, with their suspension, whose sessions are still to end. */
  readonly finish: Map<AccountId, SuspensionId>;
}

/**
 * Suspends each account and ends its sessions: mark (commit), place the mark by compare-and-set, end sessions, receipts
 * (commit). May be repeated, also after a crash anywhere: what was done is found and not done again (I14), and what a
 * directory call left open is `unknown` until it is read back. Whoever was let back in since is not suspended again.
 *
 * Throws only while nobody was suspended by this call.
 */
export async function suspendAccounts(
  deps: SuspensionDeps,
  request: SuspendRequest,
): Promise<ReadonlyMap<AccountId, ContainOutcome>> {
  if (request.directory !== deps.directory.name)
    throw new Failure(
      'environment-mismatch',
      `The plan is for directory ${request.directory}, and this worker is connected to ${deps.directory.name}. Nothing was done.`,
    );
  const work = await decideSteps(deps, request);
  await markAll(deps, work);
  await placeAll(deps, work);
  const ended = await endAllSessions(deps, work);
  try {
    await recordReceipts(deps, work, ended);
  } catch {
    // Done and not recorded: the next call finds it in the directory and records it then.
    for (const id of [...work.place.keys(), ...work.finish.keys()]) work.outcomes.set(id, 'unknown');
  }
  return work.outcomes;
}

async function decideSteps(deps: SuspensionDeps, request: SuspendRequest): Promise<Work> {
  const { plan, directory, accounts } = request;
  const live = await readLiveSuspensions(deps, accounts);
  const known = await deps.store.transact(async ({ suspensions }) => ({
    mine: await suspensions.ofPlan(plan, directory, accounts),
    open: await suspensions.openOf(directory, accounts),
  }));
  const work: Work = { request, outcomes: new Map(), close: [], mark: [], place: new Map(), finish: new Map() };
  for (const id of accounts) {
    const mine = known.mine.get(id) ?? null;
    const open = known.open.get(id);
    const step = decideSuspendStep(live(id), mine, open === undefined || open.plan === plan ? null : open);
    switch (step.kind) {
      case 'done':
        work.outcomes.set(id, step.outcome);
        if (step.close !== null) work.close.push(step.close);
        break;
      case 'mark':
        work.mark.push(id);
        if (step.close !== null) work.close.push(step.close);
        break;
      case 'place':
        work.place.set(id, required(mine));
        break;
      case 'finish':
        work.finish.set(id, required(mine).id);
        break;
      default:
        assertNever(step);
    }
  }
  return work;
}

/** Commits the marks before any is placed, so that whatever the directory carries is known to us. */
async function markAll(deps: SuspensionDeps, work: Work): Promise<void> {
  if (work.mark.length === 0) return;
  const { plan, directory } = work.request;
  const made = await deps.store.transact(async ({ suspensions }) => {
    await closeAll(suspensions, work.close, plan);
    const ids = await suspensions.reserveIds(work.mark.length);
    await suspensions.mark(
      work.mark.map((accountId, at) => {
        const id = required(ids[at] ?? null);
        return { id, directory, accountId, plan, mark: deps.seal.suspensionMark(directory, accountId, id) };
      }),
    );
    return suspensions.ofPlan(plan, directory, work.mark);
  });
  work.close.length = 0;
  for (const id of work.mark) {
    const mine = made.get(id);
    // Another plan was quicker by a moment: the next call reads what came of it.
    if (mine === undefined || !isOpenSuspension(mine.state)) work.outcomes.set(id, 'unknown');
    else work.place.set(id, mine);
  }
}

async function placeAll(deps: SuspensionDeps, work: Work): Promise<void> {
  if (work.place.size === 0) return;
  let results;
  try {
    results = await deps.directory.suspend([...work.place].map(([accountId, { mark }]) => ({ accountId, mark })));
  } catch {
    await readBack(deps, work);
    return;
  }
  for (const [id, mine] of work.place) {
    const result = results.get(id);
    switch (result) {
      case 'swapped':
      case 'already':
        work.finish.set(id, mine.id);
        break;
      case 'changed':
        work.outcomes.set(id, 'already-suspended');
        work.close.push({ id: mine.id, as: 'retired' });
        break;
      case 'missing':
        work.outcomes.set(id, 'missing');
        break;
      case undefined:
        work.outcomes.set(id, 'unknown');
        break;
      default:
        assertNever(result);
    }
  }
}

/** After a call without an answer. An account that carries nothing proves nothing: the call may yet arrive. */
async function readBack(deps: SuspensionDeps, work: Work): Promise<void> {
  const live = await readLiveSuspensions(deps, [...work.place.keys()]).catch(() => null);
  for (const [id, mine] of work.place) {
    const now = live?.(id);
    if (now?.kind === 'ours' && now.suspension === mine.id) work.finish.set(id, mine.id);
    else work.outcomes.set(id, 'unknown');
  }
}

/** The number of sessions ended per account, or null where the directory gave no answer. */
async function endAllSessions(deps: SuspensionDeps, work: Work): Promise<ReadonlyMap<AccountId, number> | null> {
  const accounts = [...work.finish.keys()];
  if (accounts.length === 0) return new Map();
  if (!deps.directory.capabilities.endSessions) {
    for (const id of accounts) work.outcomes.set(id, 'contained');
    return new Map();
  }
  const ended = await deps.directory.endSessions(accounts).catch(() => null);
  for (const id of accounts) {
    if (ended === null) work.outcomes.set(id, 'unknown');
    else work.outcomes.set(id, ended.has(id) ? 'contained' : 'missing');
  }
  return ended;
}

async function recordReceipts(
  deps: SuspensionDeps,
  work: Work,
  ended: ReadonlyMap<AccountId, number> | null,
): Promise<void> {
  if (work.finish.size === 0 && work.close.length === 0) return;
  const counts = new Map<SuspensionId, number>();
  for (const [accountId, id] of work.finish) {
    const count = ended?.get(accountId);
    if (count !== undefined) counts.set(id, count);
  }
  const { plan, days } = work.request;
  await deps.store.transact(async ({ suspensions }) => {
    await suspensions.recordSuspended([...work.finish.values()], days);
    await suspensions.recordSessionsEnded(counts);
    await closeAll(suspensions, work.close, plan);
  });
}

async function closeAll(
  suspensions: SuspensionStore,
  close: readonly ClosingOfSuspension[],
  by: string,
): Promise<void> {
  for (const as of ['retired', 'reinstated', 'lapsed'] as const) {
    const ids = close.filter((each) => each.as === as).map((each) => each.id);
    if (ids.length > 0) await suspensions.close(ids, as, by);
  }
}

/** The decision was made on this very value. */
function required<T>(value: T | null): T {
  if (value === null) throw new Failure('internal', 'A step was decided on what is not there. Nothing more was done.');
  return value;
}
