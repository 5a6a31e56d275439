import { decideReinstateStep } from '../../domain/action/decide-reinstate-step.ts';
import type { RestoreOutcome } from '../../domain/action/restore-outcome.ts';
import type { ClosedSuspension } from '../../domain/action/suspension.ts';
import { assertNever } from '../../domain/shared/assert-never.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { AccountId, PlanId } from '../../domain/shared/ids.ts';
import type { Tx } from '../ports/store.ts';
import type { Suspension } from '../ports/suspension-store.ts';
import { readLiveSuspensions } from './suspension-deps.ts';
import type { SuspensionDeps } from './suspension-deps.ts';

type NeededTx = Pick<Tx, 'suspensions' | 'restorePoints'>;

export interface ReinstateDeps<In extends NeededTx = NeededTx> extends Omit<SuspensionDeps, 'store'> {
  readonly store: { transact<T>(work: (tx: In) => Promise<T>): Promise<T> };
  /** Accounts that live evidence still speaks of. Asked once per call, as the last thing before the directory is. */
  readonly liveEvidence: (accounts: readonly AccountId[]) => Promise<ReadonlySet<AccountId>>;
  /** What has to be recorded together with the end of a suspension, in the same transaction. */
  readonly alsoRecord?: (tx: In, outcomes: ReadonlyMap<AccountId, RestoreOutcome>) => Promise<void>;
}

export interface ReinstateRequest {
  /** Id of what lifts it: a retraction, or an appeal. */
  readonly by: string;
  /** How a suspension ends that is lifted now, or was lifted already without our having recorded it. */
  readonly as: Exclude<ClosedSuspension, 'retired'>;
  /** The plan whose effect is put right: only its own marks are taken away. */
  readonly plan: PlanId;
  readonly directory: string;
  /** At most 1,000, each once. */
  readonly accounts: readonly AccountId[];
}

/**
 * Lets each account back in where the directory still carries this plan's own mark; never where the service, or another plan,
 * suspended it, and never against live evidence. May be repeated, also after a crash anywhere.
 *
 * Throws only while nobody was let in by this call.
 */
export async function reinstateAccounts<In extends NeededTx>(
  deps: ReinstateDeps<In>,
  request: ReinstateRequest,
): Promise<ReadonlyMap<AccountId, RestoreOutcome>> {
  const { plan, directory, accounts } = request;
  if (directory !== deps.directory.name)
    throw new Failure(
      'environment-mismatch',
      `The plan is for directory ${directory}, and this process is connected to ${deps.directory.name}. Nothing was done.`,
    );
  const live = await readLiveSuspensions(deps, accounts);
  const known = await deps.store.transact(async ({ suspensions, restorePoints }) => ({
    mine: await suspensions.ofPlan(plan, directory, accounts),
    receipts: await restorePoints.receipts(plan, directory, accounts),
  }));
  const outcomes = new Map<AccountId, RestoreOutcome>();
  const close = new Map<Suspension, ClosedSuspension>();
  const pending = new Map<AccountId, Suspension>();
  const settle = (id: AccountId, outcome: RestoreOutcome, as: ClosedSuspension | null): void => {
    const mine = known.mine.get(id);
    outcomes.set(id, outcome);
    pending.delete(id);
    if (mine !== undefined && as !== null) close.set(mine, as === 'reinstated' ? request.as : as);
  };
  for (const id of accounts) {
    const mine = known.mine.get(id) ?? null;
    const step = decideReinstateStep(live(id), mine, known.receipts.has(id));
    if (step.kind === 'done') settle(id, step.outcome, step.closeAs);
    else if (mine !== null) pending.set(id, mine);
  }
  if (pending.size > 0) {
    for (const id of await deps.liveEvidence([...pending.keys()]))
      if (pending.has(id)) settle(id, 'held-by-evidence', null);
  }
  await lift(deps, pending, settle);
  try {
    await deps.store.transact(async (tx) => {
      for (const as of ['reinstated', 'lapsed', 'retired'] as const) {
        const ids = [...close].filter(([, closedAs]) => closedAs === as).map(([mine]) => mine.id);
        if (ids.length > 0) await tx.suspensions.close(ids, as, request.by);
      }
      await deps.alsoRecord?.(tx, outcomes);
    });
  } catch {
    // Let in and not recorded: the next call finds it in the directory and records it then.
    for (const [id, outcome] of outcomes)
      if (outcome === 'restored' || outcome === 'already-restored') outcomes.set(id, 'unknown');
  }
  return outcomes;
}

async function lift(
  deps: Pick<SuspensionDeps, 'directory' | 'seal'>,
  pending: ReadonlyMap<AccountId, Suspension>,
  settle: (id: AccountId, outcome: RestoreOutcome, as: ClosedSuspension | null) => void,
): Promise<void> {
  if (pending.size === 0) return;
  const asked = [...pending];
  let results;
  try {
    results = await deps.directory.reinstate(asked.map(([accountId, { mark }]) => ({ accountId, mark })));
  } catch {
    const live = await readLiveSuspensions(
      deps,
      asked.map(([id]) => id),
    ).catch(() => null);
    // A mark that is still there proves nothing: the call may yet arrive.
    for (const [id] of asked) {
      const isIn = live?.(id).kind === 'none';
      settle(id, isIn ? 'restored' : 'unknown', isIn ? 'reinstated' : null);
    }
    return;
  }
  for (const [id] of asked) {
    const result = results.get(id);
    switch (result) {
      case 'swapped':
        settle(id, 'restored', 'reinstated');
        break;
      case 'already':
        settle(id, 'already-restored', 'reinstated');
        break;
      case 'changed':
        settle(id, 'changed-since', 'retired');
        break;
      case 'missing':
        settle(id, 'missing', null);
        break;
      case undefined:
        settle(id, 'unknown', null);
        break;
      default:
        assertNever(result);
    }
  }
}
