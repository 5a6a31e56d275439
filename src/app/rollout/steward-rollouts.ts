import type { HaltDeps } from './halt-rollout.ts';
import { enterHalt, subjectOf } from './halt-rollout.ts';
import { advanceRollout } from './advance-rollout.ts';
import type { AdvanceDeps } from './advance-rollout.ts';
import { recoverPermits } from './recover-permits.ts';
import type { RecoverDeps } from './recover-permits.ts';
import type { Track } from '../../domain/shared/track.ts';

export interface StewardDeps extends AdvanceDeps, RecoverDeps, HaltDeps {
  /** What a gate halts over, where halts have connections of their own. */
  readonly haltsOver?: HaltDeps;
}

/** A track in which permits may be there to take. */
export interface RunnableTrack {
  readonly rolloutNo: number;
  readonly track: Track;
}

export interface StewardReport {
  readonly runnable: readonly RunnableTrack[];
  /** Something was written: look again at once. */
  readonly moved: boolean;
}

/** One round over all unfinished rollouts: takes lost permits back, advances each, halts those whose gate failed. */
export async function stewardRollouts(deps: StewardDeps): Promise<StewardReport> {
  if ((await deps.store.transact((tx) => tx.standing.behind())) !== null) return { runnable: [], moved: false };
  const recovered = await recoverPermits(deps);
  const rollouts = await deps.store.transact((tx) => tx.rollouts.unfinished());
  const runnable: RunnableTrack[] = [];
  let moved = recovered > 0;
  for (const rollout of rollouts) {
    const result = await advanceRollout(deps, rollout.no);
    moved ||= result.moved;
    if (result.halt !== null) {
      const subject = subjectOf(rollout);
      await enterHalt(deps.haltsOver ?? deps, {
        subject,
        scope: 'all',
        by: 'gate',
        reason: `${result.halt.track}: ${result.halt.reasons.join('; ')}`,
      });
      moved = true;
      continue;
    }
    const tracks = await deps.store.transact((tx) => tx.rollouts.tracks(rollout.no));
    for (const track of tracks) {
      if (track.phase === 'running' && track.wavesOpened > 0)
        runnable.push({ rolloutNo: rollout.no, track: track.track });
    }
  }
  return { runnable, moved };
}
