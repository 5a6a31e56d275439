import pg from 'pg';
import { Failure } from '../../domain/shared/failure.ts';

const connectTimeoutMs = 10_000;
/** Where the made-up accounts of a drill lie; our own tables of it lie in `allclear`, as everywhere. */
export const rehearsalSchema = 'rehearsal';
/** Copied as they are, so that everybody takes part with the key and the passkeys that they have: public keys, and no secret. */
const copiedTables = ['operator', 'passkey'] as const;

/** Rows of `copiedTables`, as Postgres prints them. */
export type CopiedPeople = Readonly<Record<(typeof copiedTables)[number], string>>;

/**
 * Empties a database that is for drills and nothing else: one without any table, or one that an earlier drill marked. Refuses
 * every other, so that no setting can make a drill run into a database that is in use. `Failure('conflict')`.
 */
export async function emptyDrillDatabase(url: string): Promise<void> {
  await withClient(url, async (client) => {
    const { rows } = await client.query<{ tables: number; marked: boolean }>(
      `SELECT count(*)::int AS tables, to_regclass('drill_mark.drill') IS NOT NULL AS marked
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_toast'`,
    );
    const [found] = rows;
    if (found === undefined || (found.tables > 0 && !found.marked))
      throw new Failure(
        'conflict',
        'The database for drills holds tables that no drill made. Nothing was changed. Name an empty one: ALLCLEAR_DRILL_DATABASE_URL',
      );
    await client.query(
      `CREATE SCHEMA IF NOT EXISTS drill_mark; CREATE TABLE IF NOT EXISTS drill_mark.drill ();
       DROP SCHEMA IF EXISTS allclear CASCADE; DROP SCHEMA IF EXISTS ${rehearsalSchema} CASCADE;
       CREATE SCHEMA ${rehearsalSchema}`,
    );
  });
}

/** Everybody who may act, and the passkeys that are good now. */
export async function copyPeople(url: string): Promise<CopiedPeople> {
  return withClient(url, async (client) => {
    const read = async (query: string): Promise<string> => {
      const { rows } = await client.query<{ rows: string }>(
        `SELECT coalesce(json_agg(t), '[]')::text AS rows FROM (${query}) t`,
      );
      return rows[0]?.rows ?? '[]';
    };
    return {
      operator: await read('SELECT * FROM allclear.operator ORDER BY no'),
      passkey: await read('SELECT * FROM allclear.passkey WHERE revoked_at IS NULL ORDER BY no'),
    };
  });
}

/** What a drill counts from: no live plan has such a number, so that a command without --drill meets nothing. */
const drillNumbersFrom = 900_001;
const numberedApart = { plan: 'no', retraction: 'no', evidence_batch: 'batch_no' } as const;

/** Under the numbers that they have, into a database of a drill that was migrated and has nobody yet. */
export async function pastePeople(url: string, people: CopiedPeople): Promise<void> {
  await withClient(url, async (client) => {
    for (const [table, column] of Object.entries(numberedApart))
      await client.query(`ALTER TABLE allclear.${table} ALTER COLUMN ${column} RESTART WITH ${drillNumbersFrom}`);
    for (const table of copiedTables) {
      await client.query(
        `INSERT INTO allclear.${table} OVERRIDING SYSTEM VALUE
         SELECT * FROM json_populate_recordset(NULL::allclear.${table}, $1)`,
        [people[table]],
      );
      await client.query(
        `SELECT setval(pg_get_serial_sequence('allclear.${table}', 'no'), greatest(1, (SELECT max(no) FROM allclear.${table})))`,
      );
    }
  });
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'allclear drill',
    connectionTimeoutMillis: connectTimeoutMs,
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
