import type { PlanId, RetractionId } from '../../domain/shared/ids.ts';
import type { Track } from '../../domain/shared/track.ts';

/** One permit that this host worked under, and an entry of its (`permit.taken`, `permit.settled`) in the rollout's chain. */
export interface JournalEntry {
  readonly rolloutNo: number;
  readonly seq: number;
  readonly hash: string;
  readonly subject: PlanId | RetractionId;
  readonly track: Track;
  readonly from: number;
  readonly size: number;
  readonly attempt: number;
}

/** A host's own word of what it did, outside the database: it notices when the database has lost a part of it. */
export interface PermitJournal {
  /** The folder of this host's files; the same after a restart and a reboot. */
  readonly host: string;
  /** Why nothing can be noted now (the disk is nearly full), or null. */
  refusal(): string | null;
  /**
   * Noted before anything is done under the permit, and again once it is settled. Throws where it cannot be written: then
   * nothing may be done, and the dot file of what was done may not go.
   */
  note(entry: JournalEntry): void;
  /** The newest entry of a rollout that no accepted loss covers; null where there is none. */
  newest(rolloutNo: number): JournalEntry | null;
  /** Everything since the last accepted loss, of every rollout, in order. */
  entries(): readonly JournalEntry[];
  /** A person accepted the loss of what is noted here: from here on it is not asked of the database any more. */
  close(rolloutNo: number): void;
}
