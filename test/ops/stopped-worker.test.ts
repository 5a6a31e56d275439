import { expect, test } from 'vitest';
import { makePool } from '../../src/adapters/postgres/database.ts';
import { withTestPostgres } from '../support/postgres.ts';

const postgres = withTestPostgres();

test('a worker that is stopped inside a transaction keeps no row from the others for good', async () => {
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
