import { afterAll, beforeAll, expect, test } from 'vitest';
import pg from 'pg';
import { makeLogger } from '../../src/adapters/log/logger.ts';
import { emptyDrillDatabase } from '../../src/adapters/postgres/drill-database.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { makeDrillHost } from '../../src/main/drill/drill-host.ts';
import { Campaign } from '../support/campaign.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

const postgres = withTestPostgres();
let campaign: Campaign;
let url: string;

beforeAll(async () => {
  url = await postgres.freshDatabase();
  campaign = await Campaign.begin(url);
});
afterAll(() => campaign.end());

const nobody = (): Promise<never> => Promise.reject(new Error('nobody calls'));

function hostOn(databaseUrl: string, settings: Readonly<Record<string, string>> = {}) {
  const home = makeTempFolder('drill');
  const { config } = loadConfig({ env: { ALLCLEAR_HOME: home, ...settings }, flags: {}, cwd: home });
  const log = makeLogger({ name: 'test', level: 'silent' });
  return makeDrillHost({ config, store: campaign.store, databaseUrl, codeVersion: 'test', log });
}

async function query(at: string, text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: at });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

test('a role that may make no database is told what its owner has to do, and the drill that could not begin is failed', async () => {
  await campaign.pool.query('CREATE ROLE modest LOGIN');
  const modest = new URL(url);
  modest.username = 'modest';
  await expect(hostOn(modest.href).begin(campaign.author, nobody)).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringContaining('ALLCLEAR_DRILL_DATABASE_URL'),
  });
  const [drill] = await campaign.store.transact((tx) => tx.drills.list(1));
  expect(drill).toMatchObject({
    state: 'failed',
    report: { reasons: [expect.stringContaining('could not be begun')] },
  });
});

test('a database that is named for drills and holds somebody’s table is left as it is', async () => {
  const named = await postgres.freshDatabase();
  await query(named, 'CREATE TABLE customers (name text); INSERT INTO customers VALUES ($$Eve$$)');
  await expect(
    hostOn(url, { ALLCLEAR_DRILL_DATABASE_URL: named }).begin(campaign.author, nobody),
  ).rejects.toMatchObject({
    code: 'conflict',
  });
  expect(await query(named, 'SELECT name FROM customers')).toEqual([{ name: 'Eve' }]);
  await expect(emptyDrillDatabase(url)).rejects.toMatchObject({ code: 'conflict' });
});

test('a database of drills is emptied again and again, and nothing of the last one stays', async () => {
  const named = await postgres.freshDatabase();
  await emptyDrillDatabase(named);
  await query(named, 'CREATE SCHEMA allclear; CREATE TABLE allclear.operator_token (hash text)');
  await emptyDrillDatabase(named);
  expect(await query(named, `SELECT to_regclass('allclear.operator_token') AS left`)).toEqual([{ left: null }]);
});
