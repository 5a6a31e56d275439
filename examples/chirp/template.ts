import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import pg from 'pg';
import { populate, type PopulationOptions } from './population.ts';
import { insertFirstChirps } from './population/first-chirps.ts';
import { defaultPopulation, groundTruth, type GroundTruth } from './population/ground-truth.ts';
import { keepPeople } from './population/keep-people.ts';

/** Serialises the building of templates in one cluster. Advisory locks are per database: all take it in `postgres`. */
const templateLock = 7_362_502;

/** What decides the rows of a template. A change in any of these makes another template. */
const sources = [
  './auth.ts',
  './migrate-chirp.ts',
  './population.ts',
  './random.ts',
  './languages.ts',
  './population/',
];

function onDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${encodeURIComponent(database)}`;
  return changed.href;
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'chirp-template' });
  client.on('error', () => {
    // The statement in flight rejects with the same error.
  });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function templateName(size: number, seed: number): Promise<string> {
  const digest = createHash('sha256').update(JSON.stringify([size, seed]));
  for (const source of sources) {
    const at = new URL(source, import.meta.url);
    const files = source.endsWith('/') ? (await readdir(at)).sort().map((name) => new URL(name, at)) : [at];
    for (const file of files) digest.update(await readFile(file));
  }
  return `chirp_template_${digest.digest('hex').slice(0, 16)}`;
}

async function exists(client: pg.Client, name: string): Promise<boolean> {
  const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
  return rowCount === 1;
}

/**
 * A database template with the population of a seed, built where the cluster of `adminUrl` does not have it yet. Safe to
 * call from many processes at once: one builds, the others wait. Returns its name.
 */
export async function ensureChirpTemplate(adminUrl: string, options: PopulationOptions = {}): Promise<string> {
  const { size = defaultPopulation.size, seed = defaultPopulation.seed } = options;
  const name = await templateName(size, seed);
  return withClient(onDatabase(adminUrl, 'postgres'), async (client) => {
    if (await exists(client, name)) return name;
    // Held by this session: it goes with the connection, whatever happens.
    await client.query('SELECT pg_advisory_lock($1)', [templateLock]);
    if (await exists(client, name)) return name;
    const draft = pg.escapeIdentifier(`${name}_draft`);
    // What a build that died left behind.
    await client.query(`DROP DATABASE IF EXISTS ${draft} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${draft}`);
    await populate(onDatabase(adminUrl, `${name}_draft`), { size, seed });
    // Closed to connections: a single one would make every clone fail.
    await client.query(`ALTER DATABASE ${draft} WITH ALLOW_CONNECTIONS false`);
    // The name is what makes it ready; what follows only keeps it from being dropped by mistake.
    await client.query(`ALTER DATABASE ${draft} RENAME TO ${pg.escapeIdentifier(name)}`);
    await client.query(`ALTER DATABASE ${pg.escapeIdentifier(name)} WITH IS_TEMPLATE true`);
    return name;
  });
}

export interface CloneOptions extends PopulationOptions {
  /** Accounts that the clone keeps; the rest is deleted, the mix stays. Default: all. */
  readonly keep?: number;
}

export interface ChirpClone {
  readonly url: string;
  /** What is true of the accounts in this clone. */
  readonly truth: GroundTruth;
}

/**
 * A Chirp database of its own, called `name`, in the cluster of `adminUrl`: copied from the template of that seed and
 * size, which is built first where it is missing. Rejects with Postgres's 42P04 when the name is taken.
 */
export async function cloneChirp(adminUrl: string, name: string, options: CloneOptions = {}): Promise<ChirpClone> {
  const { size = defaultPopulation.size, seed = defaultPopulation.seed } = options;
  const template = await ensureChirpTemplate(adminUrl, { size, seed });
  await withClient(onDatabase(adminUrl, 'postgres'), (client) =>
    client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)} TEMPLATE ${pg.escapeIdentifier(template)}`),
  );
  const url = onDatabase(adminUrl, name);
  const whole = groundTruth(seed, size);
  if (options.keep === undefined) return { url, truth: whole };
  const truth = keepPeople(whole, options.keep);
  await withClient(url, async (client) => {
    // Sessions, credentials and chirps go with their user (ON DELETE CASCADE).
    const ids = truth.people.map((person) => person.accountId);
    await client.query('DELETE FROM "user" WHERE id <> ALL ($1::text[])', [ids]);
    await client.query('DELETE FROM chirp');
    await insertFirstChirps(client, truth.people, seed);
  });
  return { url, truth };
}

/** As `cloneChirp` with everybody, and content when the database is there already: what people did in it stays. */
export async function ensureChirp(adminUrl: string, name: string): Promise<string> {
  const isThere = await withClient(onDatabase(adminUrl, 'postgres'), (client) => exists(client, name));
  return isThere ? onDatabase(adminUrl, name) : (await cloneChirp(adminUrl, name)).url;
}
