import { Failure } from '../../domain/shared/failure.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { OperatorId, PlanId, RetractionId } from '../../domain/shared/ids.ts';
import { isResumedByQuorum } from '../../domain/shared/track.ts';
import type { Track } from '../../domain/shared/track.ts';
import type { StoredPause } from '../ports/pause-store.ts';
import type { Store } from '../ports/store.ts';
import { kindOf } from './halt-rollout.ts';
import { tallyTrack } from './tally-track.ts';

/** The name of the gate that a pause is. */
export const pauseGate = 'pause';

/** As long as resuming waits for takers of permits, who hold it for milliseconds. */
const lockTimeoutMs = 2_000;

export interface PauseRequest {
  readonly subject: PlanId | RetractionId;
  readonly by: OperatorId;
  readonly reason: string;
}

export interface PausedRollout {
  readonly subject: PlanId | RetractionId;
  /** Tracks that lend no permit any more. */
  readonly tracks: readonly Track[];
  /** Members inside permits that were open at that instant: they are still acted on or told. */
  readonly inFlight: number;
  readonly pause: StoredPause;
  /** Somebody had paused it before; nothing was changed by this. */
  readonly alreadyPaused: boolean;
}

/**
 * One person stops the lending of permits: what was begun is finished in order, and nothing more begins. It is no halt:
 * nothing in flight is cut off, letters that one person sends go on, and it needs the database. Repeating it is harmless.
 * Lifted by `resumeRollout`. `Failure('not-found' | 'halted' | 'conflict')`.
 */
export async function pauseRollout(
  { store }: { readonly store: Store },
  { subject, by, reason }: PauseRequest,
): Promise<PausedRollout> {
  return store.transact(async (tx) => {
    const rollout = await tx.rollouts.find(kindOf(subject), numberOf(subject));
    if (rollout === null)
      throw new Failure('not-found', `${subject} has no rollout to pause: it was never started.`, { subject });
    // Takers share this lock: once the pause has committed, nobody takes a permit.
    await tx.rollouts.lockAlone(rollout.no, lockTimeoutMs);
    const tracks = (await tx.rollouts.tracks(rollout.no)).filter(({ track }) => isResumedByQuorum(track));
    const running = tracks.filter((track) => track.phase === 'running');
    if (running.length === 0) {
      if (tracks.some((track) => track.phase === 'halted'))
        throw new Failure('halted', `${subject} is halted already: it lends nothing, and a pause would add nothing.`, {
          subject,
        });
      throw new Failure('conflict', `${subject} is finished: there is nothing to pause.`, { subject });
    }
    let inFlight = 0;
    for (const track of running)
      inFlight += tallyTrack(track, await tx.rollouts.permits(rollout.no, track.track)).inFlight;
    const paused = { subject, tracks: running.map(({ track }) => track), inFlight };
    const before = await tx.pauses.current(rollout.no);
    if (before !== null) return { ...paused, pause: before, alreadyPaused: true };
    const pause = await tx.pauses.begin(rollout.no, by, reason);
    await tx.ledger.append({
      chain: 'installation',
      event: 'rollout.paused',
      body: { subject, tracks: paused.tracks, by, inFlight },
      personal: { reason },
    });
    return { ...paused, pause, alreadyPaused: false };
  });
}

/** Why nothing more begins, as statuses and gates say it. */
export function pauseInWords({ by, reason }: StoredPause): string {
  return `paused by ${by}${reason === '' ? '' : `: ${reason}`}`;
}
