import { sql } from 'kysely';
import type { OperationStore, SeenWorker } from '../../app/ports/operation-store.ts';
import { restorePointId } from '../../domain/action/restore-point.ts';
import { deliveryByte } from '../../domain/notice/delivery-state.ts';
import { sendsMail, tracks } from '../../domain/shared/track.ts';
import type { DatabaseTx } from './database.ts';

const workersAtMost = 1_000;
const mailTracks = tracks.filter(sendsMail);

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

    async deferredMails() {
      const { rows } = await sql<{ count: number }>`
        SELECT count(*) AS count FROM permit p CROSS JOIN LATERAL generate_series(0, p.size - 1) AS i
        WHERE p.state <> 'settled' AND p.track = ANY(${mailTracks}::text[])
          AND get_byte(p.outcome, i) = ${deliveryByte('deferred')}`.execute(trx);
      return rows[0]?.count ?? 0;
    },

    async mailsSettledWithin(seconds) {
      const { rows } = await sql<{ count: number }>`
        SELECT coalesce(sum(size), 0)::bigint AS count FROM permit
        WHERE track = ANY(${mailTracks}::text[]) AND state = 'settled'
          AND settled_at > clock_timestamp() - make_interval(secs => ${seconds})`.execute(trx);
      return rows[0]?.count ?? 0;
    },

    async openRestorePoints() {
      const { rows } = await sql<{ sealed: number; open: number }>`
        SELECT count(*) FILTER (WHERE state = 'sealed') AS sealed, count(*) FILTER (WHERE state = 'open') AS open
        FROM restore_point WHERE state IN ('sealed', 'open')`.execute(trx);
      return rows[0] ?? { sealed: 0, open: 0 };
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
