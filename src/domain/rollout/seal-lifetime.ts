import type { Track } from '../shared/track.ts';
import type { TrackPhase } from './track-state.ts';

/** What a track tells about how long its plan can still be undone. */
export interface LivingTrack {
  readonly track: Track;
  readonly phase: TrackPhase;
  readonly waveEnds: readonly number[];
  readonly wavesOpened: number;
  readonly waveSettledAt: Date | null;
  readonly haltedAt: Date | null;
}

export interface SealLifetime {
  /** The last moment at which anything can be given back; null while the last wave is neither settled nor halted. */
  readonly lastRestoreAt: Date | null;
  /** A track of the plan or of a retraction of it runs now: nothing of it is destroyed, whatever the time. */
  readonly isRunning: boolean;
}

/** Once seen to have chosen a newer password, a holder needs the old one no more: a week is left to find a mistake of ours. */
export const keepAfterNewerPasswordDays = 7;

const dayMs = 86_400_000;

/**
 * The one rule of how long a plan's sealed passwords are kept: `keepDays` after its last wave was contained, and where the
 * plan or a retraction of it stands halted, as long after that halt, since people may still resume it.
 */
export function sealLifetime(
  plan: readonly LivingTrack[],
  retractions: readonly LivingTrack[],
  keepDays: number,
): SealLifetime {
  const all = [...plan, ...retractions];
  const contain = plan.find((track) => track.track === 'contain');
  const lastWave = contain !== undefined && contain.wavesOpened >= contain.waveEnds.length;
  const ends = [
    lastWave ? contain.waveSettledAt : null,
    ...all.map((track) => (track.phase === 'halted' ? track.haltedAt : null)),
  ].filter((end) => end !== null);
  const hasEnded = (lastWave && contain.waveSettledAt !== null) || contain?.phase === 'halted';
  const lastMs = Math.max(...ends.map((end) => end.getTime()));
  return {
    lastRestoreAt: hasEnded ? new Date(lastMs + keepDays * dayMs) : null,
    isRunning: all.some((track) => track.phase === 'running'),
  };
}

/** Whether the time of what was sealed is over. A plan that runs, or has not ended, is never due. */
export function isSealDue(lifetime: SealLifetime, now: Date): boolean {
  return !lifetime.isRunning && lifetime.lastRestoreAt !== null && now >= lifetime.lastRestoreAt;
}
