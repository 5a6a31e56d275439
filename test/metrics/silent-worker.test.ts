import { afterAll, beforeAll, expect, test } from 'vitest';
import { countInstallation } from '../../src/app/metrics/count-installation.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { withRolloutWorlds } from '../support/rollout-world.ts';
import type { RolloutWorld } from '../support/rollout-world.ts';

const openWorld = withRolloutWorlds(withTestPostgres());
let world: RolloutWorld;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

test('a worker that went silent is not counted as one that works, and its host is not forgotten', async () => {
  await world.pool.query(`
    INSERT INTO worker (id, host, pid, code_version, seen_at) VALUES
      ('a', 'host_1', 1, 'x', clock_timestamp()), ('b', 'host_1', 2, 'x', clock_timestamp() - interval '5 minutes'),
      ('c', 'host_2', 3, 'x', clock_timestamp() - interval '5 minutes'),
      ('d', 'host_3', 4, 'x', clock_timestamp() - interval '2 hours')`);
  const { workers } = await countInstallation(world);
  expect(workers.map(({ host, count }) => `${host} ${count}`).toSorted()).toEqual(['host_1 1', 'host_2 0']);
});
