import { decideRestoreStep } from '../../domain/action/decide-restore-step.ts';
import type { ClosedState, RestorePointId } from '../../domain/action/restore-point.ts';
import type { RestoreOutcome } from '../../domain/action/restore-outcome.ts';
import { assertNever } from '../../domain/shared/assert-never.ts';
import type { AccountId, PlanId, RetractionId } from '../../domain/shared/ids.ts';
import type { PlanKey, RestorePoint } from '../ports/restore-point-store.ts';
import { refuseUnfitRequest } from './action-deps.ts';
import type { ActionDeps } from './action-deps.ts';
import { openRestorePoint } from './open-restore-point.ts';
import { readLiveCredentials } from './read-live-credentials.ts';

export interface RestoreDeps extends ActionDeps {
  /**
   * Accounts that any live evidence, or a verified verdict of the withdrawn batch itself, says are known to others
   * (I16). Asked once per call, as the last thing before the directory is.
   */
  readonly liveEvidence: (accounts: readonly AccountId[]) => Promise<ReadonlySet<AccountId>>;
}

export interface RestoreRequest {
  readonly retraction: RetractionId;
  /** The plan whose effect is put right: only its own markers are replaced. */
  readonly plan: PlanId;
  /** The directory's name as frozen in the plan. */
  readonly directory: string;
  /** At most 1,000, each once. */
  readonly accounts: readonly AccountId[];
}

interface Work {
  readonly request: RestoreRequest;
  readonly key: PlanKey | null;
  readonly outcomes: Map<AccountId, RestoreOutcome>;
  readonly close: Map<RestorePointId, ClosedState>;
  /** Accounts that carry our marker and may yet get their old hash back. */
  readonly pending: Map<AccountId, RestorePoint>;
}

/**
 * Gives each account its old hash back, byte for byte, where the directory still carries this plan's own marker. Never
 * over a newer password (I15), never against live evidence (I16), and never before its sessions were ended, so that
 * none comes back to life. May be repeated, also after a crash anywhere. The rollout of the plan must be drained.
 *
 * Throws only while nothing was given back by this call: the directory, our database or the evidence could not be read,
 * or not one seal of the call opens (`Failure('seal-broken' | 'key-missing')`).
 */
export async function restoreAccounts(
  deps: RestoreDeps,
  request: RestoreRequest,
): Promise<ReadonlyMap<AccountId, RestoreOutcome>> {
  refuseUnfitRequest(
    deps,
    request.directory,
    request.accounts.map((accountId) => ({ accountId })),
  );
  const work = await decideSteps(deps, request);
  const hashes = await openSeals(deps, work);
  await endSessionsFirst(deps, work);
  await holdByEvidence(deps, work);
  await giveBack(deps, work, hashes);
  try {
    await closeAll(deps, work);
  } catch {
    // Given back and not recorded: the next call finds it in the directory and records it then.
    for (const [accountId, outcome] of work.outcomes) {
      if (outcome === 'restored' || outcome === 'already-restored') work.outcomes.set(accountId, 'unknown');
    }
  }
  return work.outcomes;
}

/** Whatever became of it before: what it held is gone. */
function asReadable(point: RestorePoint | null): RestorePoint | null {
  return point !== null && point.sealed.length === 0 ? { ...point, state: 'destroyed' } : point;
}

async function decideSteps(deps: RestoreDeps, request: RestoreRequest): Promise<Work> {
  const { plan, directory, accounts } = request;
  const live = await readLiveCredentials(deps, accounts);
  const known = await deps.store.transact(async ({ restorePoints }) => ({
    key: await restorePoints.planKey(plan),
    points: await restorePoints.ofPlan(plan, directory, accounts),
    receipts: await restorePoints.receipts(plan, directory, accounts),
  }));
  const work: Work = { request, key: known.key, outcomes: new Map(), close: new Map(), pending: new Map() };
  for (const accountId of accounts) {
    const point = known.points.get(accountId) ?? null;
    const step = decideRestoreStep(live.of(accountId), asReadable(point), known.receipts.has(accountId));
    if (step.kind === 'done') settle(work, accountId, point, step.outcome, step.closeAs);
    else if (point !== null) work.pending.set(accountId, point);
  }
  // The marker was seen: the swap happened, even where a crash kept its receipt from us. Recorded before it is undone,
  // so that no late call of the plan takes this account for one that is still to be contained.
  const unrecorded = [...work.pending.values()].filter((point) => point.containedAt === null).map((point) => point.id);
  if (unrecorded.length > 0) await deps.store.transact((tx) => tx.restorePoints.recordContained(unrecorded));
  return work;
}

/** One seal that does not open is that account's trouble; none that opens is a wrong or lost key, and a person's. */
async function openSeals(deps: RestoreDeps, work: Work): Promise<ReadonlyMap<AccountId, string>> {
  const hashes = new Map<AccountId, string>();
  let lastCause: unknown = null;
  for (const [accountId, point] of work.pending) {
    try {
      hashes.set(accountId, await openRestorePoint(deps, work.key, point));
    } catch (cause) {
      lastCause = cause;
    }
  }
  if (lastCause !== null && hashes.size === 0) throw lastCause;
  for (const accountId of work.pending.keys()) {
    if (!hashes.has(accountId)) leave(work, accountId, 'failed', null);
  }
  return hashes;
}

async function endSessionsFirst(deps: RestoreDeps, work: Work): Promise<void> {
  const alive = [...work.pending].filter(([, point]) => point.sessionsEndedAt === null);
  // Where sessions cannot be ended, none was, and giving a password back revives none.
  if (alive.length === 0 || !deps.directory.capabilities.endSessions) return;
  const ended = await deps.directory.endSessions(alive.map(([accountId]) => accountId)).catch(() => null);
  const receipts = new Map<RestorePointId, number>();
  for (const [accountId, point] of alive) {
    const count = ended?.get(accountId);
    if (count === undefined) leave(work, accountId, 'failed', null);
    else receipts.set(point.id, count);
  }
  if (receipts.size > 0) await deps.store.transact((tx) => tx.restorePoints.recordSessionsEnded(receipts));
}

async function holdByEvidence(deps: RestoreDeps, work: Work): Promise<void> {
  if (work.pending.size === 0) return;
  const held = await deps.liveEvidence([...work.pending.keys()]);
  for (const accountId of held) {
    if (work.pending.has(accountId)) leave(work, accountId, 'held-by-evidence', null);
  }
}

async function giveBack(deps: RestoreDeps, work: Work, hashes: ReadonlyMap<AccountId, string>): Promise<void> {
  if (work.pending.size === 0) return;
  const requests = [...work.pending].flatMap(([accountId, { marker }]) => {
    const hash = hashes.get(accountId);
    return hash === undefined ? [] : [{ accountId, marker, hash }];
  });
  let results;
  try {
    results = await deps.directory.restore(requests);
  } catch {
    await readBack(deps, work);
    return;
  }
  for (const accountId of work.pending.keys()) {
    const result = results.get(accountId);
    switch (result) {
      case 'swapped':
        leave(work, accountId, 'restored', 'restored');
        break;
      case 'already':
        leave(work, accountId, 'already-restored', 'restored');
        break;
      case 'changed':
        leave(work, accountId, 'changed-since', 'retired');
        break;
      case 'missing':
        leave(work, accountId, 'missing', null);
        break;
      case undefined:
        leave(work, accountId, 'unknown', null);
        break;
      default:
        assertNever(result);
    }
  }
}

/** After a call without an answer. A marker that is still there proves nothing: the call may yet arrive. */
async function readBack(deps: RestoreDeps, work: Work): Promise<void> {
  const live = await readLiveCredentials(deps, [...work.pending.keys()]).catch(() => null);
  for (const [accountId, point] of work.pending) {
    const credential = live?.of(accountId);
    const isBack = credential?.kind === 'hash' && credential.digest === point.hashDigest;
    leave(work, accountId, isBack ? 'restored' : 'unknown', isBack ? 'restored' : null);
  }
}

function leave(work: Work, accountId: AccountId, outcome: RestoreOutcome, closeAs: ClosedState | null): void {
  settle(work, accountId, work.pending.get(accountId) ?? null, outcome, closeAs);
  work.pending.delete(accountId);
}

function settle(
  work: Work,
  accountId: AccountId,
  point: RestorePoint | null,
  outcome: RestoreOutcome,
  closeAs: ClosedState | null,
): void {
  work.outcomes.set(accountId, outcome);
  if (point !== null && closeAs !== null) work.close.set(point.id, closeAs);
}

async function closeAll(deps: RestoreDeps, work: Work): Promise<void> {
  if (work.close.size === 0) return;
  await deps.store.transact(async ({ restorePoints }) => {
    for (const as of ['restored', 'retired'] as const) {
      const ids = [...work.close].filter(([, closedAs]) => closedAs === as).map(([id]) => id);
      if (ids.length > 0) await restorePoints.close(ids, as, work.request.retraction);
    }
  });
}
