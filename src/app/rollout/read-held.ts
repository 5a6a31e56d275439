import { heldVerdicts } from '../../domain/rollout/held-verdict.ts';
import type { HeldVerdict } from '../../domain/rollout/held-verdict.ts';
import { isResumedByQuorum } from '../../domain/shared/track.ts';
import type { RolloutRow, StoredTrack } from '../ports/rollout-store.ts';
import type { Tx } from '../ports/store.ts';
import type { RolloutPolicy } from './rollout-policy.ts';
import { tallyTrack } from './tally-track.ts';

/** What holds or halted the halted tracks of a rollout, and can be gone on over by those who may resume them. */
export async function readHeld(
  policy: Pick<RolloutPolicy, 'judge'>,
  tx: Tx,
  rollout: RolloutRow,
  tracks: readonly StoredTrack[],
): Promise<readonly HeldVerdict[]> {
  const held: HeldVerdict[] = [];
  for (const track of tracks) {
    if (track.phase !== 'halted' || !isResumedByQuorum(track.track)) continue;
    const tally = tallyTrack(track, await tx.rollouts.permits(rollout.no, track.track));
    held.push(...heldVerdicts(track, await policy.judge(tx, rollout, track, tally)));
  }
  return held;
}
