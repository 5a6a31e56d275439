import { afterEach, expect, test } from 'vitest';
import type { ErasurePreview } from '../../src/app/subject/erase-subject.ts';
import { accountId } from '../../src/domain/shared/ids.ts';
import { Failure } from '../../src/domain/shared/failure.ts';
import { openTestCli } from './cli-world.ts';
import { shownPlan } from './sample-plan.ts';
import type { TestCli } from './cli-world.ts';

const found: ErasurePreview = {
  account: accountId('4711'),
  addresses: 2,
  evidenceTexts: 1,
  appealTexts: 0,
  ledgerValues: 3,
  controlGroups: 0,
  open: [],
  stays: ['its id, and what was done to it'],
};
const openUntil = new Date('2026-12-20T08:00:00Z');

let cli: TestCli | undefined;
const erased: string[] = [];
afterEach(async () => {
  await cli?.close();
  erased.length = 0;
});

async function cliOf(preview: ErasurePreview): Promise<TestCli> {
  cli = await openTestCli({
    previewErasure: async () => preview,
    eraseSubject: async (query, by) => {
      if (preview.open.length > 0) throw new Failure('conflict', 'Nothing was erased: still open in plan_7.');
      erased.push(`${query} by ${by}`);
      return preview;
    },
  });
  return cli;
}

test('nothing is erased without --yes: it says what would be, what stays, and exits 3', async () => {
  const { exit, stdout, stderr } = await (await cliOf(found)).run('subject', 'erase', '4711');
  expect(exit).toBe(3);
  expect(stdout).toContain('addresses                 2');
  expect(stdout).toContain('- its id, and what was done to it');
  expect(stderr).toContain('allclear subject erase 4711 --yes');
  expect(erased).toEqual([]);
});

test('an account that is open is refused either way, and until when is said', async () => {
  const open = { ...found, open: [{ plan: 'plan_7', why: 'it can still be given back', until: openUntil } as const] };
  const dry = await (await cliOf(open)).run('subject', 'erase', '4711');
  expect([dry.exit, dry.stdout]).toEqual([1, expect.stringContaining('2026-12-20T08:00:00.000Z')]);
  const real = await (await cliOf(open)).run('subject', 'erase', '4711', '--yes');
  expect([real.exit, real.stderr]).toEqual([1, expect.stringContaining('plan_7')]);
  expect(erased).toEqual([]);
});

test('with --yes it is erased once, in the name of whoever asked', async () => {
  const { exit, stdout } = await (await cliOf(found)).run('subject', 'erase', '4711', '--yes', '--json');
  expect(exit).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ account: '4711', addresses: 2 });
  expect(erased).toEqual([expect.stringMatching(/^4711 by operator_/)]);
});

test('nothing left to erase is no failure', async () => {
  const none = { ...found, addresses: 0, evidenceTexts: 0, ledgerValues: 0 };
  expect((await (await cliOf(none)).run('subject', 'erase', '4711')).exit).toBe(0);
});

test('a plan says until when it can be undone, also before anybody was contained', async () => {
  const shown = shownPlan();
  cli = await openTestCli({ showPlan: async () => shown });
  const before = await cli.run('plan', 'show', 'plan_81');
  expect(before.stdout).toMatch(/last day to restore +[0-9]+ days after its last wave/);
  await cli.close();
  cli = await openTestCli({ showPlan: async () => ({ ...shown, lastRestoreAt: openUntil }) });
  const after = await cli.run('plan', 'show', 'plan_81');
  expect(after.stdout).toMatch(/last day to restore +2026-12-20T08:00:00.000Z/);
});
