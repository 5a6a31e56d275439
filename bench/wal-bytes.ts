import type pg from 'pg';

/** Bytes of write-ahead log that `work` wrote, whoever wrote them: run nothing beside it. */
export async function walBytes(pool: pg.Pool, work: () => Promise<void>): Promise<number> {
  const before = await walPosition(pool);
  await work();
  return (await walPosition(pool)) - before;
}

async function walPosition(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ bytes: string }>(
    `SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::text AS bytes`,
  );
  return Number(rows[0]?.bytes);
}
