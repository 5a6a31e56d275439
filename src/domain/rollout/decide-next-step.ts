import type { WavePlan } from '../plan/waves.ts';
import { soakSecondsOf } from './track-state.ts';
import type { TrackState, TrackTally } from './track-state.ts';

/** What the gates say of a track now. `fail` halts at once, `inconclusive` holds the next wave. */
export interface GateVerdict {
  readonly gate: string;
  readonly result: 'pass' | 'fail' | 'inconclusive';
  readonly reason: string;
  /** What two people may go on over, for this wave alone: absent where nobody may. `count` is how much of it there is. */
  readonly cause?: { readonly word: string; readonly count: number } | undefined;
}

export type NextStep =
  | { readonly kind: 'open-wave'; readonly wave: number; readonly openTo: number }
  | { readonly kind: 'settle-wave' }
  | { readonly kind: 'halt'; readonly reasons: readonly string[] }
  | { readonly kind: 'hold'; readonly reasons: readonly string[] }
  | { readonly kind: 'wait'; readonly reason: 'work' | 'soak'; readonly until?: Date }
  | { readonly kind: 'finish' }
  | { readonly kind: 'none' };

/** The other track, as far as this one waits for it. A retraction's `restore` and `correct` stand to each other as `contain` and `tell`. */
export interface Interlock {
  /** Ordinals of the acting track below this are settled. */
  readonly containedBelow: number;
  /** Tell waves that were told, soaked and judged. */
  readonly toldWaves: number;
}

/**
 * The whole next step of one track from stored truth. `now` is the database's clock; soaks count from the moment the
 * wave's last outcome was settled. Nothing here resumes a halted track.
 */
export function decideNextStep(
  track: TrackState,
  tally: TrackTally,
  verdicts: readonly GateVerdict[],
  interlock: Interlock,
  waves: WavePlan | null,
  now: Date,
): NextStep {
  if (track.phase !== 'running') return { kind: 'none' };
  const failed = verdicts.filter((verdict) => verdict.result === 'fail');
  if (failed.length > 0) return { kind: 'halt', reasons: failed.map(inWords) };

  if (track.wavesOpened > 0) {
    const waiting = waitForOpenWave(track, tally, now);
    if (waiting !== null) return waiting;
    const unsure = verdicts.filter((verdict) => verdict.result === 'inconclusive');
    if (unsure.length > 0) return { kind: 'hold', reasons: unsure.map(inWords) };
  }
  if (track.wavesOpened >= track.waveEnds.length) return { kind: 'finish' };

  const held = interlockReason(track, interlock, waves);
  if (held !== null) return { kind: 'hold', reasons: [held] };
  return { kind: 'open-wave', wave: track.wavesOpened, openTo: track.waveEnds[track.wavesOpened] ?? track.openTo };
}

function waitForOpenWave(track: TrackState, tally: TrackTally, now: Date): NextStep | null {
  if (tally.settled < track.openTo || tally.openPermits > 0) return { kind: 'wait', reason: 'work' };
  if (track.waveSettledAt === null) return { kind: 'settle-wave' };
  const until = soakEnds(track);
  return until !== null && now < until ? { kind: 'wait', reason: 'soak', until } : null;
}

/** When the soak of the open wave ends; null while its outcomes are still coming. */
export function soakEnds(track: TrackState): Date | null {
  if (track.waveSettledAt === null) return null;
  return new Date(track.waveSettledAt.getTime() + soakSecondsOf(track, track.wavesOpened - 1) * 1_000);
}

function interlockReason(track: TrackState, interlock: Interlock, waves: WavePlan | null): string | null {
  if (waves === null) return null;
  const wave = track.wavesOpened;
  if (track.track === 'tell' || track.track === 'correct') {
    const needed = waves.tellNeedsContained[wave] ?? 0;
    if (interlock.containedBelow < needed)
      return `waits until the first ${needed} accounts are ${track.track === 'tell' ? 'contained' : 'restored'}`;
  }
  if (track.track === 'contain' || track.track === 'restore') {
    const needed = waves.containNeedsTold[wave] ?? 0;
    if (interlock.toldWaves < needed) return `waits until tell wave ${needed} was told, soaked and judged`;
  }
  return null;
}

/**
 * How many waves of a track are behind their gate: soaked, and every verdict on it a pass. All but the open one, and
 * that too once the track is finished.
 */
export function wavesPassed(track: TrackState, verdicts: readonly GateVerdict[], now: Date): number {
  if (track.phase === 'finished') return track.waveEnds.length;
  const ends = soakEnds(track);
  const isPassed = ends !== null && now >= ends && verdicts.every((verdict) => verdict.result === 'pass');
  return isPassed ? track.wavesOpened : Math.max(0, track.wavesOpened - 1);
}

function inWords(verdict: GateVerdict): string {
  return `${verdict.gate}: ${verdict.reason}`;
}
