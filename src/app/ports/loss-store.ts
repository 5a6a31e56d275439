import type { LossId } from '../../domain/shared/ids.ts';

/** A loss as it was put forward: exactly what two people sign. */
export interface ProposedLoss {
  /** RFC 8785 text (`lossRecord`). */
  readonly record: string;
  /** SHA-256 of the text, hex. */
  readonly digest: string;
  /** People who would become unknown, as whoever accepts types it. */
  readonly total: number;
  readonly directory: string;
}

export interface StoredLoss extends ProposedLoss {
  readonly loss: LossId;
  readonly proposedAt: Date;
  /** The newest that was put forward, and not accepted yet: the only one that anybody can say yes to. */
  readonly isWaiting: boolean;
}

export interface LossStore {
  propose(loss: ProposedLoss): Promise<LossId>;
  read(loss: LossId): Promise<StoredLoss | null>;
  /** The one that waits; null where none does. */
  waiting(): Promise<StoredLoss | null>;
  /** None of them waits any more: a later loss, even one just like it, is put forward anew. */
  closeAll(): Promise<void>;
}
