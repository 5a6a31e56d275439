import type { AccountId, PlanDigest, PlanId } from '../../domain/shared/ids.ts';
import type { FrozenPlan, PlanAction, PlanExclusionLine, PlanTargetLine } from '../../domain/plan/frozen-plan.ts';
import type { Effect, Lane } from '../../domain/plan/place-account.ts';

/** A target before the order is known. `sortKey` is SHA-256(order key, account id). */
export interface DraftTarget {
  readonly accountId: AccountId;
  readonly sortKey: string;
  readonly lane: Lane;
  readonly effect: Effect;
  readonly tell: boolean;
  readonly address: string | null;
  readonly addressDigest: string | null;
  readonly language: string | null;
  readonly timeZone: string | null;
  readonly credentialDigest: string | null;
  readonly evidenceNos: readonly number[];
  readonly reason: string;
  readonly noticeNumber: string;
}

/** Waves of notices that wait for their readers' hours; `defaultZone` is for those whose zone is unknown. */
export interface ZonedWaves {
  readonly tellEnds: readonly number[];
  readonly fromOrdinal: number;
  readonly defaultZone: string;
}

/** A target as it runs: the exported line and the address, which never leaves by an export. */
export interface StoredTarget extends PlanTargetLine {
  readonly address: string | null;
}

export interface PlanSummary {
  readonly id: PlanId;
  readonly digest: PlanDigest;
  readonly total: number;
  readonly action: PlanAction;
  readonly directory: string;
  readonly createdAt: Date;
}

/** Targets that are alike in what the plan does with them. */
export interface TargetTally {
  readonly lane: Lane;
  readonly effect: Effect;
  readonly told: boolean;
  readonly hasAddress: boolean;
  readonly reason: string;
  readonly count: number;
}

/** Against the plan of the same directory that was frozen before this one. */
export interface PlanDifference {
  readonly previous: PlanId;
  readonly added: number;
  readonly removed: number;
  readonly kept: number;
}

/** Plans: rows are added while drafting, ordered and frozen in one transaction, never changed after. */
export interface PlanStore {
  begin(draft: {
    readonly directory: string;
    readonly action: string;
    readonly authorNo: number;
    readonly codeVersion: string;
    readonly addressSalt: string;
  }): Promise<PlanId>;
  addDraftTargets(plan: PlanId, targets: readonly DraftTarget[]): Promise<void>;
  addExclusions(plan: PlanId, exclusions: readonly PlanExclusionLine[]): Promise<void>;
  /** How many of a draft's rows are told. */
  countDraftTold(plan: PlanId): Promise<number>;
  /**
   * Gives every draft row its ordinals, in sort-key order, and removes the draft rows. With `zones`, each wave of notices
   * from `fromOrdinal` on is ordered by time zone first, so that a range of it can be of one zone.
   */
  orderTargets(plan: PlanId, zones: ZonedWaves | null): Promise<{ readonly total: number; readonly told: number }>;
  /** Ordered rows get their header, and their counts are kept: nothing changes them after. */
  freeze(plan: PlanId, header: string, digest: PlanDigest, total: number): Promise<void>;
  /** Removes a draft that was refused. A frozen plan is never removed. */
  discard(plan: PlanId): Promise<void>;

  /** Null where there is no such plan, or it was never frozen. */
  read(plan: PlanId): Promise<FrozenPlan | null>;
  /** Newest first, those older than `before`; null from the newest. */
  list(limit: number, before?: PlanId | null): Promise<readonly PlanSummary[]>;
  addressSalt(plan: PlanId): Promise<string>;
  /** Targets by ordinal, `from` included, at most `limit` (<= 5,000). */
  targets(plan: PlanId, from: number, limit: number): Promise<readonly StoredTarget[]>;
  targetsByContainOrdinal(plan: PlanId, from: number, limit: number): Promise<readonly StoredTarget[]>;
  /** The targets of these ordinals (at most 5,000), by ordinal. */
  targetsAt(plan: PlanId, ordinals: readonly number[]): Promise<readonly StoredTarget[]>;
  targetsOf(plan: PlanId, accounts: readonly AccountId[]): Promise<readonly StoredTarget[]>;
  /** Exclusions in account order, after `afterAccount`, at most `limit` (<= 5,000). */
  exclusions(plan: PlanId, afterAccount: string, limit: number): Promise<readonly PlanExclusionLine[]>;
  /** All targets in groups; the counts add up to the plan's total. */
  tallyTargets(plan: PlanId): Promise<readonly TargetTally[]>;
  /** Null for the first plan of a directory. */
  differenceToPrevious(plan: PlanId): Promise<PlanDifference | null>;
  exclusionsByReason(plan: PlanId): Promise<Readonly<Record<string, number>>>;
  /** Plans in which an account is a target or was left out, newest first. */
  plansOf(account: AccountId): Promise<readonly { readonly plan: PlanId; readonly excluded: string | null }[]>;
  /** One start at a time in this directory, until the transaction ends: its budgets are counted and used in one. */
  lockStarts(directory: string): Promise<void>;
  /** People acted on by started plans of this directory in the last `hours`; for budgets. */
  startedTargetsWithin(directory: string, hours: number): Promise<number>;
}
