import { copyFile, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeDatabase, makePool } from '../../src/adapters/postgres/database.ts';
import { makeStore } from '../../src/adapters/postgres/store.ts';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { makeKeyRing } from '../../src/adapters/seal/key-ring.ts';
import { makeSeal } from '../../src/adapters/seal/seal.ts';
import { readSealKey } from '../../src/adapters/seal/seal-key-file.ts';
import { openRestorePoint } from '../../src/app/action/open-restore-point.ts';
import { readRolloutStatus } from '../../src/app/rollout/read-status.ts';
import type { Config } from '../../src/config/config.ts';
import type { FrozenPlan } from '../../src/domain/plan/frozen-plan.ts';
import type { AccountId } from '../../src/domain/shared/ids.ts';
import { checkBackup } from '../../src/main/backup/check-backup.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { withRolloutWorlds } from '../support/rollout-world.ts';
import type { RolloutWorld } from '../support/rollout-world.ts';
import { exportFrom, importInto, makeHome, passphrase } from './backup-world.ts';

/** Two clusters: what is restored comes up on another machine. */
const here = withTestPostgres();
const there = withTestPostgres();
const openWorld = withRolloutWorlds(here);
let world: RolloutWorld;
let restored: RolloutWorld;
let home: Config;
let elsewhere: Config;
let plan: FrozenPlan;
let rolloutNo: number;
let file: string;
let people: readonly AccountId[];
let hashes: readonly (string | null)[];

beforeAll(async () => {
  world = await openWorld();
  home = await makeHome(world);
  people = world.addHolders(12);
  hashes = people.map((id) => world.directory.credentialOf(id));
  ({ plan, rolloutNo } = await world.startedPlan(people, { containWaveSizes: [12], tellWaveSizes: [12] }));
  await world.advance(rolloutNo);
  while ((await world.run(rolloutNo, 'contain')) === 'settled');
  await world.advance(rolloutNo);
  await world.run(rolloutNo, 'tell');
  // What stands beside the chain, and what a text format could spoil.
  await world.store.transact((tx) =>
    tx.ledger.append({
      chain: 'installation',
      event: 'server.started',
      body: { codeVersion: 'a\\b\t"c"\n\u2028é' },
      personal: { reason: 'tab\t line\n back\\slash \\. Ünïcode' },
    }),
  );
  await world.writeCheckpoint();
  await copyFile(join(world.stateDir, 'checkpoints.ndjson'), join(home.home, 'checkpoints.ndjson'));
  file = join(home.home, 'whole.acb');
  const report = await exportFrom(world.url, home, file, true);
  expect(report.hasKeys).toBe(true);
  elsewhere = await makeHome(null);
  const url = await there.freshDatabase();
  await importInto(url, elsewhere, file);
  restored = world.onDatabase(url);
});

afterAll(async () => {
  await world.close();
  await restored.close();
});

test('every row of every table is there again, byte for byte, but for what says that it was restored', async () => {
  const { rows: tables } = await world.pool.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'allclear'::regnamespace AND relkind = 'r'
       AND relname NOT IN ('worker', 'sensor', 'behind', 'track', 'halt_period', 'ledger_head', 'migration', 'plan_draft_row')`,
  );
  expect(tables.length).toBeGreaterThan(20);
  for (const { name } of tables) {
    const text = `SELECT md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), '')) AS sum FROM allclear.${name} t`;
    const fresh = name === 'ledger_entry' ? ` WHERE event <> 'deployment.restored'` : '';
    const [before, after] = await Promise.all([world.pool.query(text), restored.pool.query(text + fresh)]);
    expect(after.rows, name).toEqual(before.rows);
  }
});

test('the ledger of a restored database is whole, against the checkpoints that came with it', async () => {
  const placed = await readFile(join(elsewhere.home, 'checkpoints.ndjson'));
  expect(placed.equals(await readFile(join(home.home, 'checkpoints.ndjson')))).toBe(true);
  expect((await restored.verifyLedger()).findings).toEqual([]);
});

test('it comes up halted with the same counts, and takes no permit until the loss is accepted', async () => {
  const [before, after] = await Promise.all(
    [world, restored].map((one) => readRolloutStatus({ store: one.store, policy: one.policy }, plan.id)),
  );
  expect(after?.phase).toMatch(/^halted/);
  expect(after?.tracks.map((track) => track.counts)).toEqual(before?.tracks.map((track) => track.counts));
  const entry = await restored.pool.query(`SELECT FROM ledger_entry WHERE event = 'deployment.restored'`);
  expect(entry.rowCount).toBe(1);
  await restored.agreeToResume(plan);
  expect((await restored.resume(plan.id)).kind).toBe('resumed');
  await restored.hearSensor();
  expect(await restored.run(rolloutNo, 'tell')).toMatchObject({ heldBy: expect.stringContaining('restored') });
});

test('with the keys out of the file every quarantined password can be given back', async () => {
  const keys = makeKeyRing(await readSealKey(elsewhere.sealKeyFile));
  const seal = makeSeal(keys);
  const points = await restored.store.transact((tx) => tx.restorePoints.pageOfPlan(plan.id, 0, 100));
  const planKey = await restored.store.transact((tx) => tx.restorePoints.planKey(plan.id));
  expect(points).toHaveLength(12);
  for (const point of points) {
    const hash = await openRestorePoint({ seal, deployment: world.deploymentId }, planKey, point);
    expect(hash).toBe(hashes[people.indexOf(point.accountId)]);
  }
});

test('counters go on where they stood: nothing gets a number that was given', async () => {
  const pool = makePool({ url: restored.url, applicationName: 'test', onIdleError: () => undefined });
  const store = makeStore(makeDatabase(pool), digests);
  const [first] = await store.transact((tx) => tx.restorePoints.reserveIds(1));
  const [last] = await world.store.transact((tx) => tx.restorePoints.reserveIds(1));
  await pool.end();
  expect(first).toBe(last);
});

test('the file is for its owner alone, and holds neither an address nor a key that could be read', async () => {
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const bytes = await readFile(file);
  expect(bytes.includes('@mail.test')).toBe(false);
  expect(bytes.includes('allclear-sealing-key')).toBe(false);
  await expect(checkBackup({ file, passphrase: 'another one, alas' }, () => undefined)).rejects.toMatchObject({
    code: 'backup-unreadable',
  });
});

test('reading a backup through counts the rows that are in it', async () => {
  const report = await checkBackup({ file, passphrase }, () => undefined);
  const { rows } = await world.pool.query<{ count: number }>('SELECT count(*) FROM ledger_entry');
  expect(report.tables.find((table) => table.name === 'ledger_entry')?.rows).toBe(rows[0]?.count);
});

test('an import that fails on its last byte leaves the database as empty as it was, and can be repeated', async () => {
  const url = await there.freshDatabase();
  const path = join(home.home, 'late.acb');
  const whole = await readFile(file);
  await writeFile(path, flipped(whole, whole.length - 1), { mode: 0o600 });
  await expect(importInto(url, elsewhere, path)).rejects.toMatchObject({ code: 'backup-unreadable' });
  const pool = makePool({ url, applicationName: 'test', onIdleError: () => undefined });
  expect((await pool.query(`SELECT FROM pg_namespace WHERE nspname = 'allclear'`)).rowCount).toBe(0);
  await pool.end();
  expect((await importInto(url, elsewhere, file)).halted).toEqual([plan.id]);
  // Never on top of something.
  await expect(importInto(url, elsewhere, file)).rejects.toMatchObject({ code: 'conflict' });
});

test('without the keys nothing is imported: a new key would be made, and nothing could be given back', async () => {
  const apart = join(home.home, 'apart.acb');
  const report = await exportFrom(world.url, home, apart);
  expect(report.keysApart.map((key) => key.file)).toEqual([home.sealKeyFile, home.ledgerKeyFile]);
  const bare = await makeHome(null);
  await expect(importInto(await there.freshDatabase(), bare, apart)).rejects.toMatchObject({ code: 'key-missing' });
  expect((await importInto(await there.freshDatabase(), home, apart)).hasKeys).toBe(false);
  await expect(exportFrom(world.url, home, apart)).rejects.toMatchObject({ code: 'conflict' });
});

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
