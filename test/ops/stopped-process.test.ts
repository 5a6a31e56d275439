import { setTimeout as delay } from 'node:timers/promises';
import { to as copyTo } from 'pg-copy-streams';
import { expect, test } from 'vitest';
import { makePool } from '../../src/adapters/postgres/database.ts';
import { withTestPostgres } from '../support/postgres.ts';

const postgres = withTestPostgres();

test('a process that is stopped inside a transaction keeps no row from the others for good', async () => {
  const url = await postgres.freshDatabase();
  const stopped = makePool({ url, applicationName: 'test', silentInTransactionMs: 200, onIdleError: () => undefined });
  const other = makePool({ url, applicationName: 'test', onIdleError: () => undefined });
  try {
    await other.query('CREATE TABLE public.held (n int)');
    await other.query('INSERT INTO public.held VALUES (1)');
    const client = await stopped.connect();
    await client.query('BEGIN');
    await client.query('SELECT n FROM public.held FOR UPDATE');
    // Nothing more is heard of it, and its connection stays: as of a process that was stopped.
    const { rowCount } = await other.query('UPDATE public.held SET n = 2');
    expect(rowCount).toBe(1);
    await expect(client.query('COMMIT')).rejects.toThrow();
    client.release(true);
  } finally {
    await stopped.end();
    await other.end();
  }
});

test('server, workers and commands are bounded in this without asking for it', async () => {
  const pool = makePool({ url: await postgres.freshDatabase(), applicationName: 'test', onIdleError: () => undefined });
  try {
    const { rows } = await pool.query('SHOW idle_in_transaction_session_timeout');
    expect(rows).toEqual([{ idle_in_transaction_session_timeout: '10s' }]);
  } finally {
    await pool.end();
  }
});

test('a COPY whose reader is slower than the bound is not broken off', async () => {
  const boundMs = 200;
  const pool = makePool({
    url: await postgres.freshDatabase(),
    applicationName: 'test',
    silentInTransactionMs: boundMs,
    onIdleError: () => undefined,
  });
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    // Far more than the socket holds: Postgres waits for its reader.
    const stream = client.query(copyTo(`COPY (SELECT repeat('x', 1000) FROM generate_series(1, 20000)) TO STDOUT`));
    let bytes = 0;
    for await (const piece of stream) {
      if (bytes === 0) await delay(3 * boundMs);
      bytes += (piece as Buffer).length;
    }
    expect(bytes).toBe(20_000 * 1_001);
    await client.query('COMMIT');
  } finally {
    client.release(true);
    await pool.end();
  }
});
