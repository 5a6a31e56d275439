import { cp, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { beforeEach, expect, test } from 'vitest';
import { migrate, readMigrationState } from '../../src/adapters/postgres/migrate.ts';
import { takePermit } from '../../src/app/rollout/take-permit.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { withRolloutWorlds } from '../support/rollout-world.ts';
import type { RolloutWorld } from '../support/rollout-world.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

const openWorld = withRolloutWorlds(withTestPostgres());
const shipped = fileURLToPath(new URL('../../sql/', import.meta.url));
let world: RolloutWorld;
/** The sql folder of a later version: one file more. */
let newer: URL;

beforeEach(async () => {
  world = await openWorld();
  const folder = makeTempFolder('sql');
  await cp(shipped, folder, { recursive: true });
  await writeFile(join(folder, '9000-later.sql'), 'CREATE TABLE allclear.later (no bigint PRIMARY KEY);\n');
  newer = pathToFileURL(`${folder}/`);
  return () => world.close();
});

async function hasLater(): Promise<boolean> {
  const { rows } = await world.pool.query<{ found: boolean }>(
    `SELECT to_regclass('allclear.later') IS NOT NULL AS found`,
  );
  return rows[0]?.found === true;
}

test('a newer version changes nothing while a rollout runs, and says to halt first', async () => {
  const { plan } = await world.startedPlan(world.addHolders(3));
  await expect(migrate(world.pool, newer)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringMatching(/2 tracks are running.*halt.*Nothing was changed/s),
  });
  expect(await hasLater()).toBe(false);
  await world.halt(plan.id);
  expect(await migrate(world.pool, newer)).toEqual(['9000-later.sql']);
  const phases = (await world.tracks((await world.rolloutOf(plan.id)).no)).map((track) => track.phase);
  expect(phases).toEqual(['halted', 'halted']);
});

test('a permit in flight and a worker that is alive each stand in its way, and neither for ever', async () => {
  const { plan, rolloutNo } = await world.startedPlan(world.addHolders(3));
  await world.advance(rolloutNo);
  await world.hearSensor();
  expect((await takePermit(world.runDeps(), rolloutNo, 'contain')).kind).toBe('permit');
  await world.halt(plan.id);
  await world.store.transact((tx) =>
    tx.rollouts.beatWorker({ id: 'w', host: 'h', pid: 1, codeVersion: 'old', mailHold: null }),
  );
  await expect(migrate(world.pool, newer)).rejects.toMatchObject({
    message: expect.stringMatching(/permits are in flight.*workers are alive/s),
  });
  await world.expirePermits(3_600);
  await world.pool.query(`UPDATE worker SET seen_at = clock_timestamp() - interval '11 seconds'`);
  expect(await migrate(world.pool, newer)).toEqual(['9000-later.sql']);
});

test('the version before refuses the newer schema, in words', async () => {
  await migrate(world.pool, newer);
  await expect(migrate(world.pool)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('Run the newer version'),
  });
  expect((await readMigrationState(world.pool)).unknown).toEqual(['9000-later.sql']);
});

test('a migration that fails leaves the schema as it was, and the next start tries it again', async () => {
  await writeFile(join(fileURLToPath(newer), '9000-later.sql'), 'CREATE TABLE allclear.later (no bigint); SELECT 1/0;');
  await expect(migrate(world.pool, newer)).rejects.toMatchObject({ code: 'internal' });
  expect(await hasLater()).toBe(false);
  expect((await readMigrationState(world.pool, newer)).missing).toEqual(['9000-later.sql']);
});

/** What the version before still reads must be there: it runs until the last of its workers is stopped. */
const shrinks =
  /\b(DROP\s+(TABLE|COLUMN|SCHEMA|TYPE)|RENAME\s+(TO|COLUMN)|TRUNCATE|ALTER\s+COLUMN\s+\w+\s+(SET\s+DATA\s+)?TYPE|DELETE\s+FROM)\b/i;

test('no shipped migration takes anything away', async () => {
  expect(shrinks.test('ALTER TABLE allclear.plan DROP COLUMN total')).toBe(true);
  for (const name of (await readdir(shipped)).filter((file) => file.endsWith('.sql'))) {
    const text = (await readFile(join(shipped, name), 'utf8')).replaceAll(/--.*$/gm, '');
    expect(shrinks.exec(text)?.[0] ?? null, name).toBeNull();
  }
});
