import type { SuspensionState } from '../../domain/action/suspension.ts';
import type { LaneWords } from '../../domain/plan/lane-words.ts';
import type { Effect, Lane } from '../../domain/plan/place-account.ts';
import type { TerminalState } from '../../domain/retraction/terminal-state.ts';
import type { AccountId, PlanId, RetractionId } from '../../domain/shared/ids.ts';
import type { Track } from '../../domain/shared/track.ts';

/** One piece of evidence about the account. Never a line number, an address or a password. */
export interface ExplainedEvidence {
  readonly evidence: number;
  readonly batch: string;
  readonly source: string;
  readonly class: string;
  readonly state: 'live' | 'withdrawn';
  readonly cause: string | null;
  readonly at: Date;
  readonly withdrawnAt: Date | null;
  readonly rule: string | null;
  readonly reason: string | null;
}

export interface ExplainedNote {
  readonly attempt: number;
  readonly state: string;
  readonly note: string;
  readonly at: Date;
}

/** What was done to the account; `outcome` is a word of the contain track, read from a verified vector. */
export interface ExplainedContainment {
  readonly outcome: string;
  readonly containedAt: Date | null;
  readonly sessionsEndedAt: Date | null;
  readonly sessionsEnded: number | null;
  readonly notes: readonly ExplainedNote[];
}

export interface ExplainedRestorePoint {
  readonly state: string;
  readonly sealedAt: Date;
  readonly closedAt: Date | null;
  readonly closedBy: string | null;
}

/** A notice or a later letter; `state` is a delivery word, read from a verified vector. */
export interface ExplainedNotice {
  readonly number: string;
  readonly kind: string;
  readonly track: Track;
  readonly state: string;
  /** When its present state was recorded; null where it was never begun. */
  readonly recordedAt: Date | null;
  /** When it is day again where its reader lives; null where it does not wait for that. */
  readonly waitsUntil: Date | null;
  /** Its words leave open whether the notice before it arrived. */
  readonly conditional: boolean;
  readonly notes: readonly ExplainedNote[];
  readonly dispute: { readonly pressedAt: Date; readonly counted: boolean } | null;
  /** What was said of the mail after it was handed over, in order. */
  readonly feedback: readonly ExplainedFeedback[];
}

export interface ExplainedFeedback {
  readonly kind: string;
  /** What a bounce was about; null for the others. */
  readonly class: string | null;
  /** RFC 3463, where one was given. */
  readonly status: string | null;
  readonly source: string;
  readonly at: Date;
}

export interface ExplainedRetraction extends TerminalState {
  readonly retraction: RetractionId;
  /** False: it was drawn up, and nothing of it was done to anybody. */
  readonly started: boolean;
  readonly decision: string;
  readonly reason: string;
  /** A word of the restore track; null where no restore was decided. */
  readonly outcome: string | null;
  readonly recordedAt: Date | null;
}

export interface ExplainedSuspension {
  readonly state: SuspensionState;
  /** The plan's reason, in words. */
  readonly because: string;
  readonly suspendedAt: Date | null;
  readonly lapsesAt: Date | null;
  readonly closedAt: Date | null;
  readonly closedBy: string | null;
}

export type ExplainedPlan =
  | { readonly kind: 'excluded'; readonly plan: PlanId; readonly reason: string; readonly words: string }
  | {
      readonly kind: 'target';
      readonly plan: PlanId;
      readonly lane: Lane;
      readonly laneWords: LaneWords;
      readonly effect: Effect;
      readonly reason: string;
      /** Numbers of the evidence that the plan stood on. */
      readonly evidence: readonly number[];
      readonly containment: ExplainedContainment;
      readonly restorePoint: ExplainedRestorePoint | null;
      readonly suspension: ExplainedSuspension | null;
      readonly notices: readonly ExplainedNotice[];
      readonly retractions: readonly ExplainedRetraction[];
    };

export interface ExplainedEvent {
  readonly at: Date;
  readonly what: string;
  /** The plan, retraction or batch that it belongs to. */
  readonly of: string;
}

/** What holds at this moment. */
export interface KnownNow {
  /** Null: the directory does not answer. */
  readonly inDirectory: boolean | null;
  /** Evidence that would keep a quarantine in place. */
  readonly liveEvidence: number;
  /** The plan that holds the account's password back, if one does. */
  readonly quarantinedBy: PlanId | null;
  readonly words: string;
}

/** The whole story of one account, newest plan first, events in order. */
export interface Explanation {
  readonly accountId: AccountId;
  readonly now: KnownNow;
  readonly evidence: readonly ExplainedEvidence[];
  readonly plans: readonly ExplainedPlan[];
  readonly events: readonly ExplainedEvent[];
}
