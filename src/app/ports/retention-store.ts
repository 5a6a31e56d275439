import type { AccountId, BatchId, PlanId } from '../../domain/shared/ids.ts';

/** A batch whose sealed line numbers can still be opened, with the frozen plans that stand on it. */
export interface BatchWithLines {
  readonly batch: BatchId;
  /** When its reading ended, or began where it was abandoned. */
  readonly readAt: Date;
  readonly plans: readonly PlanId[];
}

/** Restore points that were closed and can still be opened, by plan. */
export interface ClosedPoints {
  readonly plan: PlanId;
  readonly count: number;
}

/** What is kept for a time and then destroyed. Times are compared by the database's clock. */
export interface RetentionStore {
  now(): Promise<Date>;
  /** Forgets what was leased to single domains, where nothing was for so many days; the number of them, at most `limit`. */
  forgetDomainRates(unusedDays: number, limit: number): Promise<number>;
  /** Plans whose key can still be opened, oldest first, at most `limit`. */
  plansWithKeys(limit: number): Promise<readonly PlanId[]>;
  isKeyDestroyed(plan: PlanId): Promise<boolean>;
  /** Restore points of a plan that can still be opened. */
  countSealed(plan: PlanId): Promise<number>;
  closedPoints(closedDaysAgo: number): Promise<readonly ClosedPoints[]>;
  /** Destroys the seals of a plan's restore points that were closed so long ago; the number of them. */
  destroyClosedPoints(plan: PlanId, closedDaysAgo: number): Promise<number>;
  /** Batches that are not being read, oldest first, at most `limit`. It reads the evidence of each: one pass of an index. */
  batchesWithLines(limit: number): Promise<readonly BatchWithLines[]>;
  /** Drafts that were begun so long ago and never frozen: their server ended while they were drawn up. Oldest first, locked. */
  abandonedDrafts(begunSecondsAgo: number, limit: number): Promise<readonly PlanId[]>;
  /** Frozen plans that still hold addresses, oldest first, at most `limit`. */
  plansWithAddresses(limit: number): Promise<readonly PlanId[]>;
  countAddresses(plan: PlanId): Promise<number>;
  /**
   * Erases addresses of a plan, at most `limit` a call, and leaves beside each its salted digest as the directory compares
   * it; the number of them. Notes, with fewer than `limit`, that none is left.
   */
  eraseAddresses(plan: PlanId, limit: number): Promise<number>;
  /** The salted digest that an erased address left behind, hex; null where none was erased. */
  addressCheck(plan: PlanId, account: AccountId): Promise<string | null>;
  /** Destroys sealed line numbers of a batch, at most `limit` pieces of evidence a call; the number of them. */
  destroyLines(batch: BatchId, limit: number): Promise<number>;
}
