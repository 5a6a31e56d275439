import type pg from 'pg';
import { afterAll, beforeAll, describe } from 'vitest';
import { makeDatabase, makePool } from '../../src/adapters/postgres/database.ts';
import { migrate } from '../../src/adapters/postgres/migrate.ts';
import { makeRestorePointStore } from '../../src/adapters/postgres/restore-point-store.ts';
import { FakeRestorePoints } from '../fakes/fake-restore-point-store.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { restorePointContract } from './restore-point-contract.ts';

describe('the fake store of restore points', () => {
  restorePointContract(async () => new FakeRestorePoints());
});

describe('restore points in Postgres', () => {
  const postgres = withTestPostgres();
  let pool: pg.Pool;
  beforeAll(async () => {
    const url = await postgres.freshDatabase();
    pool = makePool({ url, applicationName: 'test', onIdleError: () => undefined });
    await migrate(pool);
  });
  afterAll(() => pool.end());

  restorePointContract(async () => {
    await pool.query('TRUNCATE restore_point, session_end, plan_key, recovery');
    const database = makeDatabase(pool);
    return {
      transact: (work) => database.transaction().execute((trx) => work({ restorePoints: makeRestorePointStore(trx) })),
    };
  });
});
