import type { Track } from '../shared/track.ts';
import type { PlanLimits } from '../plan/limits.ts';

/** Lent authority over one range of one track, until `expiresAtMs` on the holder's own monotonic clock. */
export interface Permit {
  readonly rolloutNo: number;
  readonly track: Track;
  readonly fromOrdinal: number;
  readonly size: number;
  readonly wave: number;
  readonly attempt: number;
  readonly epoch: number;
  /** One byte per ordinal of the range; the claimed ones are this permit's to act on. */
  readonly outcome: Uint8Array;
}

export interface PermitSize {
  readonly size: number;
  readonly seconds: number;
}

/** Small waves lend less: a mistake in the first waves costs fewer people. */
export function permitSizeFor(limits: PlanLimits, waveSize: number): PermitSize {
  return waveSize < limits.smallWaveBelow
    ? { size: limits.smallPermitSize, seconds: limits.smallPermitSeconds }
    : { size: limits.permitSize, seconds: limits.permitSeconds };
}

/** Seconds until a range with deferred members may be claimed again; null when it was tried often enough. */
export function retryDelaySeconds(limits: PlanLimits, attempt: number): number | null {
  return attempt >= limits.maxAttempts ? null : limits.retrySeconds * 2 ** (attempt - 1);
}
