import type { Appeal } from '../../domain/appeal/appeal.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { AppealId } from '../../domain/shared/ids.ts';
import type { Store } from '../ports/store.ts';

/** `Failure('not-found')`. */
export async function showAppeal(store: Store, appeal: AppealId): Promise<Appeal> {
  const found = await store.transact((tx) => tx.appeals.read(appeal));
  if (found !== null) return found;
  throw new Failure('not-found', `There is no ${appeal}. All that are open: allclear appeal list`);
}
