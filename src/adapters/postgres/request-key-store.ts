import { sql } from 'kysely';
import type { ClaimedKey, RequestKeyStore } from '../../app/ports/request-key-store.ts';
import type { DatabaseTx } from './database.ts';

/** A key may be freed between the attempt to insert it and the look at it; more often than this it is in use. */
const claimAttempts = 3;

interface Row {
  readonly fingerprint: string;
  readonly body_mac: string | null;
  readonly status: number | null;
  readonly content_type: string | null;
  readonly answer: string | null;
  readonly silent: boolean;
}

export function makeRequestKeyStore(trx: DatabaseTx): RequestKeyStore {
  const ofHolder = (request: { caller: string; key: string }, holder: string) => sql`
    caller = ${request.caller} AND key = ${request.key} AND holder = ${holder} AND status IS NULL`;
  return {
    async claim({ caller, key, fingerprint }, holder, { hours, silentSeconds, mayRepeatLost }) {
      const isSilent = sql`request_key.alive_at < clock_timestamp() - make_interval(secs => ${silentSeconds})`;
      for (let attempt = 0; attempt < claimAttempts; attempt += 1) {
        const { rows: taken } = await sql`
          INSERT INTO request_key (caller, key, fingerprint, holder)
          VALUES (${caller}, ${key}, ${fingerprint}, ${holder})
          ON CONFLICT (caller, key) DO UPDATE SET fingerprint = excluded.fingerprint, holder = excluded.holder,
            begun_at = clock_timestamp(), alive_at = clock_timestamp(),
            body_mac = NULL, status = NULL, content_type = NULL, answer = NULL
          WHERE (request_key.begun_at < clock_timestamp() - make_interval(hours => ${hours})
              AND (request_key.status IS NOT NULL OR ${isSilent}))
            OR (${mayRepeatLost} AND request_key.status IS NULL AND ${isSilent}
              AND request_key.fingerprint = excluded.fingerprint)
          RETURNING 1`.execute(trx);
        if (taken.length > 0) return { kind: 'new' };
        const { rows } = await sql<Row>`
          SELECT fingerprint, body_mac, status, content_type, answer, ${isSilent} AS silent
          FROM request_key WHERE caller = ${caller} AND key = ${key}`.execute(trx);
        if (rows[0] !== undefined) return claimedOf(rows[0], fingerprint);
      }
      return { kind: 'running' };
    },

    async keep(request, holder, { status, contentType, body, bodyMac }) {
      await sql`
        UPDATE request_key SET status = ${status}, content_type = ${contentType}, answer = ${body}, body_mac = ${bodyMac}
        WHERE ${ofHolder(request, holder)}`.execute(trx);
    },

    async free(request, holder) {
      await sql`DELETE FROM request_key WHERE ${ofHolder(request, holder)}`.execute(trx);
    },

    async beat(holder) {
      await sql`
        UPDATE request_key SET alive_at = clock_timestamp() WHERE holder = ${holder} AND status IS NULL`.execute(trx);
    },

    async purge({ hours, silentSeconds }, limit) {
      const done = await sql`
        DELETE FROM request_key WHERE (caller, key) IN (
          SELECT caller, key FROM request_key
          WHERE begun_at < clock_timestamp() - make_interval(hours => ${hours})
            AND (status IS NOT NULL OR alive_at < clock_timestamp() - make_interval(secs => ${silentSeconds}))
          LIMIT ${limit})`.execute(trx);
      return Number(done.numAffectedRows ?? 0n);
    },
  };
}

function claimedOf(row: Row, fingerprint: string): ClaimedKey {
  if (row.fingerprint !== fingerprint) return { kind: 'other' };
  if (row.status === null || row.content_type === null) return { kind: row.silent ? 'lost' : 'running' };
  const { status, content_type: contentType, answer: body, body_mac: bodyMac } = row;
  return { kind: 'answered', answer: { status, contentType, body, bodyMac } };
}
