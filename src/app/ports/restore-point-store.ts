import type { ClosedState, RestorePointId, RestorePointState } from '../../domain/action/restore-point.ts';
import type { AccountId, PlanId } from '../../domain/shared/ids.ts';

/** A plan's data key as stored: wrapped by the sealing key, empty once destroyed. */
export interface PlanKey {
  readonly keyId: string;
  readonly wrapped: Uint8Array;
}

/** A prior credential, sealed and not yet taken away. */
export interface NewRestorePoint {
  readonly id: RestorePointId;
  readonly directory: string;
  readonly accountId: AccountId;
  readonly plan: PlanId;
  readonly keyId: string;
  /** Empty once destroyed. */
  readonly sealed: Uint8Array;
  /** SHA-256 of the sealed hash, hex. */
  readonly hashDigest: string;
  readonly marker: string;
}

export interface RestorePoint extends NewRestorePoint {
  readonly state: RestorePointState;
  readonly sealedAt: Date;
  /** When our marker was first seen in the directory: the receipt of the quarantine. */
  readonly containedAt: Date | null;
  /** The receipt of the sessions' end, with their number. */
  readonly sessionsEndedAt: Date | null;
  readonly sessionsEnded: number | null;
  readonly closedAt: Date | null;
  readonly closedBy: string | null;
}

/** What a plan did to one account, as a notice may claim it. Null: it has not happened, or is not known to have. */
export interface ContainReceipt {
  readonly containedAt: Date | null;
  readonly sessionsEndedAt: Date | null;
  readonly sessionsEnded: number | null;
}

/**
 * Sealed prior credentials and the receipts of what was done. Lists take at most 1,000 accounts a call. Receipts are
 * facts: they are recorded once, the first time stands, and closing a restore point does not stop them.
 */
export interface RestorePointStore {
  /** The plan's key, or null where none was made yet. */
  planKey(plan: PlanId): Promise<PlanKey | null>;
  /** Keeps the first key that a plan is given: of two workers that start together, both go on under the winner's. */
  addPlanKey(plan: PlanId, key: PlanKey): Promise<void>;
  /** Fresh ids, in ascending order; ids that are never used leave a gap. */
  reserveIds(count: number): Promise<readonly RestorePointId[]>;
  /** Seals many. An account that has an open restore point, or ever had one of this plan, is left out of the answer. */
  seal(points: readonly NewRestorePoint[]): Promise<ReadonlySet<RestorePointId>>;
  /** The plan's restore point of each account, in whatever state. */
  ofPlan(
    plan: PlanId,
    directory: string,
    accounts: readonly AccountId[],
  ): Promise<ReadonlyMap<AccountId, RestorePoint>>;
  /** The open restore point of each account, of whatever plan. */
  openOf(directory: string, accounts: readonly AccountId[]): Promise<ReadonlyMap<AccountId, RestorePoint>>;
  /** The newest restore point of an account that hosted recovery retired (`by` is `recovery`) and whose seal still opens. */
  recoveredOf(directory: string, account: AccountId): Promise<RestorePoint | null>;
  byId(id: RestorePointId): Promise<RestorePoint | null>;
  /** A plan's restore points after `after` (0 to begin), in order of their numbers, at most `limit` (<= 1,000). */
  pageOfPlan(plan: PlanId, after: number, limit: number): Promise<readonly RestorePoint[]>;
  recordContained(ids: readonly RestorePointId[]): Promise<void>;
  recordSessionsEnded(ended: ReadonlyMap<RestorePointId, number>): Promise<void>;
  /** Open restore points whose sessions were ended `seconds` ago or longer and that were not looked at since, at most 1,000. */
  dueForLateSessions(plan: PlanId, directory: string, seconds: number): Promise<readonly RestorePoint[]>;
  /** Plans that have any such restore point. */
  plansDueForLateSessions(directory: string, seconds: number): Promise<readonly PlanId[]>;
  /** Each was looked at, and this many late sessions were ended. */
  recordLateSessionsEnded(ended: ReadonlyMap<RestorePointId, number>): Promise<void>;
  /** The receipt of a plan that ends sessions and leaves the credential alone. */
  recordSessionsOnly(plan: PlanId, directory: string, ended: ReadonlyMap<AccountId, number>): Promise<void>;
  /** What the plan did to each account; an account to which it did nothing is absent. */
  receipts(
    plan: PlanId,
    directory: string,
    accounts: readonly AccountId[],
  ): Promise<ReadonlyMap<AccountId, ContainReceipt>>;
  /** Closes those that are open; the first to close one stands. `by` is an id of a retraction or plan, or a reason in one word. */
  close(ids: readonly RestorePointId[], as: ClosedState, by: string): Promise<void>;
  /**
   * Destroys the plan's key and every sealed hash under it, for ever: open restore points end as `destroyed`, and how the
   * others ended stays known. The number of hashes destroyed.
   */
  destroyPlan(plan: PlanId, by: string): Promise<number>;
}
