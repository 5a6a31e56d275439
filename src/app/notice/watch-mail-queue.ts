import { isQueueFull, queueGoesOnAt } from '../../domain/notice/queue-depth.ts';
import { noticeNumberOfSymbols } from '../../domain/notice/notice-number.ts';
import type { Clock } from '../ports/clock.ts';
import type { MailQueue, QueuedMail, QueueReading } from '../ports/mail-queue.ts';
import type { QueueLevel } from '../ports/mail-queue-store.ts';
import type { Store } from '../ports/store.ts';
import { settleQueueHolds } from './settle-queue-holds.ts';
import type { QueueOrders } from './settle-queue-holds.ts';

/** A depth that was read longer ago is not known any more: four times as long as reading it may take. */
const staleMs = 60_000;
/** Looks in one go: one that orders, one that sees what came of it, and one more for what moved meanwhile. */
const roundsMost = 3;

export interface WatchMailQueueDeps {
  readonly queue: MailQueue;
  readonly store: Store;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly host: string;
  readonly hostName: string;
  /** So many mails of ours may wait there before no ordinary notice is added. */
  readonly cap: number;
  /** Told of each look, for figures and logs. */
  readonly onLook?: (level: Omit<QueueLevel, 'readAt'>) => void;
}

export interface MailQueueWatch {
  /** Why no ordinary notice may be handed over now, in words; null while it may. Corrections do not ask. */
  heldBy(): string | null;
  /** One more mail of this worker lies there, until the next look counts it. */
  noteHandedOver(): void;
  /**
   * Reads the queue, puts mails of halted tracks on hold and lets those of resumed ones go, and records what is so. Never
   * two at once. Throws only where the database cannot be asked; the depth is known all the same.
   */
  look(): Promise<void>;
}

/**
 * One worker's eye on the queue of its host's mail server. What to hold follows from the stored phases alone, so that it
 * does not matter who halted, how often this was tried, or what was killed in between.
 */
export function makeMailQueueWatch(deps: WatchMailQueueDeps): MailQueueWatch {
  const { queue, store, clock, host, hostName, cap } = deps;
  let reading: QueueReading = { kind: 'unreadable', why: 'it was not looked at yet' };
  let readAtMs = clock.monotonicMs();
  let leaving = 0;
  let handedOver = 0;
  let isFull = false;
  let commandError: string | null = null;

  function heldBy(): string | null {
    if (reading.kind === 'unreadable') return `what the mail server still holds cannot be read: ${reading.why}`;
    if (clock.monotonicMs() - readAtMs > staleMs)
      return `what the mail server still holds was not read for more than ${staleMs / 1_000} s`;
    isFull = isQueueFull(leaving + handedOver, cap, isFull);
    // Without the depth itself: a reason that changes with every mail would be logged with every mail.
    return isFull
      ? `the mail server still holds ${cap} of our mails, its cap; it goes on at ${queueGoesOnAt(cap)}`
      : null;
  }

  async function read(): Promise<void> {
    // Handed over while it is being read: counted by us, and perhaps by the server too. Never too few.
    const before = handedOver;
    reading = await queue.read();
    if (reading.kind === 'unreadable') return;
    readAtMs = clock.monotonicMs();
    leaving = reading.own.filter((mail) => mail.place !== 'on-hold').length;
    handedOver -= before;
  }

  /** What is to be ordered now; null where the queue cannot be read, or takes no orders. The last round stores the depth. */
  async function record(isLast: boolean): Promise<QueueOrders | null> {
    const { own, others } = reading.kind === 'read' ? reading : { own: [], others: 0 };
    const depth = { ...depthOf(own), others };
    const seen = {
      host,
      hostName,
      cap,
      commanded: queue.command !== null,
      holdReason: heldBy(),
      readError: reading.kind === 'unreadable' ? reading.why : null,
      commandError,
    };
    deps.onLook?.({ ...seen, ...depth });
    return store.transact(async (tx) => {
      // First, for its lock: workers of one host take turns.
      await tx.mailQueue.note(seen);
      if (reading.kind === 'unreadable') return null;
      const orders = queue.command === null ? null : await settleQueueHolds(tx, host, own.flatMap(numbered));
      // Whoever halts waits for figures from after the halt: they tell what came of the orders, not what was before them.
      if (isLast || orders === null || isEmpty(orders)) await tx.mailQueue.noteDepth(host, depth);
      return orders;
    });
  }

  async function carryOut({ hold, release }: QueueOrders): Promise<void> {
    const { command } = queue;
    if (command === null) return;
    const failures = [
      hold.length === 0 ? null : await command.hold(hold),
      release.length === 0 ? null : await command.release(release),
    ];
    commandError = failures.find((failure) => failure !== null) ?? null;
  }

  return {
    heldBy,
    noteHandedOver: () => void (handedOver += 1),
    async look() {
      for (let round = 0; round < roundsMost; round += 1) {
        await read();
        const orders = await record(round === roundsMost - 1);
        if (orders === null) return;
        await carryOut(orders);
        if (isEmpty(orders)) return;
      }
    },
  };
}

function isEmpty({ hold, release }: QueueOrders): boolean {
  return hold.length + release.length === 0;
}

function depthOf(own: readonly QueuedMail[]): Pick<QueueLevel, 'waiting' | 'deferred' | 'onHold'> {
  const count = (place: QueuedMail['place']): number => own.filter((mail) => mail.place === place).length;
  return { waiting: count('waiting'), deferred: count('deferred'), onHold: count('on-hold') };
}

/** Without those whose reference is no number: other addresses of ours, which no rollout wrote to. */
function numbered({ queueId, place, reference }: QueuedMail): Parameters<typeof settleQueueHolds>[2] {
  const noticeNumber = noticeNumberOfSymbols(reference);
  return noticeNumber === null ? [] : [{ queueId, noticeNumber, isOnHold: place === 'on-hold' }];
}
