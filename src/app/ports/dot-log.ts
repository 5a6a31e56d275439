import type { Permit } from '../../domain/rollout/permit.ts';

/** What a worker's local file says of one member of a permit. */
export type DotMark = 'untouched' | 'dot-intended' | { readonly settledAs: number };

export interface PermitDots {
  /**
   * Records that the dot of member `index` is about to be written. False when the permit was taken back meanwhile:
   * then the dot must not be written. Either this call sees the taking back, or the taking back sees this mark.
   */
  intend(index: number): boolean;
  /** Records the outcome byte that the world answered. */
  settle(index: number, outcomeByte: number): void;
  /** No more marks; the file stays until the permit is settled. */
  close(): void;
}

/**
 * One small preallocated local file per permit, one byte per member, written before each dot. After a crash of the
 * process it tells which members were certainly not sent; only loss of the host makes the whole permit unknown.
 */
export interface DotLog {
  /** Names this host and its boot: a permit of another boot has no trustworthy file. */
  readonly host: string;
  begin(permit: Permit): PermitDots;
  /** Takes the permit back and reads its marks; null where this host has no trustworthy file of it. */
  takeBack(permit: Permit, host: string): readonly DotMark[] | null;
  /** The permit is settled in the database; the file has served. */
  discard(permit: Permit): void;
}
