import { setTimeout as delay } from 'node:timers/promises';

/** While Postgres comes up again, what asks it fails; tried again so often, with `againMs` between. */
const tries = 240;
const againMs = 250;

/** Asks until Postgres lets us; throws what it said the last time. */
export async function again<T>(ask: () => Promise<T>): Promise<T> {
  for (let left = tries; ; left -= 1) {
    try {
      return await ask();
    } catch (error) {
      if (left <= 1) throw error;
      await delay(againMs);
    }
  }
}
