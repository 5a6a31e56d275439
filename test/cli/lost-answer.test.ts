import { afterEach, expect, test } from 'vitest';
import type { FrozenPlan } from '../../src/domain/plan/frozen-plan.ts';
import { Failure } from '../../src/domain/shared/failure.ts';
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
async function losing(
  services: Partial<Services>,
  lost: number,
  removed: string[] = [],
): Promise<{ cli: TestCli; keys: (string | null)[] }> {
  const app = makeHttpApp(fakeServices(services), { log: rememberingLog() });
  const keys: (string | null)[] = [];
  let left = lost;
  const cli = await openTestCli(services, {
    removeKey: async (path) => void removed.push(path),
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
  const { cli, keys } = await losing(
    { haltRollout: async () => ({ rollouts: [], alreadyHalted: true, entered: true }) },
    0,
  );
  await cli.run('halt');
  await cli.run('halt');
  expect(new Set(keys).size).toBe(2);
});

test('a halt whose answer is lost is asked for again at once', async () => {
  const { cli, keys } = await losing(
    { haltRollout: async () => ({ rollouts: [], alreadyHalted: true, entered: true }) },
    1,
  );
  expect((await cli.run('halt')).exit).toBe(0);
  expect(keys).toHaveLength(2);
});

const soon = { 'content-type': 'application/problem+json', 'retry-after': '0.01' };

test('a draft whose progress is cut off is waited for, and not drawn up a second time', async () => {
  let drafts = 0;
  let finish: () => void = () => undefined;
  const told = new Promise<void>((resolve) => (finish = resolve));
  const services: Partial<Services> = {
    async draftPlan() {
      drafts += 1;
      await told;
      return { id: 'plan_1', digest: 'd', total: 3, header: {}, authorNo: 1 } as unknown as FrozenPlan;
    },
    showPlan: async () => shownPlan(),
  };
  const app = makeHttpApp(fakeServices(services), { log: rememberingLog() });
  const statuses: number[] = [];
  const cli = await openTestCli(
    {},
    {
      async fetch(input, init) {
        const answer = await app.request(String(input), init);
        if (init?.method !== 'POST') return answer;
        statuses.push(answer.status);
        if (statuses.length > 1) finish();
        // When to come back is said in seconds; here it is at once.
        if (answer.status === 409) return new Response(await answer.text(), { status: 409, headers: soon });
        if (statuses.length > 1) return answer;
        await answer.body?.cancel();
        const cut = new ReadableStream({ pull: () => Promise.reject(new TypeError('terminated')) });
        return new Response(cut, { headers: answer.headers });
      },
    },
  );
  open.push(cli);
  const run = await cli.run('plan', 'draft', '--evidence', 'batch_1', '--notice', 'password-reset', '--json');
  expect([run.exit, drafts]).toEqual([0, 1]);
  expect(statuses.slice(0, 2)).toEqual([200, 409]);
  expect(statuses.at(-1)).toBe(200);
});

test('the only key of a person who is an operator now is not removed because the answer was lost', async () => {
  const removed: string[] = [];
  const proposeOperator = async () => ({
    operator: { operatorId: 'operator_2', name: 'bo', role: 'approver' as const },
  });
  const lossy = await losing({ proposeOperator: proposeOperator as never }, 9, removed);
  const add = ['operator', 'add', '--name', 'bo', '--email', 'bo@ops.example', '--role', 'approver', '--as', 'ada'];
  const first = ['operator', 'add', '--name', 'ada', '--email', 'ada@ops.example'];
  await lossy.cli.run(...first);
  const lost = await lossy.cli.run(...add);
  expect([lost.exit, removed]).toEqual([69, []]);
  expect(lost.stderr).toMatch(/the key is kept: \S+bo\.key/);

  const refusing = await losing(
    {
      proposeOperator: async () => {
        throw new Failure('conflict', 'There is an operator with this address already.');
      },
    },
    0,
    removed,
  );
  await refusing.cli.run(...first);
  expect((await refusing.cli.run(...add)).exit).toBe(1);
  expect(removed).toEqual([expect.stringMatching(/bo\.key$/)]);
});
