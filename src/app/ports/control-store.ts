import type { AccountId, PlanId } from '../../domain/shared/ids.ts';

export interface NewControl {
  readonly accountId: AccountId;
  /** SHA-256 of the plan's salt and the account id. */
  readonly accountDigest: string;
}

/** One place of the group; the account is null once it was erased. */
export interface ControlRow {
  readonly ordinal: number;
  readonly accountId: AccountId | null;
  readonly accountDigest: string;
}

/** A count that is due and that the caller alone may take now. */
export interface DueSignInCount {
  readonly plan: PlanId;
  readonly rolloutNo: number;
  readonly wave: number;
  readonly ageSeconds: number;
}

/** Somebody of a wave, whom the plan's own receipt says to be contained. */
export interface ContainedPerson {
  readonly accountId: AccountId;
  readonly containedAt: Date;
}

export interface TakenSignInCount {
  /** Sign-ins of the control group count from here. */
  readonly countedFrom: Date | null;
  readonly people: number;
  readonly signedIn: number;
  readonly control: number;
  readonly controlSignedIn: number;
}

/** A count of one wave at one age; `taken` is null until it was counted. */
export interface SignInCount {
  /** 1 for the first wave of notices. */
  readonly wave: number;
  readonly ageSeconds: number;
  readonly toldAt: Date;
  readonly dueAt: Date;
  readonly readAt: Date | null;
  readonly taken: TakenSignInCount | null;
}

/** Control groups of plans, and what is counted beside them. Times are the database's own. */
export interface ControlStore {
  /** Adds places in this order while the plan is a draft. Whoever the draft speaks about is left out. */
  add(plan: PlanId, group: readonly NewControl[]): Promise<void>;
  /** All places, by ordinal. */
  rows(plan: PlanId): Promise<readonly ControlRow[]>;
  /** The notices of a wave are out: its counts are due so many seconds from now. Nothing where the plan has no group. */
  schedule(plan: PlanId, wave: number, agesSeconds: readonly number[]): Promise<void>;
  /** The count that is due longest and that nobody is at, claimed for so many seconds; null where none is due. */
  claimDue(directory: string, leaseSeconds: number): Promise<DueSignInCount | null>;
  /** People of a wave of notices whose password is out of use by this plan, in the plan's keyed order; at most `limit`. */
  contained(due: DueSignInCount, limit: number): Promise<readonly ContainedPerson[]>;
  /** False where somebody else had counted it already. */
  record(due: DueSignInCount, taken: TakenSignInCount): Promise<boolean>;
  /** By wave and age. */
  counts(plan: PlanId): Promise<readonly SignInCount[]>;
  /** Plans that an account stands beside. */
  plansOf(account: AccountId): Promise<readonly { readonly plan: PlanId; readonly frozenAt: Date }[]>;
  /** The number of groups that it was taken out of. */
  erase(account: AccountId): Promise<number>;
  /**
   * Plans of which nothing is left to count, or that were frozen so many days ago, and whose groups still name accounts; at most
   * `limit`.
   */
  outlived(days: number, limit: number): Promise<readonly PlanId[]>;
  /** Takes every account out of a plan's group; how many. */
  forget(plan: PlanId): Promise<number>;
}
