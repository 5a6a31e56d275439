import type { AccountId, PlanId, RetractionId } from '../../domain/shared/ids.ts';
import type { Effect } from '../../domain/plan/place-account.ts';
import type { FrozenRetraction, RetractionTargetLine } from '../../domain/retraction/frozen-retraction.ts';

/** What is known of one plan target when its retraction is drawn up. Bytes are those of the outcome vectors, null where no permit ever held it. */
export interface TargetHistory {
  readonly ordinal: number;
  readonly accountId: AccountId;
  readonly effect: Effect;
  /** Whether the plan means to tell this account at all. */
  readonly isTold: boolean;
  readonly containByte: number | null;
  readonly tellByte: number | null;
  readonly lateByte: number | null;
  readonly holdingByte: number | null;
  readonly containedAt: Date | null;
  /** When the range with the notice was settled, of the tell and the late track. */
  readonly toldAt: Date | null;
  /** A restore point or a suspension of this plan is open, whether or not its containment was recorded. */
  readonly isSealed: boolean;
  /** An earlier retraction of this plan already gave this account its password back, or it was let in again by a retraction or an appeal. */
  readonly restoredBefore: boolean;
  /** Kinds of the letters that this plan already owes or sent the account: none is written twice (I9). */
  readonly letters: readonly string[];
}

/** A line of a retraction with what its run made of it: bytes of the outcome vectors, null where no permit ever held it. */
export interface RetractionOutcome extends RetractionTargetLine {
  readonly restoreByte: number | null;
  readonly correctByte: number | null;
}

/** Retractions, frozen when they are made, like plans. */
export interface RetractionStore {
  begin(draft: {
    readonly plan: PlanId;
    readonly authorNo: number;
    readonly codeVersion: string;
  }): Promise<RetractionId>;
  addTargets(retraction: RetractionId, targets: readonly RetractionTargetLine[]): Promise<void>;
  freeze(retraction: RetractionId, header: string, digest: string, affected: number): Promise<void>;
  read(retraction: RetractionId): Promise<FrozenRetraction | null>;
  /** Retractions of a plan, newest first. */
  ofPlan(plan: PlanId): Promise<readonly FrozenRetraction[]>;
  /** Histories of a plan's targets by ordinal, at most `limit` (<= 5,000). */
  histories(plan: PlanId, from: number, limit: number): Promise<readonly TargetHistory[]>;
  /** The same for some accounts of the plan, at most 1,000. */
  historiesOf(plan: PlanId, accounts: readonly AccountId[]): Promise<readonly TargetHistory[]>;
  /** Of these accounts, those whom a late notice of the plan tells or told. */
  toldLate(plan: PlanId, accounts: readonly AccountId[]): Promise<ReadonlySet<AccountId>>;
  targets(retraction: RetractionId, from: number, limit: number): Promise<readonly RetractionTargetLine[]>;
  /** Lines with their outcomes by ordinal, `from` included, at most `limit` (<= 5,000). */
  outcomes(retraction: RetractionId, from: number, limit: number): Promise<readonly RetractionOutcome[]>;
  targetsByRestoreOrdinal(
    retraction: RetractionId,
    from: number,
    limit: number,
  ): Promise<readonly RetractionTargetLine[]>;
  targetsOf(
    plan: PlanId,
    account: AccountId,
  ): Promise<readonly (RetractionTargetLine & { readonly retraction: RetractionId })[]>;
}
