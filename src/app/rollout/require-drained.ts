import type { PlanId, RetractionId } from '../../domain/shared/ids.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { Track } from '../../domain/shared/track.ts';
import { aliveSeconds } from '../doctor/check-workers.ts';
import type { Tx } from '../ports/store.ts';

/**
 * `Failure('not-drained')` while permits of a halted rollout are open. Workers settle them, also those of a worker that was lost: with none up
 * nobody does, however long one waits.
 */
export async function requireDrained(
  tx: Tx,
  subject: PlanId | RetractionId,
  rolloutNo: number,
  tracks: readonly Track[],
): Promise<void> {
  for (const track of tracks) {
    const open = (await tx.rollouts.permits(rolloutNo, track)).filter((permit) => permit.state === 'open').length;
    if (open === 0) continue;
    const isWorked = (await tx.operation.workers(aliveSeconds)).length > 0;
    throw new Failure(
      'not-drained',
      `${subject} is halted, with ${open} permit${open === 1 ? '' : 's'} still in flight on ${track}. ${
        isWorked
          ? 'Try again in some seconds.'
          : 'No worker is up, and only a worker settles what another left: start one on the host that the last one ran on.'
      }`,
      { subject },
    );
  }
}
