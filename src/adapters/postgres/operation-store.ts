import { sql } from 'kysely';
import type { OperationStore, SeenWorker } from '../../app/ports/operation-store.ts';
import { restorePointId } from '../../domain/action/restore-point.ts';
import type { DatabaseTx } from './database.ts';

const workersAtMost = 1_000;

export function makeOperationStore(trx: DatabaseTx): OperationStore {
  return {
    async now() {
      const { rows } = await sql<{ now: Date }>`SELECT clock_timestamp() AS now`.execute(trx);
      return rows[0]?.now ?? new Date(Number.NaN);
    },

    async workers(withinSeconds) {
      const { rows } = await sql<SeenWorker>`
        SELECT id, host, code_version AS "codeVersion",
          extract(epoch FROM clock_timestamp() - seen_at)::float8 AS "silentSeconds"
        FROM worker WHERE seen_at > clock_timestamp() - make_interval(secs => ${withinSeconds})
        ORDER BY seen_at DESC LIMIT ${workersAtMost}`.execute(trx);
      return rows;
    },

    async overduePermits(graceSeconds) {
      const { rows } = await sql<{ count: number }>`
        SELECT count(*) AS count FROM permit
        WHERE state = 'open' AND expires_at < clock_timestamp() - make_interval(secs => ${graceSeconds})`.execute(trx);
      return rows[0]?.count ?? 0;
    },

    async lastServerVersion() {
      const { rows } = await sql<{ version: string | null }>`
        SELECT body::jsonb ->> 'codeVersion' AS version FROM ledger_entry
        WHERE chain = 'installation' AND event = 'server.started' ORDER BY seq DESC LIMIT 1`.execute(trx);
      return rows[0]?.version ?? null;
    },

    async sealingKeys() {
      const { rows } = await sql<{ keyId: string; plans: number }>`
        SELECT key_id AS "keyId", count(*) AS plans FROM plan_key
        WHERE destroyed_at IS NULL GROUP BY key_id ORDER BY key_id`.execute(trx);
      return rows;
    },

    async newestSealed() {
      const { rows } = await sql<{ no: number }>`
        SELECT no FROM restore_point WHERE octet_length(sealed) > 0 ORDER BY no DESC LIMIT 1`.execute(trx);
      return rows[0] === undefined ? null : restorePointId(rows[0].no);
    },
  };
}
