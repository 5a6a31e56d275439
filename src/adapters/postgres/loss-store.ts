import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { LossStore, StoredLoss } from '../../app/ports/loss-store.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { DatabaseTx } from './database.ts';
import type { LossTables } from './tables/loss.ts';

export function makeLossStore(trx: DatabaseTx): LossStore {
  async function waiting(): Promise<StoredLoss | null> {
    const row = await trx.selectFrom('loss').selectAll().orderBy('no', 'desc').limit(1).executeTakeFirst();
    return row === undefined || row.accepted_at !== null ? null : lossOf(row, true);
  }

  return {
    waiting,
    async propose({ record, digest, total, directory }) {
      const row = await trx
        .insertInto('loss')
        .values({ record, digest, total, directory })
        .returning('no')
        .executeTakeFirstOrThrow();
      return `loss_${row.no}`;
    },
    async read(loss) {
      const row = await trx.selectFrom('loss').selectAll().where('no', '=', numberOf(loss)).executeTakeFirst();
      return row === undefined ? null : lossOf(row, (await waiting())?.loss === loss);
    },
    async closeAll() {
      await trx
        .updateTable('loss')
        .set({ accepted_at: sql<Date>`clock_timestamp()` })
        .where('accepted_at', 'is', null)
        .execute();
    },
  };
}

function lossOf(row: Selectable<LossTables['loss']>, isWaiting: boolean): StoredLoss {
  const { no, record, digest, total, directory, proposed_at: proposedAt } = row;
  return { loss: `loss_${no}`, record, digest, total, directory, proposedAt, isWaiting };
}
