import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { PauseStore, StoredPause } from '../../app/ports/pause-store.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { DatabaseTx } from './database.ts';
import type { PauseTables } from './tables/pause.ts';

export function makePauseStore(trx: DatabaseTx): PauseStore {
  return {
    async current(rolloutNo) {
      const row = await trx
        .selectFrom('pause')
        .selectAll()
        .where('rollout_no', '=', rolloutNo)
        .where('ended_at', 'is', null)
        .executeTakeFirst();
      return row === undefined ? null : pauseOf(row);
    },

    async count(rolloutNo) {
      const { count } = await trx
        .selectFrom('pause')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .where('rollout_no', '=', rolloutNo)
        .executeTakeFirstOrThrow();
      return count;
    },

    async periods(rolloutNo) {
      const rows = await trx
        .selectFrom('pause')
        .select(['paused_at', 'ended_at'])
        .where('rollout_no', '=', rolloutNo)
        .execute();
      return rows.map((row) => ({ haltedAt: row.paused_at, resumedAt: row.ended_at }));
    },

    async begin(rolloutNo, by, reason) {
      const row = await trx
        .insertInto('pause')
        .values({ rollout_no: rolloutNo, paused_by: numberOf(by), reason })
        .returningAll()
        .executeTakeFirstOrThrow();
      return pauseOf(row);
    },

    async end(rolloutNo) {
      await trx
        .updateTable('pause')
        .set({ ended_at: sql<Date>`clock_timestamp()` })
        .where('rollout_no', '=', rolloutNo)
        .where('ended_at', 'is', null)
        .execute();
    },
  };
}

function pauseOf(row: Selectable<PauseTables['pause']>): StoredPause {
  return { at: row.paused_at, by: `operator_${row.paused_by}`, reason: row.reason };
}
