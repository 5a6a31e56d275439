import { setTimeout as pause } from 'node:timers/promises';
import { rolloutRoutes } from '../contract/rollout.ts';
import type { RolloutStatusAnswer } from '../contract/rollout.ts';
import { Failure } from '../domain/shared/failure.ts';
import type { PlanId, RetractionId } from '../domain/shared/ids.ts';
import type { ApiClient } from './api-client.ts';
import type { ServerEvent } from './read-events.ts';

/** As often as a person can read; each look is one small transaction. */
const lookEveryMs = 1_000;
/** How long it waits before it comes back, longer each time: some three minutes until it gives up. */
const comeBackMs = (lost: number): number => Math.min(500 * 2 ** lost, 10_000);
const lostAtMost = 20;
/** What says that this server gives no such stream now, while it may well give the status. */
const noStream: readonly string[] = ['not-found', 'internal', 'too-many-requests', 'server-busy', 'usage'];

/** Says how it is followed: that the connection was lost and is taken up again, or that it is asked instead. */
export type OnFollow = (words: string) => void;

/**
 * The events of a rollout, each once, from now to its end: after a lost connection it goes on after the last one. Where the
 * server gives no stream it asks for the status every second and makes `status` events of it, and says so.
 */
export async function* followRollout(
  api: ApiClient,
  subject: PlanId | RetractionId,
  say: OnFollow,
): AsyncIterable<ServerEvent> {
  let last: string | null = null;
  for (let lost = 0; ;) {
    try {
      const events = await api.events(rolloutRoutes.events, { params: { subject } }, last);
      if (events === null) break;
      for await (const event of events) {
        lost = 0;
        last = event.id;
        yield event;
        if (event.event === 'end') return;
      }
      // A stream ends by itself after some minutes, and when the server is told to stop.
    } catch (error) {
      if (error instanceof Failure && noStream.includes(error.code)) {
        // Where it is the rollout that is not there, this throws before anything is said.
        const status = await api.call(rolloutRoutes.status, { params: { subject } });
        say(`The server gives no stream of events (${error.message}) It is asked every second instead.`);
        return yield* askAgainAndAgain(api, subject, status);
      }
      if (error instanceof Failure && error.code !== 'server-unavailable') throw error;
      if (last === null || lost >= lostAtMost) throw error;
      if (lost === 0) say('The connection was lost. It is taken up again where it ended.');
    }
    lost += 1;
    await pause(comeBackMs(lost));
  }
  // All of it was told before: how it ended is not.
  yield statusEvent(await api.call(rolloutRoutes.status, { params: { subject } }));
}

async function* askAgainAndAgain(
  api: ApiClient,
  subject: PlanId | RetractionId,
  first: RolloutStatusAnswer,
): AsyncIterable<ServerEvent> {
  for (let before = '', status = first; ; status = await api.call(rolloutRoutes.status, { params: { subject } })) {
    const text = JSON.stringify({ ...status, readAt: null });
    if (text !== before) yield statusEvent(status);
    before = text;
    await pause(lookEveryMs);
  }
}

function statusEvent(data: unknown): ServerEvent {
  return { id: '', event: 'status', data };
}
