import type { PlanId, RetractionId } from '../../domain/shared/ids.ts';
import type { Track } from '../../domain/shared/track.ts';
import type { PermitRow } from './rollout-store.ts';

/** Why nothing may be sent or acted on: this database may be older than the world. */
export interface Behind {
  readonly kind: 'restored' | 'lost';
  readonly reason: string;
  /** The machine that found it. */
  readonly foundOn: string;
  readonly foundAt: Date;
}

/** Whether this database may be believed to be the newest word, and what is done once a person accepted that it is not. */
export interface StandingStore {
  /** Null: nothing stands in the way. */
  behind(): Promise<Behind | null>;
  /** False where it was noted before: the first word stays. */
  noteBehind(found: Omit<Behind, 'foundAt'>): Promise<boolean>;
  clearBehind(): Promise<void>;

  /** The newest entry of a host's journal, when a loss was accepted. */
  noteHeard(host: string, entryHash: string): Promise<void>;
  /** Whether a person accepted a loss knowing this host's journal to exactly this entry. */
  wasHeard(host: string, entryHash: string): Promise<boolean>;

  noteLostStart(subject: PlanId | RetractionId): Promise<void>;
  wasStartLost(subject: PlanId | RetractionId): Promise<boolean>;
  /** Plans and retractions that no rollout of this database is about. */
  notStarted(): Promise<readonly (PlanId | RetractionId)[]>;

  /** Hosts, without their boot, on which workers ran or permits were taken as far as this database knows. */
  workerHosts(): Promise<readonly string[]>;
  /** Every unfinished track halted for this reason, every epoch far beyond what the lost part may have used. */
  haltBeyondLoss(by: string, reason: string): Promise<void>;
  /** Numbers given in the lost part are not given again: each counter goes on far beyond them. */
  skipNumbers(): Promise<void>;
  /** A returned range as it was in the lost part: claimed again, under that attempt. */
  claimAgain(permit: PermitRow, attempt: number, claimable: readonly number[], claimed: number): Promise<PermitRow>;
  /** A range beyond the frontier, claimed in the lost part; opens the waves that it lies in. At most 1,000. */
  claimBeyond(range: {
    readonly rolloutNo: number;
    readonly track: Track;
    readonly from: number;
    readonly size: number;
    readonly claimed: number;
  }): Promise<PermitRow>;
}
