import pg from 'pg';
import { migrateChirp } from './migrate-chirp.ts';
import { insertFirstChirps } from './population/first-chirps.ts';
import { defaultPopulation, groundTruth } from './population/ground-truth.ts';
import type { GroundTruth, Person } from './population/ground-truth.ts';
import { readHashPool } from './population/hash-pool.ts';
import { makeRandom } from './random.ts';

export interface PopulationOptions {
  readonly size?: number;
  readonly seed?: number;
}

/** Rows per statement: keeps a statement near 1 MB. */
const rowsPerInsert = 5_000;

const sessionLifeDays = 400;
const oldestSessionDays = 90;

interface Column {
  readonly name: string;
  readonly type: 'text' | 'boolean' | 'timestamptz' | 'int';
}

async function insertRows(
  client: pg.ClientBase,
  into: string,
  columns: readonly Column[],
  select: string,
  rows: readonly (readonly unknown[])[],
): Promise<void> {
  const parameters = columns.map(({ type }, index) => `$${index + 1}::${type}[]`).join(', ');
  const names = columns.map(({ name }) => `"${name}"`).join(', ');
  const statement = `INSERT INTO ${into} SELECT ${select} FROM unnest(${parameters}) AS row (${names})`;
  for (let start = 0; start < rows.length; start += rowsPerInsert) {
    const batch = rows.slice(start, start + rowsPerInsert);
    await client.query(
      statement,
      columns.map((_, column) => batch.map((row) => row[column])),
    );
  }
}

async function insertUsers(client: pg.ClientBase, people: readonly Person[]): Promise<void> {
  await insertRows(
    client,
    '"user" (id, name, email, "emailVerified", "createdAt", "updatedAt", language, business, staff, "addressChangedAt")',
    [
      { name: 'id', type: 'text' },
      { name: 'name', type: 'text' },
      { name: 'email', type: 'text' },
      { name: 'confirmed', type: 'boolean' },
      { name: 'created', type: 'timestamptz' },
      { name: 'updated', type: 'timestamptz' },
      { name: 'language', type: 'text' },
      { name: 'business', type: 'boolean' },
      { name: 'staff', type: 'boolean' },
      { name: 'changed', type: 'timestamptz' },
    ],
    '*',
    people.map((person) => [
      person.accountId,
      person.name,
      person.address,
      person.addressConfirmed,
      person.createdAt,
      person.addressChangedAt ?? person.createdAt,
      person.language,
      person.business,
      person.staff,
      person.addressChangedAt,
    ]),
  );
}

async function insertAccounts(
  client: pg.ClientBase,
  people: readonly Person[],
  hashes: readonly string[],
  seed: number,
): Promise<void> {
  const ids = makeRandom(seed, 'account-ids');
  await insertRows(
    client,
    'account (id, "userId", "accountId", "providerId", password, "createdAt", "updatedAt")',
    [
      { name: 'id', type: 'text' },
      { name: 'user', type: 'text' },
      { name: 'subject', type: 'text' },
      { name: 'provider', type: 'text' },
      { name: 'password', type: 'text' },
      { name: 'created', type: 'timestamptz' },
      { name: 'updated', type: 'timestamptz' },
    ],
    '*',
    people.map((person) => {
      const id = ids.text(32);
      const foreignSubject = String(100_000_000_000 + ids.below(2 ** 31));
      return person.passwordIndex === null
        ? [id, person.accountId, foreignSubject, 'google', null, person.createdAt, person.createdAt]
        : [
            id,
            person.accountId,
            person.accountId,
            'credential',
            hashes[person.passwordIndex],
            person.createdAt,
            person.passwordSetAt,
          ];
    }),
  );
}

/** Sessions are dated back from the day the rows are written: dated like the rest, they would have ended long ago. */
async function insertSessions(client: pg.ClientBase, people: readonly Person[], seed: number): Promise<void> {
  const random = makeRandom(seed, 'sessions');
  await insertRows(
    client,
    'session (id, "userId", token, "createdAt", "updatedAt", "expiresAt", "ipAddress", "userAgent")',
    [
      { name: 'id', type: 'text' },
      { name: 'user', type: 'text' },
      { name: 'token', type: 'text' },
      { name: 'ageMinutes', type: 'int' },
      { name: 'ip', type: 'text' },
      { name: 'agent', type: 'text' },
    ],
    `id, "user", token,
     now() - "ageMinutes" * interval '1 minute',
     now() - "ageMinutes" * interval '1 minute',
     now() - "ageMinutes" * interval '1 minute' + interval '${sessionLifeDays} days',
     ip, agent`,
    people.flatMap((person) =>
      Array.from({ length: person.liveSessions }, () => [
        random.text(32),
        person.accountId,
        random.text(32),
        random.below(oldestSessionDays * 24 * 60),
        `192.0.2.${random.below(256)}`,
        random.pick(['Chirp for Android', 'Chirp for iOS', 'Firefox', 'Chrome', 'Safari']),
      ]),
    ),
  );
}

/**
 * Makes Chirp's tables in an empty database and fills them with the population of a seed (default 12,000 accounts, seed
 * 7), in one transaction. Returns what is true of each account; `groundTruth(seed, size)` gives the same without a
 * database. Rejects with Postgres's own error when the population is already there.
 */
export async function populate(databaseUrl: string, options: PopulationOptions = {}): Promise<GroundTruth> {
  const truth = groundTruth(options.seed ?? defaultPopulation.seed, options.size ?? defaultPopulation.size);
  const hashes = await readHashPool();
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2, application_name: 'chirp-population' });
  pool.on('error', () => {
    // The statement in flight rejects with the same error.
  });
  try {
    await migrateChirp(pool);
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      await insertUsers(client, truth.people);
      await insertAccounts(client, truth.people, hashes, truth.seed);
      await insertSessions(client, truth.people, truth.seed);
      await insertFirstChirps(client, truth.people, truth.seed);
      await client.query('COMMIT');
      await client.query('ANALYZE');
    } finally {
      client.release(true);
    }
  } finally {
    await pool.end();
  }
  return truth;
}
