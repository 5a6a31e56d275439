import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import type pg from 'pg';
import { Failure } from '../../domain/shared/failure.ts';

const shipped = new URL('../../../sql/', import.meta.url);
/** Any fixed number: two processes that start together must not migrate together. */
const migrationLock = 0x616c6c63;
/** A worker beats several times a second. */
const aliveSeconds = 10;
/** A holder's own clock ends its permit first; this much later nobody acts under it for certain. */
const permitGraceSeconds = 60;

/** The numbered files of `sql/` against what the database says of them. */
export interface MigrationState {
  readonly missing: readonly string[];
  /** Applied by a newer version than this one. */
  readonly unknown: readonly string[];
  /** Applied, and edited afterwards. */
  readonly changed: readonly string[];
}

export interface AppliedMigration {
  readonly name: string;
  /** SHA-256 of the file, hex. */
  readonly digest: string;
}

/** Reads only; a database that was never migrated misses all of them. */
export async function readMigrationState(pool: pg.Pool, folder: URL = shipped): Promise<MigrationState> {
  const client = await pool.connect();
  try {
    const applied = await readApplied(client);
    const files = await readFiles(folder);
    const changed: string[] = [];
    for (const name of files.filter((file) => applied.has(file))) {
      if (applied.get(name) !== digestOf(await readFile(new URL(name, folder), 'utf8'))) changed.push(name);
    }
    return {
      missing: files.filter((name) => !applied.has(name)),
      unknown: [...applied.keys()].filter((name) => !files.includes(name)),
      changed,
    };
  } finally {
    client.release();
  }
}

/**
 * Applies the numbered files of `sql/` that are not yet applied, each in its own transaction, and names them. A database
 * in use is changed only while everything is halted and drained and no worker is alive: `Failure('conflict')`.
 */
export async function migrate(pool: pg.Pool, folder: URL = shipped): Promise<readonly string[]> {
  const client = await pool.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [migrationLock]);
    const applied = await readApplied(client);
    const missing = await findMissing(folder, applied);
    if (missing.length === 0) return [];
    if (applied.size > 0) await refuseWhileInUse(client, missing);
    await makeSchema(client);
    for (const name of missing) {
      await client.query('BEGIN');
      try {
        await applyOne(client, folder, name);
        await client.query('COMMIT');
      } catch (error) {
        await client.query('ROLLBACK');
        throw error;
      }
    }
    return missing;
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [migrationLock]).catch(() => undefined);
    client.release();
  }
}

/** `Failure('conflict')` where the server has to migrate first: workers never change the schema. */
export async function requireMigrated(pool: pg.Pool): Promise<void> {
  const { missing, unknown, changed } = await readMigrationState(pool);
  if (unknown[0] !== undefined) throw newerSchema(unknown[0]);
  if (changed[0] !== undefined) throw editedMigration(changed[0]);
  if (missing[0] === undefined) return;
  throw new Failure(
    'conflict',
    `The database does not have migration ${missing[0]} yet. Start the server of this version first: workers migrate nothing.`,
  );
}

/** Makes the schema in the caller's transaction exactly as these migrations left it. `Failure('conflict')` for a newer one. */
export async function makeSchemaOf(client: pg.ClientBase, listed: readonly AppliedMigration[]): Promise<void> {
  await client.query('DROP SCHEMA IF EXISTS allclear CASCADE');
  await makeSchema(client);
  const files = await readFiles(shipped);
  for (const { name, digest } of listed.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (!files.includes(name)) throw newerSchema(name);
    if (digestOf(await readFile(new URL(name, shipped), 'utf8')) !== digest) throw editedMigration(name);
    await applyOne(client, shipped, name);
  }
}

/** The rest, in the caller's transaction. */
export async function applyMissing(client: pg.ClientBase): Promise<readonly string[]> {
  const missing = await findMissing(shipped, await readApplied(client));
  for (const name of missing) await applyOne(client, shipped, name);
  return missing;
}

export async function listApplied(client: pg.ClientBase): Promise<readonly AppliedMigration[]> {
  return [...(await readApplied(client))].map(([name, digest]) => ({ name, digest }));
}

async function readFiles(folder: URL): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => /^[0-9]{4}-.*\.sql$/.test(name)).toSorted();
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

async function readApplied(client: pg.ClientBase): Promise<ReadonlyMap<string, string>> {
  const found = await client.query<{ found: boolean }>(`SELECT to_regclass('allclear.migration') IS NOT NULL AS found`);
  if (found.rows[0]?.found !== true) return new Map();
  const { rows } = await client.query<{ name: string; digest: string }>(
    'SELECT name, digest FROM allclear.migration ORDER BY name',
  );
  return new Map(rows.map((row) => [row.name, row.digest]));
}

async function findMissing(folder: URL, applied: ReadonlyMap<string, string>): Promise<readonly string[]> {
  const files = await readFiles(folder);
  const unknown = [...applied.keys()].find((name) => !files.includes(name));
  if (unknown !== undefined) throw newerSchema(unknown);
  for (const [name, digest] of applied) {
    if (digestOf(await readFile(new URL(name, folder), 'utf8')) !== digest) throw editedMigration(name);
  }
  return files.filter((name) => !applied.has(name));
}

function newerSchema(name: string): Failure {
  return new Failure(
    'conflict',
    `The database has migration ${name}, which this version does not know. Run the newer version.`,
  );
}

function editedMigration(name: string): Failure {
  return new Failure(
    'conflict',
    `Migration ${name} was changed after it was applied. Restore the file: migrations are only added.`,
  );
}

/** Old code on a new schema, or a plan that goes on under code that nobody approved: neither while anything moves. */
async function refuseWhileInUse(client: pg.ClientBase, missing: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ workers: number; running: number; open: number }>(
    `SELECT
       (SELECT count(*)::int FROM allclear.worker WHERE seen_at > clock_timestamp() - make_interval(secs => $1)) AS workers,
       (SELECT count(*)::int FROM allclear.track WHERE phase = 'running') AS running,
       (SELECT count(*)::int FROM allclear.permit
        WHERE state = 'open' AND expires_at > clock_timestamp() - make_interval(secs => $2)) AS open`,
    [aliveSeconds, permitGraceSeconds],
  );
  const { workers = 0, running = 0, open = 0 } = rows[0] ?? {};
  const why = [
    ...(running > 0
      ? [`${running} tracks are running (halt: allclear halt --direct, or allclear migrate --halt)`]
      : []),
    ...(open > 0 ? [`${open} permits are in flight (wait until they are settled, or a minute after their end)`] : []),
    ...(workers > 0 ? [`${workers} workers are alive (stop them, and wait ${aliveSeconds} s)`] : []),
  ];
  if (why.length === 0) return;
  throw new Failure(
    'conflict',
    `The database needs ${missing.length} migrations (${missing.join(', ')}) and is in use: ${why.join('; ')}. Nothing was changed.`,
    { running, open, workers },
  );
}

async function makeSchema(client: pg.ClientBase): Promise<void> {
  await client.query('CREATE SCHEMA IF NOT EXISTS allclear');
  await client.query(
    `CREATE TABLE IF NOT EXISTS allclear.migration (
       name text PRIMARY KEY, digest text NOT NULL, applied_at timestamptz NOT NULL DEFAULT clock_timestamp())`,
  );
}

async function applyOne(client: pg.ClientBase, folder: URL, name: string): Promise<void> {
  const text = await readFile(new URL(name, folder), 'utf8');
  try {
    await client.query(text);
    await client.query('INSERT INTO allclear.migration (name, digest) VALUES ($1, $2)', [name, digestOf(text)]);
  } catch (cause) {
    throw new Failure(
      'internal',
      `Migration ${name} failed and was rolled back: ${(cause as Error).message}`,
      { migration: name },
      cause,
    );
  }
}
