import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import type pg from 'pg';
import { Failure } from '../../domain/shared/failure.ts';

const folder = new URL('../../../sql/', import.meta.url);
/** Any fixed number: two processes that start together must not migrate together. */
const migrationLock = 0x616c6c63;

/** The numbered files of `sql/` against what the database says of them. */
export interface MigrationState {
  readonly missing: readonly string[];
  /** Applied by a newer version than this one. */
  readonly unknown: readonly string[];
  /** Applied, and edited afterwards. */
  readonly changed: readonly string[];
}

/** Reads only; a database that was never migrated misses all of them. */
export async function readMigrationState(pool: pg.Pool): Promise<MigrationState> {
  const client = await pool.connect();
  try {
    const { rows } = await client.query<{ found: boolean }>(
      `SELECT to_regclass('allclear.migration') IS NOT NULL AS found`,
    );
    const applied = rows[0]?.found === true ? await readApplied(client) : new Map<string, string>();
    const files = await readFiles();
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

/** Applies the numbered files of `sql/` that are not yet applied, each in its own transaction, and names them. */
export async function migrate(pool: pg.Pool): Promise<readonly string[]> {
  const client = await pool.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [migrationLock]);
    await client.query('CREATE SCHEMA IF NOT EXISTS allclear');
    await client.query(
      `CREATE TABLE IF NOT EXISTS allclear.migration (
         name text PRIMARY KEY, digest text NOT NULL, applied_at timestamptz NOT NULL DEFAULT clock_timestamp())`,
    );
    const applied = await readApplied(client);
    const files = await readFiles();
    refuseNewerSchema(applied, files);
    const done: string[] = [];
    for (const name of files) {
      const text = await readFile(new URL(name, folder), 'utf8');
      const digest = digestOf(text);
      const before = applied.get(name);
      if (before === digest) continue;
      if (before !== undefined) {
        throw new Failure(
          'conflict',
          `Migration ${name} was changed after it was applied. Restore the file: migrations are only added.`,
        );
      }
      await applyOne(client, name, text, digest);
      done.push(name);
    }
    return done;
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [migrationLock]).catch(() => undefined);
    client.release();
  }
}

async function readFiles(): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => /^[0-9]{4}-.*\.sql$/.test(name)).toSorted();
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

async function readApplied(client: pg.PoolClient): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query<{ name: string; digest: string }>('SELECT name, digest FROM allclear.migration');
  return new Map(rows.map((row) => [row.name, row.digest]));
}

function refuseNewerSchema(applied: ReadonlyMap<string, string>, files: readonly string[]): void {
  const unknown = [...applied.keys()].find((name) => !files.includes(name));
  if (unknown === undefined) return;
  throw new Failure(
    'conflict',
    `The database has migration ${unknown}, which this version does not know. Run the newer version.`,
  );
}

async function applyOne(client: pg.PoolClient, name: string, text: string, digest: string): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(text);
    await client.query('INSERT INTO allclear.migration (name, digest) VALUES ($1, $2)', [name, digest]);
    await client.query('COMMIT');
  } catch (cause) {
    await client.query('ROLLBACK');
    throw new Failure(
      'internal',
      `Migration ${name} failed and was rolled back: ${(cause as Error).message}`,
      { migration: name },
      cause,
    );
  }
}
