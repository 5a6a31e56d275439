import type { HaltPeriod } from '../../domain/rollout/halt-period.ts';
import type { OperatorId } from '../../domain/shared/ids.ts';

export interface StoredPause {
  readonly at: Date;
  readonly by: OperatorId;
  /** For those who read the status. */
  readonly reason: string;
}

/** Pauses of rollouts by people. Times are the database's own. */
export interface PauseStore {
  /** The pause that holds now; null where none does. */
  current(rolloutNo: number): Promise<StoredPause | null>;
  /** How many there ever were: a yes to lifting one fits none after it. */
  count(rolloutNo: number): Promise<number>;
  /** From when to when each of them held. */
  periods(rolloutNo: number): Promise<readonly HaltPeriod[]>;
  begin(rolloutNo: number, by: OperatorId, reason: string): Promise<StoredPause>;
  end(rolloutNo: number): Promise<void>;
}
