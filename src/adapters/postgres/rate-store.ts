import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { wallDoubtMs } from '../../domain/rate/rate-limit.ts';
import type { RateAsk, RateAsker, RateGrant, RateStore, RateUse, ShortDomains } from '../../app/ports/rate-store.ts';
import type { Database } from './database.ts';

/** From this window on a lease of another boot may be proved old by two clocks on the wall; shorter ones are waited out. */
const wallProvesFromSeconds = 3_600;
/** Longer than any lease lives. */
const lifeMaxMs = 5_000;

/** What is leased of each rate, on the one database of all workers. */
export function makeRateStore(database: Kysely<Database>): RateStore {
  const known = new Set<string>();

  async function makeKnown(keys: readonly string[]): Promise<void> {
    const fresh = keys.filter((key) => !known.has(key));
    if (fresh.length === 0) return;
    await database
      .insertInto('mail_rate')
      .values(fresh.toSorted().map((key) => ({ key })))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    for (const key of fresh) known.add(key);
  }

  return {
    async lease(asker, asks) {
      await makeKnown(asks.map((ask) => ask.key));
      const { rows } = await leaseStatement(asker, asks).execute(database);
      // A row that was taken out is made again at the next turn.
      if (rows.length < asks.length) known.clear();
      return rows;
    },

    async uses(keys) {
      const { rows } = await sql<RateUse>`
        SELECT r.key, l.w AS "windowSeconds", sum(l.n)::int AS messages
        FROM mail_rate r, jsonb_to_recordset(r.leases) AS l(w int, n int, db float8)
        WHERE r.key = ANY(${keys}) AND l.db > ${databaseMs} - l.w * 1000.0
        GROUP BY r.key, l.w`.execute(database);
      return rows;
    },

    async shortDomains(named) {
      const { rows } = await sql<ShortDomains>`
        SELECT count(*)::int AS domains, ceil(min(left_ms) / 1000.0)::int AS "freeInSeconds"
        FROM (
          SELECT free_in_ms - (extract(epoch FROM clock_timestamp() - changed_at) * 1000)::float8 AS left_ms
          FROM mail_rate WHERE free_in_ms > 0 AND key LIKE 'domain:%' AND NOT key = ANY(${named})) short
        WHERE left_ms > 0`.execute(database);
      return rows[0] ?? { domains: 0, freeInSeconds: null };
    },
  };
}

const databaseMs = sql`(extract(epoch FROM clock_timestamp()) * 1000)::float8`;

/**
 * The rows are locked in the order of their keys, so that two workers never wait for each other. All that is counted comes
 * from `held`, the rows as they are once the lock is there; `r` in an assignment would be those of before, and each of
 * eight connections would lease anew what the others just had.
 */
function leaseStatement(asker: RateAsker, asks: readonly RateAsk[]): ReturnType<typeof sql<RateGrant>> {
  const { holder, bootId, askedAtMs, lifeMs, wallMs } = asker;
  return sql<RateGrant>`
    WITH ask AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(asks)}::jsonb)
        AS a(key text, ordinary int, correction int, "newestSeen" bigint, windows jsonb, unused jsonb)
    ), held AS MATERIALIZED (
      SELECT m.key, m.leases, m.newest FROM mail_rate m JOIN ask ON ask.key = m.key ORDER BY m.key FOR UPDATE OF m
    )
    UPDATE mail_rate r SET leases = next.leases, newest = next.newest, ordinary = next.ordinary,
      correction = next.correction, free_in_ms = next.free_in_ms, changed_at = clock_timestamp()
    FROM held JOIN ask a ON a.key = held.key CROSS JOIN LATERAL (
      WITH win AS (
        SELECT * FROM jsonb_to_recordset(a.windows)
          AS w("windowSeconds" int, most int, "ordinaryMost" int, bucket bigint, "countsForMs" float8, "seenUpTo" bigint)
      ), counting AS (
        SELECT l.w, l.h, l.b, l.n - coalesce(u.messages, 0) AS n, l.no, l.boot, l.until, l.wall, l.db,
          coalesce(win."countsForMs", l.w * 1001.0) - CASE WHEN l.boot = ${bootId} THEN ${askedAtMs}::float8 - l.until
            ELSE ${databaseMs} - l.db END AS left_ms
        FROM jsonb_to_recordset(held.leases)
          AS l(w int, h text, b bigint, n int, no bigint, boot text, until float8, wall float8, db float8)
        LEFT JOIN jsonb_to_recordset(a.unused) AS u("windowSeconds" int, bucket bigint, messages int)
          ON l.h = ${holder} AND u."windowSeconds" = l.w AND u.bucket = l.b
        LEFT JOIN win ON win."windowSeconds" = l.w
        WHERE l.n > coalesce(u.messages, 0)
          AND NOT (l.boot = ${bootId} AND ${askedAtMs}::float8 - l.until >= coalesce(win."countsForMs", l.w * 1001.0))
          -- Fewer leases than were seen before: this is not the database that was seen.
          AND NOT (held.newest >= a."newestSeen" AND l.no <= coalesce(win."seenUpTo", -1))
          -- Of this boot they prove nothing: a database on the same machine jumps with it.
          AND NOT (l.w >= ${wallProvesFromSeconds}::int AND l.boot <> ${bootId} AND least(${databaseMs} - l.db, ${wallMs}::float8 - l.wall)
            >= coalesce(win."countsForMs", l.w * 1001.0) + ${lifeMaxMs + wallDoubtMs}::float8)
      ), room AS (
        SELECT min(win.most - u.used) AS full_room, min(win."ordinaryMost" - u.used) AS ordinary_room
        FROM win CROSS JOIN LATERAL (
          SELECT coalesce(sum(c.n), 0) AS used FROM counting c WHERE c.w = win."windowSeconds") u
      ), corrections AS (
        SELECT greatest(0, least(a.correction, full_room)) AS n, full_room, ordinary_room FROM room
      ), granted AS (
        SELECT n AS correction, greatest(0, least(a.ordinary, ordinary_room - n)) AS ordinary FROM corrections
      ), leased AS (
        SELECT correction, ordinary, correction + ordinary AS n FROM granted
      ), kept AS (
        SELECT c.w, c.h, c.b, c.n, c.no, c.boot, c.until, c.wall, c.db FROM counting c, leased
        WHERE leased.n = 0 OR NOT EXISTS (
          SELECT FROM win WHERE c.h = ${holder} AND win."windowSeconds" = c.w AND win.bucket = c.b)
        UNION ALL
        SELECT win."windowSeconds", ${holder}, win.bucket,
          leased.n + coalesce((SELECT sum(c.n) FROM counting c
            WHERE c.h = ${holder} AND c.w = win."windowSeconds" AND c.b = win.bucket), 0),
          held.newest + 1, ${bootId}, ${askedAtMs}::float8 + ${lifeMs}::float8, ${wallMs}::float8, ${databaseMs}
        FROM win, leased WHERE leased.n > 0
      )
      SELECT
        coalesce((SELECT jsonb_agg(to_jsonb(kept)) FROM kept), '[]') AS leases,
        held.newest + CASE WHEN leased.n > 0 THEN 1 ELSE 0 END AS newest,
        leased.ordinary, leased.correction,
        CASE WHEN leased.ordinary = a.ordinary AND leased.correction = a.correction THEN 0 ELSE coalesce((
          SELECT max(greatest(0, f.first_free_ms)) FROM win CROSS JOIN LATERAL (
            SELECT coalesce(sum(k.n), 0) AS used, coalesce(
              (SELECT min(c.left_ms) FROM counting c WHERE c.w = win."windowSeconds"), win."countsForMs" + ${lifeMs}::float8)
              AS first_free_ms
            FROM kept k WHERE k.w = win."windowSeconds") f
          WHERE f.used >= CASE WHEN leased.correction < a.correction THEN win.most ELSE win."ordinaryMost" END), 0) END AS free_in_ms
      FROM leased
    ) next
    WHERE r.key = held.key
    RETURNING r.key, r.ordinary, r.correction, r.newest, r.free_in_ms AS "freeInMs"`;
}
