import { cp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { makePool } from '../../src/adapters/postgres/database.ts';
import { migrate } from '../../src/adapters/postgres/migrate.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { withRolloutWorlds } from '../support/rollout-world.ts';
import { exportFrom, importInto, makeHome } from './backup-world.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

const postgres = withTestPostgres();
const openWorld = withRolloutWorlds(postgres);
const shipped = fileURLToPath(new URL('../../sql/', import.meta.url));

test('a backup of the version before is brought up to this one, and one of a later version is refused', async () => {
  const world = await openWorld();
  const home = await makeHome(world);
  const { deploymentId } = world;
  const folder = makeTempFolder('sql');
  await cp(shipped, folder, { recursive: true });
  const newest =
    (await readdir(folder))
      .filter((name) => name.endsWith('.sql'))
      .toSorted()
      .at(-1) ?? '';
  await rm(join(folder, newest));
  const pool = makePool({ url: await postgres.freshDatabase(), applicationName: 'test', onIdleError: () => undefined });
  await migrate(pool, pathToFileURL(`${folder}/`));
  await pool.query(
    `INSERT INTO deployment (deployment_id, name, environment, ledger_public_key) VALUES ($1, 'test', 'staging', $2)`,
    [deploymentId, world.ledgerKey.publicKey],
  );
  const url = String(pool.options.connectionString);
  await exportFrom(url, home, join(home.home, 'older.acb'));
  expect((await importInto(await postgres.freshDatabase(), home, join(home.home, 'older.acb'))).migrated).toEqual([
    newest,
  ]);

  await pool.query(`INSERT INTO migration (name, digest) VALUES ('9000-later.sql', 'd')`);
  await pool.end();
  await exportFrom(url, home, join(home.home, 'newer.acb'));
  await expect(importInto(await postgres.freshDatabase(), home, join(home.home, 'newer.acb'))).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('Run the newer version'),
  });
  await world.close();
});
