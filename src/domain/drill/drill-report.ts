import type { OperatorId } from '../shared/ids.ts';

/** What was measured in a drill. Numbers of people unless the name says otherwise; null where it never came to that. */
export interface DrillFigures {
  /** Made-up people whom the evidence named, and those whom nothing named. */
  readonly named: number;
  readonly bystanders: number;
  /** Contained at the halt. */
  readonly contained: number;
  readonly told: number;
  readonly restored: number;
  readonly kept: number;
  readonly corrected: number;
  /** Of whom anything in the world is not as it has to be. */
  readonly wrong: number;
  /** Mails to an address that nobody of the drill has. */
  readonly strayMails: number;
  /** From the request of the person who halted to the commit. */
  readonly haltMs: number | null;
  /** From the commit to the last final dot that was still written; 0 where none was. */
  readonly lastDotMs: number | null;
  readonly dotsAfterHalt: number | null;
  /** Members inside open permits at that instant: the most that could still happen. */
  readonly inFlightAtHalt: number | null;
  /** From the first mail to the halt, from the halt to the second yes, and from there to the last correction. */
  readonly haltedAfterSeconds: number | null;
  readonly approvedAfterSeconds: number | null;
  readonly restoredAfterSeconds: number | null;
}

export interface DrillReport {
  readonly figures: DrillFigures;
  /** Whose yes the plan was started on, beside a made-up one; null where nobody gave one. */
  readonly agreedBy: OperatorId | null;
  readonly haltedBy: OperatorId | null;
  readonly approvedBy: readonly OperatorId[];
  /** Why it is not passed; none where it is. */
  readonly reasons: readonly string[];
}

/** What a drill is doing, in order. In `agreeing`, `telling` and `approving` it waits for people. */
type DrillStage = 'preparing' | 'agreeing' | 'telling' | 'draining' | 'approving' | 'restoring' | 'judging';

/** Where a drill stands: what the people who take part need for their next command. */
export interface DrillProgress {
  readonly stage: DrillStage;
  readonly plan: string | null;
  /** What one person says yes to before anything starts; null until it is drawn up. */
  readonly agree: { readonly digest: string; readonly total: number } | null;
  /** Mails that the rehearsal mailbox holds. */
  readonly told: number;
  /** What two people approve; null until it is drawn up. */
  readonly retraction: { readonly id: string; readonly digest: string; readonly affected: number } | null;
}
