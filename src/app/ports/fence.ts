import type { Track } from '../../domain/shared/track.ts';

/**
 * What a sender reads last before the irrevocable call. Reading has no tail (0.8 µs); being told has one. It answers
 * no when the track was halted through the permit's epoch, when a HALT file lies in the state folder, when the relay
 * that brings halts from other hosts is down, and when anything of this cannot be read.
 */
export interface Fence {
  mayAct(rolloutNo: number, track: Track, epoch: number): boolean;
  /** Publishes on this host that nothing of the track through `epoch` may act; never lowered again. Needs no lock and no database. */
  close(rolloutNo: number, track: Track, throughEpoch: number): void;
  /** Makes the track's fence on this host, open, unless there is one. */
  ensure(rolloutNo: number, track: Track): void;
  /** Whether a HALT file lies in the state folder, or the folder cannot be read. */
  haltFilePresent(): boolean;
}
