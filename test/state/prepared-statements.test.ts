import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makePool } from '../../src/adapters/postgres/database.ts';
import { preparingPool } from '../../src/adapters/postgres/prepared-statements.ts';
import { withTestPostgres } from '../support/postgres.ts';

const postgres = withTestPostgres();
const connections = 4;

let plain: pg.Pool;
let pool: ReturnType<typeof preparingPool>;

beforeEach(async () => {
  plain = makePool({
    url: await postgres.freshDatabase(),
    applicationName: 'test',
    poolSize: connections,
    onIdleError: () => undefined,
  });
  await plain.query('CREATE SCHEMA allclear');
  await plain.query('CREATE TABLE seen (no int PRIMARY KEY, word text)');
  await plain.query(`INSERT INTO seen VALUES (1, 'one')`);
  pool = preparingPool(plain);
});

afterEach(() => plain.end());

async function inTransaction(statements: readonly (readonly [string, readonly unknown[]])[]): Promise<unknown> {
  const client = await pool.connect();
  try {
    await client.query('begin', []);
    let rows: readonly unknown[] = [];
    for (const [text, values] of statements) ({ rows } = await client.query<unknown>(text, values));
    await client.query('commit', []);
    return rows;
  } catch (error) {
    await client.query('rollback', []);
    throw error;
  } finally {
    client.release();
  }
}

const select = ['SELECT * FROM seen WHERE no = $1', [1]] as const;
const prepared = ['SELECT count(*)::int AS count FROM pg_prepared_statements', []] as const;

test('a statement is parsed once for each connection, whatever its values are', async () => {
  const other = ['SELECT * FROM seen WHERE no = $1', [2]] as const;
  expect(await inTransaction([select, other, select, prepared])).toEqual([{ count: 2 }]);
});

test('a text that grows with its rows is not kept', async () => {
  const marks = Array.from({ length: 200 }, (_, index) => `$${index + 1}`);
  const many = [`SELECT * FROM seen WHERE no IN (${marks.join(', ')})`, marks.map((_, index) => index)] as const;
  expect(await inTransaction([many, prepared])).toEqual([{ count: 1 }]);
});

test('a table that is changed under a running process costs it one transaction that did nothing, and none after it', async () => {
  const all = (): Promise<readonly PromiseSettledResult<unknown>[]> =>
    Promise.allSettled(Array.from({ length: connections }, () => inTransaction([select])));
  expect((await all()).every((one) => one.status === 'fulfilled')).toBe(true);
  await plain.query(`ALTER TABLE seen ADD COLUMN later text DEFAULT 'new'`);
  const write = ['INSERT INTO seen VALUES ($1, $2)', [2, 'two']] as const;
  await expect(inTransaction([write, select])).rejects.toThrow('cached plan');
  expect((await plain.query('SELECT no FROM seen')).rows).toEqual([{ no: 1 }]);
  for (const one of await all())
    expect(one).toEqual({ status: 'fulfilled', value: [{ no: 1, word: 'one', later: 'new' }] });
});

test('where no name is kept, statements are asked without one before long', async () => {
  const forgetful = ['DEALLOCATE ALL', []] as const;
  const tries: string[] = [];
  for (let count = 0; count < 12; count += 1) {
    const done = await Promise.allSettled([inTransaction([select, forgetful, select])]);
    tries.push(...done.map((one) => one.status));
  }
  expect(tries.slice(0, 2)).toEqual(['rejected', 'rejected']);
  expect(tries.slice(-3)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
});

test('whoever halts prepares nothing', async () => {
  const halting = await readFile(new URL('../../src/main/halting.ts', import.meta.url), 'utf8');
  expect(halting).toContain('makeDatabase(pool)');
  expect(halting).not.toContain('preparingPool');
});
