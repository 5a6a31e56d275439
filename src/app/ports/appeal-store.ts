import type { AppealTally } from '../../domain/guardrail/judge-appeals.ts';
import type { Appeal, AppealDecision, AppealLift } from '../../domain/appeal/appeal.ts';
import type { AccountId, AppealId, NoticeNumber, OperatorId, PlanId } from '../../domain/shared/ids.ts';
import type { HolderMailOutcome } from './holder-mailer.ts';

export interface NewAppeal {
  readonly noticeNumber: NoticeNumber;
  readonly rolloutNo: number;
  readonly plan: PlanId;
  readonly accountId: AccountId;
  readonly words: string | null;
}

/** What holders say about notices. Times are the database's own. */
export interface AppealStore {
  /** Null where one is open for this notice already, or `mostPerNotice` were decided. */
  open(appeal: NewAppeal, mostPerNotice: number): Promise<AppealId | null>;
  read(appeal: AppealId): Promise<Appeal | null>;
  lock(appeal: AppealId): Promise<Appeal | null>;
  /** Open ones oldest first, or those that were decided newest first; after the one that is named. At most `limit`. */
  list(of: 'open' | 'decided', limit: number, after: AppealId | null): Promise<readonly Appeal[]>;
  countOpen(): Promise<number>;
  decide(appeal: AppealId, decision: AppealDecision, reason: string, by: OperatorId): Promise<void>;
  noteLifted(appeal: AppealId, lift: AppealLift): Promise<void>;
  /** Whose appeals these are; at most 1,000. */
  accountsOf(appeals: readonly AppealId[]): Promise<ReadonlyMap<AppealId, AccountId>>;
  /** Decided appeals of a plan by the source and rule of the evidence that it stands on; an account counts once, as granted where any was. */
  decidedByRule(plan: PlanId): Promise<readonly AppealTally[]>;
  noteTold(appeal: AppealId, outcome: HolderMailOutcome): Promise<void>;
  /** What its holder was told holds no more: they are to be told anew. */
  askAnswer(appeal: AppealId): Promise<void>;
  /** Whether `takeUntold` would take one. */
  hasUntold(sinceSeconds: number): Promise<boolean>;
  /**
   * Takes one granted appeal about a suspension that is dealt with and whose holder is to be told, decided at least so many seconds
   * ago; from then on it counts as `unknown`, until `noteTold`. Null where there is none.
   */
  takeUntold(sinceSeconds: number): Promise<AppealId | null>;
  ofAccount(account: AccountId): Promise<readonly Appeal[]>;
  /** Erases what its holder wrote; the number of appeals that held something. */
  eraseWords(account: AccountId): Promise<number>;
}
