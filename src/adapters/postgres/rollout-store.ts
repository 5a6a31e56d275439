import type { RolloutStore } from '../../app/ports/rollout-store.ts';
import type { DatabaseTx } from './database.ts';
import { makeMailQueries } from './rollout/mail-queries.ts';
import { makePermitQueries } from './rollout/permit-queries.ts';
import { makeTrackQueries } from './rollout/track-queries.ts';
import { makeUntoldQueries } from './rollout/untold-queries.ts';

/** Rollouts, their tracks, permits, letters and disputes, inside one transaction. */
export function makeRolloutStore(trx: DatabaseTx): RolloutStore {
  return { ...makeTrackQueries(trx), ...makePermitQueries(trx), ...makeMailQueries(trx), ...makeUntoldQueries(trx) };
}
