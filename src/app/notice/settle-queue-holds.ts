import type { Track } from '../../domain/shared/track.ts';
import type { NoticeInQueue, QueueHold } from '../ports/mail-queue-store.ts';
import type { Tx } from '../ports/store.ts';

export interface SeenInQueue extends NoticeInQueue {
  readonly isOnHold: boolean;
}

/** Queue ids for the mail server. */
export interface QueueOrders {
  readonly hold: readonly string[];
  readonly release: readonly string[];
}

/**
 * Compares what lies in the queue of a host with what is stored, and answers what to order. A mail is on hold while its track
 * stands halted: so letters and corrections that run go out, and only what a halt held is ever let go, never what
 * somebody else holds there. The intent is stored first and entered in the ledger once it is seen: a crash in between
 * leaves at most an order to be given again.
 */
export async function settleQueueHolds(tx: Tx, host: string, seen: readonly SeenInQueue[]): Promise<QueueOrders> {
  const inQueue = new Map(seen.map((mail) => [mail.queueId, mail]));
  const holds = await tx.mailQueue.holds(host);
  const known = new Set(holds.map((hold) => hold.queueId));
  const sort = (test: (hold: QueueHold, isOnHold: boolean) => boolean): readonly QueueHold[] =>
    holds.filter((hold) => {
      const mail = inQueue.get(hold.queueId);
      return mail?.noticeNumber === hold.noticeNumber && test(hold, mail.isOnHold);
    });

  const gone = holds.filter((hold) => inQueue.get(hold.queueId)?.noticeNumber !== hold.noticeNumber);
  await tx.mailQueue.forgetHolds(host, idsOf(gone));
  const held = sort((hold, isOnHold) => isOnHold && !hold.isSeen);
  await enter(tx, host, 'queue.held', held, await tx.mailQueue.noteSeen(host, idsOf(held)));
  const free = sort((hold, isOnHold) => !isOnHold && !hold.isHalted);
  const freed = free.filter((hold) => hold.isSeen);
  await enter(tx, host, 'queue.released', freed, await tx.mailQueue.forgetHolds(host, idsOf(free)));

  const stillToHold = sort((hold, isOnHold) => !isOnHold && hold.isHalted);
  const fresh = seen.filter((mail) => !mail.isOnHold && !known.has(mail.queueId));
  // In one order for every worker of the host, so that two at once do not deadlock.
  const ordered = (await tx.mailQueue.haltedAmong(fresh)).toSorted((a, b) => (a.queueId < b.queueId ? -1 : 1));
  await tx.mailQueue.orderHolds(host, ordered);
  // What an older database calls running may stand halted in truth.
  const mayRelease = (await tx.standing.behind()) === null;
  return {
    hold: [...stillToHold, ...ordered].map((mail) => mail.queueId),
    release: idsOf(sort((hold, isOnHold) => mayRelease && isOnHold && !hold.isHalted)),
  };
}

/** One entry per track, in its rollout's chain, of those that `done` names. */
async function enter(
  tx: Tx,
  host: string,
  event: 'queue.held' | 'queue.released',
  holds: readonly QueueHold[],
  done: readonly string[],
): Promise<void> {
  const changed = new Set(done);
  const tracks = Map.groupBy(
    holds.filter((hold) => changed.has(hold.queueId)),
    ({ rolloutNo, track }) => `${rolloutNo} ${track}`,
  );
  for (const [key, of] of [...tracks].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const [rolloutNo, track] = key.split(' ') as [string, Track];
    await tx.ledger.append({
      chain: `rollout:${Number(rolloutNo)}`,
      event,
      body: { host, track, mails: of.length },
    });
  }
}

function idsOf(mails: readonly { readonly queueId: string }[]): readonly string[] {
  return mails.map((mail) => mail.queueId);
}
