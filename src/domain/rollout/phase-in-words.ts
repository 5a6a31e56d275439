import { isForward } from '../shared/track.ts';
import type { Track } from '../shared/track.ts';
import type { TrackPhase } from './track-state.ts';

export interface PhaseFacts {
  readonly track: Track;
  readonly phase: TrackPhase;
  /** Members that may still be acted on or told after a halt. */
  readonly inFlight: number;
  readonly openPermits: number;
}

/**
 * What a rollout is doing, for a person. A halted one says how many are in flight until its last permit is settled: it
 * is never called halted and quiet early. `partly halted` where its main tracks differ; letters under way change nothing.
 */
export function phaseInWords(tracks: readonly PhaseFacts[]): string {
  const halted = tracks.filter((track) => track.phase === 'halted');
  const running = tracks.filter((track) => track.phase === 'running');
  if (halted.length === 0) return running.length > 0 ? 'running' : 'finished';
  const word = running.some((track) => isMain(track.track)) ? 'partly halted' : 'halted';
  if (halted.every((track) => track.openPermits === 0)) return word;
  // A permit that is open and holds nobody claimed is still authority that is lent out.
  const inFlight = halted.reduce((sum, track) => sum + Math.max(track.inFlight, track.openPermits > 0 ? 1 : 0), 0);
  return `${word}, ${inFlight} in flight`;
}

function isMain(track: Track): boolean {
  return isForward(track) || track === 'restore' || track === 'correct';
}
