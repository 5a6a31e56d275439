import type { ClosedSuspension, SuspensionFacts, SuspensionId } from '../../domain/action/suspension.ts';
import type { AccountId, PlanId } from '../../domain/shared/ids.ts';

/** A suspension that is about to be placed. */
export interface NewSuspension {
  readonly id: SuspensionId;
  readonly directory: string;
  readonly accountId: AccountId;
  readonly plan: PlanId;
  readonly mark: string;
}

export interface Suspension extends NewSuspension, SuspensionFacts {
  /** When it is over by itself; null until the account was suspended. */
  readonly lapsesAt: Date | null;
  readonly sessionsEnded: number | null;
  /** The granted appeal that wants it lifted; null where none does. */
  readonly liftAskedBy: string | null;
  readonly closedAt: Date | null;
  /** Id of a retraction, a plan or an appeal, or one word. */
  readonly closedBy: string | null;
}

/**
 * Suspensions and the receipts of them. Lists take at most 1,000 a call. Receipts are facts: they are recorded once, and the
 * first time stands. Times are the database's own.
 */
export interface SuspensionStore {
  /** Fresh ids, in ascending order; ids that are never used leave a gap. */
  reserveIds(count: number): Promise<readonly SuspensionId[]>;
  /** Leaves out accounts that have an open suspension, or ever had one of this plan. */
  mark(suspensions: readonly NewSuspension[]): Promise<void>;
  /** The plan's suspension of each account, in whatever state. */
  ofPlan(plan: PlanId, directory: string, accounts: readonly AccountId[]): Promise<ReadonlyMap<AccountId, Suspension>>;
  /** The open suspension of each account, of whatever plan. */
  openOf(directory: string, accounts: readonly AccountId[]): Promise<ReadonlyMap<AccountId, Suspension>>;
  /** The directory carries the mark; it lapses so many days from now. */
  recordSuspended(ids: readonly SuspensionId[], days: number): Promise<void>;
  recordSessionsEnded(ended: ReadonlyMap<SuspensionId, number>): Promise<void>;
  /** Closes those that are open and answers which; the first to close one stands. `by` is an id, or a reason in one word. */
  close(ids: readonly SuspensionId[], as: ClosedSuspension, by: string): Promise<readonly SuspensionId[]>;
  askLift(id: SuspensionId, by: string): Promise<void>;
  /**
   * Open suspensions whose time is over, and those that a granted appeal wants lifted; the oldest first, at most `limit`. What
   * would lapse waits while its plan is halted and no retraction of it runs.
   */
  toLift(directory: string, limit: number): Promise<readonly Suspension[]>;
  /** Open ones whose sessions were ended `seconds` ago or longer and that were not looked at since, at most 1,000. */
  dueForLateSessions(directory: string, seconds: number): Promise<readonly Suspension[]>;
  recordLateSessions(ids: readonly SuspensionId[]): Promise<void>;
  /** How many suspensions of a plan single persons had lifted by granting appeals, those that still wait included. */
  liftedByAppeal(plan: PlanId): Promise<number>;
  /** How many accounts of a plan are, or may be, suspended by it now. */
  countOpen(plan: PlanId): Promise<number>;
}
