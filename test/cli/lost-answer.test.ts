import { afterEach, expect, test } from 'vitest';
import { makeHttpApp } from '../../src/http/app.ts';
import type { Services } from '../../src/http/services.ts';
import { fakeServices, rememberingLog } from '../http/fake-services.ts';
import { openTestCli } from './cli-world.ts';
import type { TestCli } from './cli-world.ts';
import { shownPlan } from './sample-plan.ts';

const open: TestCli[] = [];

afterEach(async () => {
  for (const cli of open.splice(0)) await cli.close();
});

/** A command line whose first so many answers to a POST are lost on the way; what was asked was done all the same. */
async function losing(services: Partial<Services>, lost: number): Promise<{ cli: TestCli; keys: (string | null)[] }> {
  const app = makeHttpApp(fakeServices(services), { log: rememberingLog() });
  const keys: (string | null)[] = [];
  let left = lost;
  const cli = await openTestCli(services, {
    async fetch(input, init) {
      const answer = await app.request(String(input), init);
      if (init?.method !== 'POST') return answer;
      keys.push(new Headers(init.headers).get('idempotency-key'));
      left -= 1;
      if (left >= 0) throw new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'ECONNRESET' }) });
      return answer;
    },
  });
  open.push(cli);
  return { cli, keys };
}

const start = ['rollout', 'start', 'plan_1', '--yes', '--total', '3', '--json'];

test('a start whose answer is lost is asked for again with the same key, acts once, and its answer is told', async () => {
  let starts = 0;
  const services = { showPlan: async () => shownPlan(), startRollout: async () => (starts += 1) };
  const { cli, keys } = await losing(services, 1);
  const run = await cli.run(...start);
  expect([run.exit, JSON.parse(run.stdout)]).toMatchObject([0, { rolloutNo: 1 }]);
  expect(starts).toBe(1);
  expect(keys).toHaveLength(2);
  expect(keys[0]).toBe(keys[1]);
  expect(keys[0]).toMatch(/^"[0-9a-f-]{36}"$/);
});

test('a server that stays away is said to be away after one more attempt, and nothing acts twice', async () => {
  let starts = 0;
  const services = { showPlan: async () => shownPlan(), startRollout: async () => (starts += 1) };
  const { cli, keys } = await losing(services, 9);
  expect((await cli.run(...start)).exit).toBe(69);
  expect([starts, keys.length]).toEqual([1, 2]);
});

test('two commands never share a key', async () => {
  const { cli, keys } = await losing({ haltRollout: async () => ({ rollouts: [], alreadyHalted: true }) }, 0);
  await cli.run('halt');
  await cli.run('halt');
  expect(new Set(keys).size).toBe(2);
});

test('a halt whose answer is lost is asked for again at once', async () => {
  const { cli, keys } = await losing({ haltRollout: async () => ({ rollouts: [], alreadyHalted: true }) }, 1);
  expect((await cli.run('halt')).exit).toBe(0);
  expect(keys).toHaveLength(2);
});
