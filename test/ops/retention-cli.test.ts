import { afterEach, expect, test } from 'vitest';
import type { DueRetention } from '../../src/app/retention/find-due.ts';
import { openTestCli } from '../cli/cli-world.ts';
import type { TestCli } from '../cli/cli-world.ts';

const due: DueRetention = {
  plans: [{ plan: 'plan_1', sealed: 1_200, lastRestoreAt: new Date('2026-11-20T08:00:00Z') }],
  closed: [{ plan: 'plan_2', count: 7 }],
  batches: [{ batch: 'batch_1', plans: ['plan_1'] }],
  addresses: [{ plan: 'plan_3', count: 900 }],
};

let cli: TestCli | undefined;
let runs: string[] = [];
afterEach(async () => {
  await cli?.close();
  runs = [];
});

async function cliOf(found: DueRetention): Promise<TestCli> {
  cli = await openTestCli({
    previewRetention: async () => found,
    runRetention: async (by) => {
      runs.push(by);
      return {
        recovered: null,
        plans: [{ plan: 'plan_1', destroyed: 1_200 }],
        closed: [],
        batches: [{ batch: 'batch_1', destroyed: 3 }],
        addresses: [{ plan: 'plan_3', erased: 900 }],
      };
    },
  });
  return cli;
}

test('without --yes nothing is destroyed: it says what is due, and exits 3', async () => {
  const { exit, stdout, stderr } = await (await cliOf(due)).run('retention', 'run');
  expect(exit).toBe(3);
  expect(stdout).toContain('plan_1: its key and 1\u202f200 sealed passwords');
  expect(stdout).toContain('plan_2: 7');
  expect(stdout).toContain('plan_3: 900 addresses');
  expect(stderr).toContain('allclear retention run --yes');
  expect(runs).toEqual([]);
});

test('nothing due is no failure', async () => {
  const { exit, stdout } = await (
    await cliOf({ plans: [], closed: [], batches: [], addresses: [] })
  ).run('retention', 'run');
  expect([exit, stdout]).toEqual([0, 'Nothing is due.\n']);
});

test('with --yes it runs once in the name of whoever asked, and says what it could not look at', async () => {
  const { exit, stdout } = await (await cliOf(due)).run('retention', 'run', '--yes');
  expect(exit).toBe(0);
  expect(runs).toEqual([expect.stringMatching(/^operator_/)]);
  expect(stdout).toContain('plan_1 is closed');
  expect(stdout).toContain('plan_3: 900 addresses are erased');
  expect(stdout).toContain('The directory is away');
});

test('scripts get one document either way', async () => {
  const dry = await (await cliOf(due)).run('retention', 'run', '--json');
  expect(JSON.parse(dry.stdout)).toMatchObject({ plans: [{ plan: 'plan_1', sealed: 1_200 }] });
  const done = await (await cliOf(due)).run('retention', 'run', '--yes', '--json');
  expect(JSON.parse(done.stdout)).toMatchObject({ batches: [{ batch: 'batch_1', destroyed: 3 }] });
});
