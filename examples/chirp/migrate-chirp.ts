import { randomBytes } from 'node:crypto';
import { getMigrations } from 'better-auth/db/migration';
import type pg from 'pg';
import { schemaOptions } from './auth.ts';

/** Any constant works; two Chirps that start together must not both create the tables. */
const migrationLock = 7_362_501;

/** Brings a database to Chirp's tables: those of better-auth by its own migration, and Chirp's two. Repeating is harmless. */
export async function migrateChirp(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [migrationLock]);
    const migrations = await getMigrations({ ...schemaOptions, database: pool });
    await migrations.runMigrations();
    await client.query(`
      CREATE TABLE IF NOT EXISTS chirp (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        "userId" text NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
        text text NOT NULL CHECK (char_length(text) BETWEEN 1 AND 280),
        "createdAt" timestamptz NOT NULL DEFAULT clock_timestamp()
      );
      CREATE INDEX IF NOT EXISTS chirp_user ON chirp ("userId");
      CREATE TABLE IF NOT EXISTS chirp_setting (name text PRIMARY KEY, value text NOT NULL)`);
    await client.query('SELECT pg_advisory_unlock($1)', [migrationLock]);
  } finally {
    // Destroyed rather than returned: a failed migration must not leave its lock in the pool.
    client.release(true);
  }
}

/** The key that signs Chirp's cookies, made on first use and kept in its database: a restart signs nobody out. */
export async function readCookieSecret(pool: pg.Pool): Promise<string> {
  await pool.query(`INSERT INTO chirp_setting (name, value) VALUES ('cookie-secret', $1) ON CONFLICT DO NOTHING`, [
    randomBytes(32).toString('base64url'),
  ]);
  const { rows } = await pool.query<{ value: string }>(`SELECT value FROM chirp_setting WHERE name = 'cookie-secret'`);
  const secret = rows[0]?.value;
  if (secret === undefined) throw new Error('chirp_setting lost its cookie-secret while Chirp was starting');
  return secret;
}
