import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { makeMailQueueWatch } from '../app/notice/watch-mail-queue.ts';
import type { HolderTransport } from '../app/ports/holder-transport.ts';
import { isOrdinaryMail } from '../domain/shared/track.ts';
import type { Track } from '../domain/shared/track.ts';
import type { Installation } from './installation.ts';
import { countIntoQueue, openMailQueue, showQueue } from './mail-queue.ts';
import type { SayOnce } from './say-once.ts';

/** Between two looks, and four times as long as a look took where that is more: a long queue is not read all the time. */
const lookMs = 2_000;
const restFactor = 4;

/** A worker's eye on the queue of its host's mail server; where none is configured it sees nothing and holds nothing. */
export interface QueueWatching {
  /** Why no mail of this track may be handed over now; null where it may. */
  heldBy(track: Track): string | null;
  /** The same transport, with what it hands over counted. */
  counted(transport: HolderTransport): HolderTransport;
  /** Ends the pause between two looks: something was halted. */
  lookNow(): void;
  /** Looks until it is stopped. */
  run(say: SayOnce, onTaskFailed: (task: string, error: unknown) => void): Promise<void>;
  /** Ends it after the look under way. */
  stop(): void;
}

export function makeQueueWatching(installation: Installation): QueueWatching {
  const { config, store, clock, keys, metrics, journal } = installation;
  const queue = openMailQueue(config, keys);
  if (queue === null) return blind;
  const cap = config.mailQueueCap;
  const watch = makeMailQueueWatch({
    queue,
    store,
    clock,
    host: journal.host,
    hostName: hostname(),
    cap,
    onLook: showQueue(metrics),
  });
  let isStopping = false;
  let wake: () => void = () => undefined;
  return {
    heldBy: (track) => (isOrdinaryMail(track) ? watch.heldBy() : null),
    counted: (transport) => countIntoQueue(transport, watch),
    lookNow: () => wake(),
    async run(say, onTaskFailed) {
      while (!isStopping) {
        const woken = new Promise<void>((resolve) => (wake = resolve));
        const startedMs = clock.monotonicMs();
        try {
          await watch.look();
          say.well('mail queue');
        } catch (error) {
          onTaskFailed('mail-queue', error);
          say.failed('mail queue', error, 'what the mail server holds could not be recorded; it is tried again');
        }
        const restMs = Math.max(lookMs, (clock.monotonicMs() - startedMs) * restFactor);
        await Promise.race([woken, delay(restMs, undefined, { ref: false })]);
      }
    },
    stop() {
      isStopping = true;
      wake();
    },
  };
}

const blind: QueueWatching = {
  heldBy: () => null,
  counted: (transport) => transport,
  lookNow: () => undefined,
  run: () => Promise.resolve(),
  stop: () => undefined,
};
