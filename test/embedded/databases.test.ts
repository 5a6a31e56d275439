import pg from 'pg';
import { expect, test } from 'vitest';
import { ensureDatabase } from '../../src/adapters/embedded/databases.ts';
import { withTestPostgres } from '../support/postgres.ts';

const postgres = withTestPostgres();

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

test('a fresh database holds nothing of another', async () => {
  const first = await postgres.freshDatabase();
  await ask(first, 'CREATE TABLE here (n int)');
  const second = await postgres.freshDatabase();
  expect(await ask(second, "SELECT to_regclass('here') AS found")).toEqual([{ found: null }]);
});

test('a clone has the rows of its template, and keeps its own changes', async () => {
  const template = await postgres.freshDatabase();
  await ask(template, 'CREATE TABLE t AS SELECT 1 AS n');
  const clone = await postgres.cloneDatabase(template);
  await ask(clone, 'UPDATE t SET n = 2');
  expect(await ask(clone, 'SELECT n FROM t')).toEqual([{ n: 2 }]);
  expect(await ask(template, 'SELECT n FROM t')).toEqual([{ n: 1 }]);
});

test('ensuring a database that is there keeps what it holds', async () => {
  const url = await postgres.freshDatabase();
  await ask(url, 'CREATE TABLE kept (n int)');
  expect(await ensureDatabase(url, new URL(url).pathname.slice(1))).toBe(url);
  expect(await ask(url, "SELECT to_regclass('kept')::text AS found")).toEqual([{ found: 'kept' }]);
});

test('the encoding is UTF-8 and the order of text does not depend on the machine', async () => {
  const url = await postgres.freshDatabase();
  const [row] = await ask(
    url,
    'SELECT pg_encoding_to_char(encoding) AS encoding, datlocprovider AS provider, datlocale AS locale FROM pg_database WHERE datname = current_database()',
  );
  expect(row).toEqual({ encoding: 'UTF8', provider: 'b', locale: 'C.UTF-8' });
});
