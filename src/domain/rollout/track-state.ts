import type { Track } from '../shared/track.ts';

export type TrackPhase = 'running' | 'halted' | 'finished';

/** A track as it is stored. `waveEnds` are cumulative; ordinals below `openTo` may be claimed. */
export interface TrackState {
  readonly track: Track;
  readonly phase: TrackPhase;
  readonly reasons: readonly string[];
  readonly epoch: number;
  readonly members: number;
  readonly waveEnds: readonly number[];
  readonly soakSeconds: readonly number[];
  readonly wavesOpened: number;
  readonly openTo: number;
  readonly nextOrdinal: number;
  readonly waveOpenedAt: Date | null;
  readonly waveSettledAt: Date | null;
}

/** What the permits of a track add up to. `settled` counts members of ranges whose outcome is final. */
export interface TrackTally {
  readonly settled: number;
  readonly openPermits: number;
  /** Members inside open permits: what may still happen after a halt. */
  readonly inFlight: number;
  /** Every contain ordinal below this is settled. */
  readonly settledBelow: number;
}

export function soakSecondsOf(track: TrackState, wave: number): number {
  return track.soakSeconds[Math.min(wave, track.soakSeconds.length - 1)] ?? 0;
}
