import { sql } from 'kysely';
import type { Digests } from '../../app/ports/digests.ts';
import type {
  ChainTip,
  LedgerBody,
  LedgerEntry,
  LedgerStore,
  LedgerValue,
  NewLedgerEntry,
} from '../../app/ports/ledger-store.ts';
import { entryHash, genesisHash, isPersonalReference, personalDigest } from '../../domain/ledger/entry-hash.ts';
import { isLedgerEvent } from '../../domain/ledger/events.ts';
import { parseBody } from '../../domain/ledger/ledger-row.ts';
import type { ChainHead, LedgerRow, PersonalRow } from '../../domain/ledger/ledger-row.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { DatabaseTx } from './database.ts';

/** A page of entries that fits in memory many times over, and few round trips for a chain of millions. */
const maxPage = 1_000;
/** 16 random bytes: a digest without its salt cannot be matched by trying addresses. */
const saltBytes = 16;
/** Printed as it is hashed. timestamptz(3) holds milliseconds exactly, so the text always comes back the same. */
const printedAt = sql<string>`to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const personalOfEntry = sql`coalesce(
  (SELECT json_agg(json_build_object('field', p.field, 'salt', p.salt, 'value', p.value))
   FROM ledger_personal p WHERE p.chain = e.chain AND p.seq = e.seq), '[]')`;

export function makeLedgerStore(trx: DatabaseTx, digests: Digests): LedgerStore {
  async function append(entry: NewLedgerEntry): Promise<{ seq: number; hash: string }> {
    if (!isLedgerEvent(entry.event)) {
      throw new Failure('internal', `No ledger event is named "${entry.event as string}". Add it to ledger/events.ts.`);
    }
    const { chain, event } = entry;
    const personal = Object.entries(entry.personal ?? {}).map(([field, value]) => {
      const salt = digests.randomHex(saltBytes);
      return { field, salt, value, digest: personalDigest(salt, value, digests) };
    });
    const body = withReferences(entry.body, personal);
    const head = await lockHead(trx, chain);
    const seq = head.seq + 1;
    const hash = entryHash({ chain, seq, at: head.at, event, body, prevHash: head.hash }, digests);
    await sql`
      WITH entry AS (
        INSERT INTO ledger_entry (chain, seq, at, event, body, prev_hash, hash)
        VALUES (${chain}, ${seq}, ${head.at}, ${event}, ${digests.canonical(body)}, ${head.hash}, ${hash})
      ), personal AS (
        INSERT INTO ledger_personal (chain, seq, field, salt, value)
        SELECT ${chain}, ${seq}, * FROM unnest(
          ${personal.map((one) => one.field)}::text[],
          ${personal.map((one) => one.salt)}::text[],
          ${personal.map((one) => one.value)}::text[])
      )
      UPDATE ledger_head SET seq = ${seq}, hash = ${hash} WHERE chain = ${chain}`.execute(trx);
    return { seq, hash };
  }

  async function readRows(chain: string, afterSeq: number, limit: number): Promise<readonly LedgerRow[]> {
    const { rows } = await sql<LedgerRow>`
      SELECT chain, seq, ${printedAt} AS at, event, body, prev_hash AS "prevHash", hash,
             ${personalOfEntry} AS personal
      FROM ledger_entry e
      WHERE chain = ${chain} AND seq > ${afterSeq}
      ORDER BY seq LIMIT ${Math.min(limit, maxPage)}`.execute(trx);
    return rows;
  }

  return {
    append,
    readRows,
    async newestRows(chain, { event, beforeSeq, limit }) {
      const { rows } = await sql<LedgerRow>`
        SELECT chain, seq, ${printedAt} AS at, event, body, prev_hash AS "prevHash", hash, ${personalOfEntry} AS personal
        FROM ledger_entry e
        WHERE chain = ${chain}
          AND (${beforeSeq}::bigint IS NULL OR seq < ${beforeSeq})
          AND (${event}::text IS NULL OR event = ${event})
        ORDER BY seq DESC LIMIT ${Math.min(limit, maxPage + 1)}`.execute(trx);
      return rows;
    },
    async about(ids, limit) {
      const { rows } = await sql<LedgerRow>`
        SELECT chain, seq, ${printedAt} AS at, event, body, prev_hash AS "prevHash", hash, ${personalOfEntry} AS personal
        FROM ledger_entry e
        WHERE chain = 'installation' AND event <> 'ledger.anchored'
          AND ARRAY[body::jsonb ->> 'plan', body::jsonb ->> 'retraction', body::jsonb ->> 'subject', body::jsonb ->> 'batch']
            && ${[...ids]}::text[]
          -- By the index; an id is one whole text of a body.
          AND string_to_array(body, '"') && ${[...ids]}::text[]
        ORDER BY seq LIMIT ${Math.min(limit, maxPage)}`.execute(trx);
      return rows.map(entryOf);
    },
    async naming(id, afterSeq, limit) {
      const atMost = Math.min(limit, maxPage);
      // The end is read by the same statement, and so of the same moment, as the entries before it.
      const { rows } = await sql<Partial<LedgerRow> & { readonly end: number }>`
        SELECT e.*, f.last AS end
        FROM (SELECT coalesce(max(seq), 0) AS last FROM ledger_entry WHERE chain = 'installation') f
        LEFT JOIN LATERAL (
          SELECT chain, seq, ${printedAt} AS at, event, body, prev_hash AS "prevHash", hash, ${personalOfEntry} AS personal
          FROM ledger_entry e
          WHERE chain = 'installation' AND seq > ${afterSeq} AND strpos(body, ${`"${id}"`}) > 0
          ORDER BY seq LIMIT ${atMost}) e ON true`.execute(trx);
      const found = rows.filter((row): row is LedgerRow & { readonly end: number } => row.seq !== null);
      const end = found.length === atMost ? found.at(-1)?.seq : rows[0]?.end;
      return { entries: found.map(entryOf), upTo: Math.max(afterSeq, end ?? 0) };
    },
    async read(chain, afterSeq, limit) {
      return (await readRows(chain, afterSeq, limit)).map(entryOf);
    },
    async heads() {
      return trx
        .selectFrom('ledger_head')
        .select(['chain', 'seq', 'hash'])
        .where('seq', '>', 0)
        .orderBy('chain')
        .execute();
    },
    async holds({ chain, seq, hash }) {
      const row = await trx
        .selectFrom('ledger_entry')
        .select('hash')
        .where('chain', '=', chain)
        .where('seq', '=', seq)
        .executeTakeFirst();
      return row?.hash === hash;
    },
    async tips() {
      // One statement, so that heads, ends and anchors are of the same moment.
      const { rows } = await sql<{ chain: string; seq: number | null; hash: string | null; last: number }>`
        SELECT chain, h.seq, h.hash, coalesce(e.last, 0) AS last
        FROM (SELECT chain, max(seq) AS last FROM ledger_entry GROUP BY chain) e
        FULL JOIN (SELECT * FROM ledger_head WHERE seq > 0) h USING (chain)
        ORDER BY chain`.execute(trx);
      return rows.map(tipOf);
    },
    async unanchored(limit) {
      const { rows } = await sql<ChainHead>`
        SELECT h.chain, h.seq, h.hash FROM ledger_head h LEFT JOIN ledger_anchored a USING (chain)
        WHERE h.chain <> 'installation' AND h.seq > coalesce(a.seq, 0)
        ORDER BY h.chain LIMIT ${limit}`.execute(trx);
      return rows;
    },
    async noteAnchored(head) {
      await sql`
        INSERT INTO ledger_anchored (chain, seq) VALUES (${head.chain}, ${head.seq})
        ON CONFLICT (chain) DO UPDATE SET seq = greatest(ledger_anchored.seq, excluded.seq)`.execute(trx);
    },
    async erasePersonal(chain, seq, field) {
      const erased = await trx
        .updateTable('ledger_personal')
        .set({ salt: null, value: null })
        .where('chain', '=', chain)
        .where('seq', '=', seq)
        .where('field', '=', field)
        .where('value', 'is not', null)
        .executeTakeFirst();
      return erased.numUpdatedRows > 0n;
    },
  };
}

/** Waits for the chain's last appender to commit, then reads the head it left and the database's clock. */
async function lockHead(trx: DatabaseTx, chain: string): Promise<{ seq: number; hash: string; at: string }> {
  const locked = await tryLockHead(trx, chain);
  if (locked !== undefined) return locked;
  await sql`INSERT INTO ledger_head (chain, seq, hash) VALUES (${chain}, 0, ${genesisHash})
            ON CONFLICT DO NOTHING`.execute(trx);
  const made = await tryLockHead(trx, chain);
  if (made === undefined) throw new Failure('ledger-broken', `The head of the ledger chain ${chain} cannot be made.`);
  return made;
}

async function tryLockHead(trx: DatabaseTx, chain: string) {
  const { rows } = await sql<{ seq: number; hash: string; at: string }>`
    WITH head AS MATERIALIZED (SELECT seq, hash FROM ledger_head WHERE chain = ${chain} FOR UPDATE)
    SELECT seq, hash, ${printedAt} AS at FROM head, LATERAL (SELECT clock_timestamp()::timestamptz(3) AS at) now`.execute(
    trx,
  );
  return rows[0];
}

function withReferences(body: LedgerBody, personal: readonly { field: string; digest: string }[]): LedgerBody {
  const referenced: Record<string, LedgerValue> = { ...body };
  for (const { field, digest } of personal) {
    if (field in body) throw new Failure('internal', `The ledger field "${field}" is given as public and as personal.`);
    referenced[field] = { $personal: digest };
  }
  return referenced;
}

function entryOf(row: LedgerRow): LedgerEntry {
  const stored = parseBody(row.body);
  if (stored === null) {
    throw new Failure(
      'ledger-broken',
      `Entry ${row.seq} of the ledger chain ${row.chain} cannot be read. Run: allclear ledger verify`,
      { chain: row.chain, seq: row.seq },
    );
  }
  const body = Object.fromEntries(Object.entries(stored).filter(([, value]) => !isPersonalReference(value)));
  return {
    chain: row.chain,
    seq: row.seq,
    at: new Date(row.at),
    event: row.event,
    body: body as LedgerBody,
    personal: Object.fromEntries(row.personal.map((one: PersonalRow) => [one.field, one.value])),
    hash: row.hash,
  };
}

function tipOf(row: { chain: string; seq: number | null; hash: string | null; last: number }): ChainTip {
  const { chain, seq, hash, last } = row;
  return { chain, head: seq === null || hash === null ? null : { chain, seq, hash }, lastSeq: last };
}
