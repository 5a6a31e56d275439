import { afterAll, beforeAll, expect, test } from 'vitest';
import { haltDeniedWorld, mostInFlight, runHaltDenied } from '../../examples/scenarios/halt-denied.ts';
import type { Denial, HaltUnderDenial } from '../../examples/scenarios/halt-denied.ts';
import { openWorld } from '../../examples/scenarios/world.ts';
import type { World } from '../../examples/scenarios/world.ts';

const denials = [
  'row-locked',
  'flooded',
  'worker-stopped',
  'server-stopped',
  'database-hangs',
  'database-killed',
] as const;
let world: World;
let results: ReadonlyMap<Denial, HaltUnderDenial>;

beforeAll(async () => {
  world = await openWorld(haltDeniedWorld);
  const all = await runHaltDenied(world, denials, () => undefined);
  results = new Map(all.map((one) => [one.denial, one]));
}, 300_000);

afterAll(async () => {
  // Its database was killed: closing what held connections to it may fail.
  await world.close().catch(() => undefined);
});

test.each(denials)('a halt by one person stops the mail: %s', (denial) => {
  const result = results.get(denial);
  expect(result?.mailsAfter).toBeLessThanOrEqual(mostInFlight);
});

test.each(['row-locked', 'flooded', 'worker-stopped', 'server-stopped', 'database-hangs'] as const)(
  'and the database says so as soon as it can: %s',
  (denial) => {
    expect(results.get(denial)?.isHalted).toBe(true);
  },
);

test('the person is told the truth: entered, or in force here and not yet entered', () => {
  expect(results.get('row-locked')?.exit).toBe(0);
  expect(results.get('flooded')?.exit).toBe(0);
  expect(results.get('worker-stopped')?.exit).toBe(0);
  expect(results.get('server-stopped')?.exit).toBe(0);
  expect(results.get('database-hangs')?.exit).toBe(5);
  expect(results.get('database-killed')?.exit).toBe(5);
});

test('a server that is stopped inside a transaction keeps the chain from nobody: mail goes on, until a person halts past it', () => {
  expect(results.get('server-stopped')?.mailsMeanwhile).toBeGreaterThan(0);
});

test('each halt met a rollout in full run', () => {
  const told = world.mailbox.count();
  const members = [...results.values()].reduce((sum, one) => sum + one.members, 0);
  expect(told).toBeGreaterThan(10 * denials.length - 1);
  expect(told).toBeLessThan(members);
});
