import type { EventPlace } from '../../app/rollout/read-events.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { OperatorId, PlanId, RetractionId } from '../../domain/shared/ids.ts';
import type { HttpLog } from '../api-env.ts';
import type { Services } from '../services.ts';
import { covers } from './event-place.ts';
import { openFeed } from './rollout-feed.ts';
import type { RolloutFeed } from './rollout-feed.ts';
import { streamEvents } from './stream-events.ts';

/** Each is an open connection and a timer; far more people than look at one installation. */
const streamsPerServer = 100;
/** One person with a terminal and some browser windows. */
const streamsPerCaller = 10;

export interface EventStreams {
  /**
   * The events of a rollout as bytes of `text/event-stream`, from now on or after a place; null where everything was told
   * already. `Failure('not-found' | 'usage' | 'too-many-requests' | 'server-busy')`.
   */
  open(
    caller: OperatorId,
    subject: PlanId | RetractionId,
    after: EventPlace | null,
  ): Promise<ReadableStream<Uint8Array> | null>;
}

/** All streams of a server. One feed per rollout, opened by its first reader and closed after its last. */
export function makeEventStreams(services: Services, log: HttpLog, stopping: AbortSignal | undefined): EventStreams {
  const feeds = new Map<string, Promise<RolloutFeed>>();
  const perCaller = new Map<string, number>();
  let open = 0;

  function feedOf(subject: PlanId | RetractionId): Promise<RolloutFeed> {
    const known = feeds.get(subject);
    if (known !== undefined) return known;
    const forget = (): void => {
      if (feeds.get(subject) === opened) feeds.delete(subject);
    };
    const opened = openFeed(services, log, subject, forget);
    feeds.set(subject, opened);
    opened.catch(forget);
    return opened;
  }

  function takeSlot(caller: string): () => void {
    const own = perCaller.get(caller) ?? 0;
    if (own >= streamsPerCaller) {
      throw new Failure(
        'too-many-requests',
        `You have ${own} streams of events open. Close one, or ask for the status instead.`,
      );
    }
    if (open >= streamsPerServer) {
      throw new Failure('server-busy', `This server has ${open} streams of events open. Ask for the status instead.`);
    }
    open += 1;
    perCaller.set(caller, own + 1);
    return () => {
      open -= 1;
      const left = (perCaller.get(caller) ?? 1) - 1;
      if (left > 0) perCaller.set(caller, left);
      else perCaller.delete(caller);
    };
  }

  return {
    async open(caller, subject, after) {
      const leaveSlot = takeSlot(caller);
      try {
        if (after !== null) await refuseForeign(services, subject, after);
        const feed = await feedOf(subject);
        if (after !== null && feed.isOver && covers(after, feed.place)) {
          leaveSlot();
          // Nobody joined: the next one reads anew.
          feed.join(() => undefined)();
          return null;
        }
        return streamEvents({ services, log, subject, feed, after, stopping, onEnd: leaveSlot });
      } catch (error) {
        leaveSlot();
        throw error;
      }
    },
  };
}

/** A place that the ledger never reached is of another database: going on from there would skip what comes. */
async function refuseForeign(services: Services, subject: PlanId | RetractionId, after: EventPlace): Promise<void> {
  if (covers(await services.readEventPlace(subject), after)) return;
  throw new Failure(
    'usage',
    'The Last-Event-ID is of another ledger than this one. Leave it out to begin anew, and look at the status first.',
    { subject },
  );
}
