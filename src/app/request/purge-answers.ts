import type { Store } from '../ports/store.ts';
import { keepAnswersHours, silentSeconds } from './request-keys.ts';

/** Rows in one transaction, and transactions a run: a million answers an hour. */
const atOnce = 10_000;
const pagesAtMost = 100;

/** Removes kept answers that are older than a day, and says how many. What is still worked on stays. */
export async function purgeAnswers(store: Store, isStopping: () => boolean): Promise<number> {
  let purged = 0;
  for (let page = 0; page < pagesAtMost && !isStopping(); page += 1) {
    const bounds = { hours: keepAnswersHours, silentSeconds };
    const count = await store.transact((tx) => tx.requestKeys.purge(bounds, atOnce));
    purged += count;
    if (count < atOnce) break;
  }
  return purged;
}
