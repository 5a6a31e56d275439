import type { EventPlace, RolloutEvent } from '../../app/rollout/read-events.ts';
import type { PlanId, RetractionId } from '../../domain/shared/ids.ts';
import type { HttpLog } from '../api-env.ts';
import type { Services } from '../services.ts';
import { furthest, idOf, isBeyond, placeAfter } from './event-place.ts';
import type { RolloutFeed } from './rollout-feed.ts';

/** A comment this often keeps the connection from being taken for dead; clients give up after some missing ones. */
const heartbeatMs = 15_000;
/** A stream ends by itself and is asked for again, so that a token that was taken away is noticed. */
const streamAtMostMs = 300_000;
/** How soon a client comes back (`retry:`). */
const comeBackMs = 2_000;
/** Events written at once. What a reader has not taken yet is never more than this, twice. */
const eventsAtOnce = 200;
/** Entries that a reader who is far behind reads for itself at a time. */
const readAtOnce = 500;

interface StreamOf {
  readonly services: Services;
  readonly log: HttpLog;
  readonly subject: PlanId | RetractionId;
  readonly feed: RolloutFeed;
  /** Null: from now on. */
  readonly after: EventPlace | null;
  readonly stopping: AbortSignal | undefined;
  readonly onEnd: () => void;
}

/**
 * Server-sent events (WHATWG HTML section 9.2): `ledger` for each entry, `status` whenever it changed, `end` when the rollout
 * is finished. Bytes are made only as fast as the reader takes them; a reader that falls behind reads on from the ledger.
 */
export function streamEvents({
  services,
  log,
  subject,
  feed,
  after,
  stopping,
  onEnd,
}: StreamOf): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let place = after ?? feed.place;
  let toldVersion = 0;
  let ended = false;
  let wake: () => void = () => undefined;
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const leave = feed.join(() => wake());
  const lifetime = setTimeout(end, streamAtMostMs);
  stopping?.addEventListener('abort', end);

  function release(): void {
    if (ended) return;
    ended = true;
    clearTimeout(lifetime);
    stopping?.removeEventListener('abort', end);
    leave();
    onEnd();
    wake();
  }

  function end(): void {
    if (ended) return;
    release();
    controller?.close();
  }

  function told(events: readonly RolloutEvent[]): string {
    let text = '';
    for (const event of events) {
      if (!isBeyond(event, place)) continue;
      place = placeAfter(event, place);
      text += written('ledger', idOf(place), JSON.stringify(event));
    }
    return text;
  }

  /** What is to be written next; nothing where all that is known was told. */
  async function nextText(): Promise<string> {
    let recent = feed.recent(place);
    while (recent === null && !ended) {
      const page = await services.readRolloutEvents(subject, place, readAtOnce);
      const text = told(page.events);
      // Past entries about other things too: without this a reader who is far behind would never get here.
      place = furthest(place, page.place);
      if (text !== '') return text;
      recent = feed.recent(place);
    }
    let text = told((recent ?? []).slice(0, eventsAtOnce));
    if ((recent ?? []).length > eventsAtOnce) return text;
    place = furthest(place, feed.place);
    // After the entries that led to it.
    const { version, text: status } = feed.status;
    if (version !== toldVersion) text += written('status', idOf(place), status);
    toldVersion = version;
    return text;
  }

  async function waitForMore(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, heartbeatMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    wake = () => undefined;
  }

  return new ReadableStream<Uint8Array>(
    {
      start(given) {
        controller = given;
        given.enqueue(encoder.encode(`retry: ${comeBackMs}\n\n`));
        if (stopping?.aborted === true) end();
      },
      async pull(given) {
        const heardAtMs = performance.now();
        try {
          while (!ended) {
            const text = await nextText();
            if (ended) return;
            if (text !== '') return given.enqueue(encoder.encode(text));
            if (feed.isOver) {
              given.enqueue(encoder.encode(written('end', idOf(place), '{}')));
              return end();
            }
            if (feed.isBroken) return end();
            if (performance.now() - heardAtMs >= heartbeatMs) return given.enqueue(encoder.encode(': still here\n\n'));
            await waitForMore();
          }
        } catch (error) {
          log.warn({ err: error, subject }, 'a stream of events ended: the ledger cannot be read');
          end();
        }
      },
      cancel: release,
    },
    { highWaterMark: 1 },
  );
}

function written(event: string, id: string, line: string): string {
  return `event: ${event}\nid: ${id}\ndata: ${line}\n\n`;
}
