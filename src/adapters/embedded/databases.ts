import pg from 'pg';
import { withDatabase } from './postgres-url.ts';

/** A local server answers in milliseconds; longer means that it is not there. */
const connectTimeoutMs = 10_000;

async function onMaintenanceDatabase<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: withDatabase(url, 'postgres'),
    application_name: 'allclear-databases',
    connectionTimeoutMillis: connectTimeoutMs,
  });
  client.on('error', () => {
    // The statement in flight rejects with the same error; without a listener the process would end.
  });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/**
 * Creates a database on the server of `url` and returns its own url. With a template, an exact copy of that database: it
 * must have no connections meanwhile. Throws Postgres's own error, 42P04 when the name is taken.
 */
export async function createDatabase(url: string, name: string, template?: string): Promise<string> {
  const source = template === undefined ? '' : ` TEMPLATE ${pg.escapeIdentifier(template)}`;
  const create = `CREATE DATABASE ${pg.escapeIdentifier(name)}${source}`;
  await onMaintenanceDatabase(url, (client) => client.query(create));
  return withDatabase(url, name);
}

/** As `createDatabase`, and content when it is there already. */
export async function ensureDatabase(url: string, name: string): Promise<string> {
  const isThere = await onMaintenanceDatabase(url, (client) =>
    client.query('SELECT FROM pg_database WHERE datname = $1', [name]).then(({ rowCount }) => rowCount === 1),
  );
  return isThere ? withDatabase(url, name) : createDatabase(url, name);
}
