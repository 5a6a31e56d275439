import { queueHours } from '../../domain/notice/queue-depth.ts';
import { tracksStoppedBy } from '../../domain/rollout/halt-scope.ts';
import type { HaltRequest } from '../../domain/rollout/halt-request.ts';
import { isPersonsHalt, isQueueHalted, mayHaveMailLeft } from '../../domain/rollout/queue-halt.ts';
import type { Track } from '../../domain/shared/track.ts';
import type { RolloutRow, StoredTrack } from '../ports/rollout-store.ts';
import type { Store, Tx } from '../ports/store.ts';
import { countHandedOver } from './count-handed-over.ts';

/** A look at tables that a halt has no business waiting for: where they are locked, only the queues go unmarked. */
const lockTimeoutMs = 500;

export interface QueueHalt {
  readonly rollout: RolloutRow;
  readonly queues: readonly StoredTrack[];
  /** Mails of the rollout that may still be in a queue, at most. */
  readonly handedOver: number;
}

/**
 * What a person's halt does beyond stopping: finished tracks of which a mail server may still hold mail are marked, and
 * workers put that mail on hold. Of the rollouts that are given, and where everything is halted of those that are over. Done after the
 * halt stands, each in a transaction of its own, so that nothing here can keep the halt from committing.
 */
export async function haltQueues(
  store: Store,
  { subject, scope, by, reason }: HaltRequest,
  given: readonly RolloutRow[],
): Promise<readonly QueueHalt[]> {
  if (!isPersonsHalt(by)) return [];
  const over = await store.transact(async (tx) => {
    await tx.rollouts.boundLockWaits(lockTimeoutMs);
    // Without a queue that takes orders the mark would be a promise that nobody keeps.
    const levels = await tx.mailQueue.levels(queueHours * 3_600);
    if (!levels.some((queue) => queue.commanded)) return null;
    return subject === null ? tx.rollouts.finishedWithin(queueHours * 3_600) : [];
  });
  if (over === null) return [];
  const known = new Set(given.map((rollout) => rollout.no));
  const marked: QueueHalt[] = [];
  for (const rollout of [...given, ...over.filter(({ no }) => !known.has(no))]) {
    const one = await store.transact((tx) => haltQueuesOf(tx, rollout, tracksStoppedBy(scope), { by, reason }));
    if (one.queues.length > 0) marked.push(one);
  }
  return marked;
}

async function haltQueuesOf(
  tx: Tx,
  rollout: RolloutRow,
  scope: readonly Track[],
  { by, reason }: Pick<HaltRequest, 'by' | 'reason'>,
): Promise<QueueHalt> {
  await tx.rollouts.lockAlone(rollout.no, lockTimeoutMs);
  const now = await tx.rollouts.now();
  const earliest = new Date(now.getTime() - queueHours * 3_600_000);
  const left = (await tx.rollouts.tracks(rollout.no)).filter(
    (track) => scope.includes(track.track) && (mayHaveMailLeft(track, earliest) || isQueueHalted(track)),
  );
  const names = left.map((track) => track.track);
  const queues = await tx.rollouts.haltQueues(rollout.no, names, by);
  let handedOver = 0;
  for (const track of names) handedOver += countHandedOver(track, await tx.rollouts.permits(rollout.no, track), now);
  if (queues.length > 0)
    await tx.ledger.append({
      chain: 'installation',
      event: 'queue.halted',
      body: {
        subject: `${rollout.kind}_${rollout.subjectNo}`,
        tracks: queues.map(({ track, epoch }) => ({ track, epoch })),
        by,
        handedOver,
      },
      personal: { reason },
    });
  return { rollout, queues, handedOver };
}
