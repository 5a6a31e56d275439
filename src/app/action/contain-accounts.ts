import type { ContainOutcome } from '../../domain/action/contain-outcome.ts';
import { decideContainStep } from '../../domain/action/decide-contain-step.ts';
import type { ClosingOf } from '../../domain/action/decide-contain-step.ts';
import type { RestorePointId } from '../../domain/action/restore-point.ts';
import { assertNever } from '../../domain/shared/assert-never.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { AccountId, PlanId } from '../../domain/shared/ids.ts';
import type { NewRestorePoint, RestorePointStore } from '../ports/restore-point-store.ts';
import { refuseUnfitRequest } from './action-deps.ts';
import type { ActionDeps } from './action-deps.ts';
import { readLiveCredentials } from './read-live-credentials.ts';
import type { LiveCredentials } from './read-live-credentials.ts';
import { sealRestorePoints } from './seal-restore-points.ts';
import type { HashToSeal } from './seal-restore-points.ts';

export type AccountToContain =
  | {
      readonly effect: 'quarantine';
      readonly accountId: AccountId;
      /** SHA-256 (hex) of the stored hash when the plan was frozen; any other hash is left alone. */
      readonly credentialDigest: string;
    }
  /** For accounts without a password: their sessions end, nothing is sealed or swapped. */
  | { readonly effect: 'end-sessions'; readonly accountId: AccountId };

export interface ContainRequest {
  readonly plan: PlanId;
  /** The directory's name as frozen in the plan. */
  readonly directory: string;
  /** At most 1,000, each once. */
  readonly accounts: readonly AccountToContain[];
}

/** What one call knows so far. Accounts leave by an outcome; the rest go on to the next step. */
interface Work {
  readonly request: ContainRequest;
  readonly live: LiveCredentials;
  readonly outcomes: Map<AccountId, ContainOutcome>;
  readonly close: ClosingOf[];
  readonly seal: HashToSeal[];
  readonly swap: Map<AccountId, PointToSwap>;
  /** Accounts that carry the marker, with their restore point, whose sessions are still to end. */
  readonly finish: Map<AccountId, RestorePointId>;
  /** Accounts whose sessions alone are to end. */
  readonly sessionsOnly: AccountId[];
}

type PointToSwap = Pick<NewRestorePoint, 'id' | 'marker'>;

/**
 * Takes each account's password out of use and ends its sessions: seal (commit), swap by compare-and-set, end
 * sessions, receipts (commit). May be repeated, also after a crash anywhere: what was done is found and not done again
 * (I14), and what a directory call left open is `unknown` until it is read back, here or by the next call.
 *
 * Throws only while nothing was taken from anybody by this call: the directory or our own database could not be read,
 * or the seals could not be committed. From the first swap on every account has an answer.
 */
export async function containAccounts(
  deps: ActionDeps,
  request: ContainRequest,
): Promise<ReadonlyMap<AccountId, ContainOutcome>> {
  refuseUnfitRequest(deps, request.directory, request.accounts);
  const work = await decideSteps(deps, request);
  await sealAll(deps, work);
  await swapAll(deps, work);
  const ended = await endAllSessions(deps, work);
  try {
    await recordReceipts(deps, work, ended);
  } catch {
    leaveUnknown(work);
  }
  return work.outcomes;
}

async function decideSteps(deps: ActionDeps, request: ContainRequest): Promise<Work> {
  const ids = request.accounts.filter((account) => account.effect === 'quarantine').map((account) => account.accountId);
  const others = request.accounts.filter((account) => account.effect === 'end-sessions').map((each) => each.accountId);
  const live = await readLiveCredentials(deps, ids);
  const known = await deps.store.transact(async ({ restorePoints }) => ({
    mine: await restorePoints.ofPlan(request.plan, request.directory, ids),
    open: await restorePoints.openOf(request.directory, ids),
    receipts: await restorePoints.receipts(request.plan, request.directory, others),
  }));
  const work: Work = {
    request,
    live,
    outcomes: new Map(),
    close: [],
    seal: [],
    swap: new Map(),
    finish: new Map(),
    sessionsOnly: [],
  };
  for (const account of request.accounts) {
    const { accountId } = account;
    if (account.effect === 'end-sessions') {
      if (known.receipts.has(accountId)) work.outcomes.set(accountId, 'contained');
      else work.sessionsOnly.push(accountId);
      continue;
    }
    const mine = known.mine.get(accountId) ?? null;
    const open = known.open.get(accountId);
    const other = open === undefined || open.plan === request.plan ? null : open;
    const step = decideContainStep(live.of(accountId), mine, other, account.credentialDigest);
    switch (step.kind) {
      case 'done':
        work.outcomes.set(accountId, step.outcome);
        if (step.close !== null) work.close.push(step.close);
        break;
      case 'seal':
        work.seal.push({ accountId, hash: textOf(live, accountId), closeFirst: step.close });
        break;
      case 'swap':
        work.swap.set(accountId, required(mine));
        break;
      case 'finish':
        work.finish.set(accountId, required(mine).id);
        break;
      default:
        assertNever(step);
    }
  }
  return work;
}

async function sealAll(deps: ActionDeps, work: Work): Promise<void> {
  const points = await sealRestorePoints(deps, work.request.plan, work.seal);
  for (const { accountId } of work.seal) {
    const point = points.get(accountId);
    // Somebody else sealed this account at the same moment: the next call reads what came of it.
    if (point === undefined) work.outcomes.set(accountId, 'unknown');
    else work.swap.set(accountId, point);
  }
}

async function swapAll(deps: ActionDeps, work: Work): Promise<void> {
  if (work.swap.size === 0) return;
  const requests = [...work.swap].map(([accountId, point]) => ({
    accountId,
    expectedHash: textOf(work.live, accountId),
    marker: point.marker,
  }));
  let results;
  try {
    results = await deps.directory.quarantine(requests);
  } catch {
    await readSwapsBack(deps, work);
    return;
  }
  for (const [accountId, point] of work.swap) {
    const result = results.get(accountId);
    switch (result) {
      case 'swapped':
      case 'already':
        work.finish.set(accountId, point.id);
        break;
      case 'changed':
        work.outcomes.set(accountId, 'changed-since');
        work.close.push({ id: point.id, as: 'retired' });
        break;
      case 'missing':
        work.outcomes.set(accountId, 'missing');
        break;
      case undefined:
        work.outcomes.set(accountId, 'unknown');
        break;
      default:
        assertNever(result);
    }
  }
}

/** After a call without an answer. A hash that is still there proves nothing: the call may yet arrive. */
async function readSwapsBack(deps: ActionDeps, work: Work): Promise<void> {
  const live = await readLiveCredentials(deps, [...work.swap.keys()]).catch(() => null);
  for (const [accountId, point] of work.swap) {
    const credential = live?.of(accountId);
    if (credential?.kind === 'marker' && credential.restorePoint === point.id) work.finish.set(accountId, point.id);
    else work.outcomes.set(accountId, 'unknown');
  }
}

/** The number of sessions ended per account, or null where the directory gave no answer. */
async function endAllSessions(deps: ActionDeps, work: Work): Promise<ReadonlyMap<AccountId, number> | null> {
  const accounts = [...work.finish.keys(), ...work.sessionsOnly];
  if (accounts.length === 0) return new Map();
  if (!deps.directory.capabilities.endSessions) return leaveSessions(work);
  const ended = await deps.directory.endSessions(accounts).catch(() => null);
  for (const accountId of accounts) {
    if (ended === null) work.outcomes.set(accountId, 'unknown');
    else work.outcomes.set(accountId, ended.has(accountId) ? 'contained' : 'missing');
  }
  return ended;
}

/** Nothing ends and no receipt says so; an account of which nothing but its sessions could be taken was not acted on. */
function leaveSessions(work: Work): ReadonlyMap<AccountId, number> {
  for (const accountId of work.finish.keys()) work.outcomes.set(accountId, 'contained');
  for (const accountId of work.sessionsOnly) work.outcomes.set(accountId, 'failed');
  return new Map();
}

async function recordReceipts(
  deps: ActionDeps,
  work: Work,
  ended: ReadonlyMap<AccountId, number> | null,
): Promise<void> {
  const points = new Map<RestorePointId, number>();
  const accounts = new Map<AccountId, number>();
  for (const [accountId, id] of work.finish) {
    const count = ended?.get(accountId);
    if (count !== undefined) points.set(id, count);
  }
  for (const accountId of work.sessionsOnly) {
    const count = ended?.get(accountId);
    if (count !== undefined) accounts.set(accountId, count);
  }
  if (work.finish.size === 0 && accounts.size === 0 && work.close.length === 0) return;
  const { plan, directory } = work.request;
  await deps.store.transact(async ({ restorePoints }) => {
    await restorePoints.recordContained([...work.finish.values()]);
    await restorePoints.recordSessionsEnded(points);
    await restorePoints.recordSessionsOnly(plan, directory, accounts);
    await closeAll(restorePoints, work.close, plan);
  });
}

/** What was done and could not be recorded: the next call finds it in the directory and records it then. */
function leaveUnknown(work: Work): void {
  for (const accountId of [...work.swap.keys(), ...work.finish.keys(), ...work.sessionsOnly]) {
    work.outcomes.set(accountId, 'unknown');
  }
}

async function closeAll(restorePoints: RestorePointStore, close: readonly ClosingOf[], by: string): Promise<void> {
  for (const as of ['restored', 'retired'] as const) {
    const ids = close.filter((each) => each.as === as).map((each) => each.id);
    if (ids.length > 0) await restorePoints.close(ids, as, by);
  }
}

function textOf(live: LiveCredentials, accountId: AccountId): string {
  return required(live.textOf(accountId));
}

/** The decision to swap, seal or finish was made on this very value. */
function required<T>(value: T | null): T {
  if (value === null) throw new Failure('internal', 'A step was decided on what is not there. Nothing more was done.');
  return value;
}
