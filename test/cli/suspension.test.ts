import { afterEach, expect, test } from 'vitest';
import type { Appeal, AppealLift } from '../../src/domain/appeal/appeal.ts';
import { accountId } from '../../src/domain/shared/ids.ts';
import type { NoticeNumber } from '../../src/domain/shared/ids.ts';
import { openTestCli } from './cli-world.ts';
import type { TestCli } from './cli-world.ts';
import { shownPlan } from './sample-plan.ts';

let cli: TestCli | undefined;
const drafted: unknown[] = [];
afterEach(async () => {
  await cli?.close();
  drafted.length = 0;
});

const plan = shownPlan();
const suspension = { reason: 'spam', days: 14, words: 'unwanted messages were sent from the account' } as const;

async function open(lifted: AppealLift = 'reinstated'): Promise<TestCli> {
  cli = await openTestCli({
    draftPlan: async (request) => {
      drafted.push(request);
      return { id: 'plan_1', digest: 'd'.repeat(64) as never, total: 3, header: {} as never, authorNo: 1 };
    },
    showPlan: async () => ({
      ...plan,
      action: 'suspend',
      suspension,
      counts: { ...plan.counts, quarantined: 0, suspended: 3 },
    }),
    decideAppeal: async ({ appeal: id, decision }): Promise<Appeal> => ({
      id,
      noticeNumber: '8F3K-22QD-9PXA-77TR-C' as NoticeNumber,
      plan: 'plan_7',
      about: 'suspend',
      accountId: accountId('4711'),
      words: null,
      openedAt: new Date('2026-11-20T08:00:00Z'),
      decision,
      reason: 'looked',
      decidedBy: 'operator_1',
      decidedAt: new Date('2026-11-20T09:00:00Z'),
      told: 'accepted',
      lifted,
    }),
  });
  return cli;
}

const draft = ['plan', 'draft', '--evidence', 'batch_1', '--notice', 'account-suspended'];

test('a plan that suspends is drawn up with its reason and end, and shown with both', async () => {
  const { exit, stdout } = await (
    await open()
  ).run(...draft, '--action', 'suspend', '--reason', 'spam', '--expires', '14');
  expect(exit).toBe(0);
  expect(drafted).toMatchObject([{ action: 'suspend', suspension: { reason: 'spam', days: 14 } }]);
  expect(stdout).toContain('unwanted messages were sent from the account');
  expect(stdout).toContain('by itself, 14 days after it began');
  expect(stdout).toMatch(/suspended +3/);
  expect(stdout).not.toContain('password reset');
});

test('thirty days are meant where no end is named, and none is none', async () => {
  const one = await open();
  await one.run(...draft, '--action', 'suspend', '--reason', 'taken-over');
  expect(drafted).toMatchObject([{ suspension: { reason: 'taken-over', days: 30 } }]);
  for (const flags of [
    ['--action', 'suspend'],
    ['--action', 'suspend', '--reason', 'because I say so'],
    ['--action', 'suspend', '--reason', 'spam', '--expires', '0'],
    ['--action', 'suspend', '--reason', 'spam', '--expires', '91'],
    ['--action', 'suspend', '--reason', 'spam', '--expires', 'never'],
    ['--reason', 'spam'],
    ['--expires', '3'],
    ['--action', 'delete'],
  ])
    expect((await one.run(...draft, ...flags)).exit, flags.join(' ')).toBe(2);
  expect(drafted).toHaveLength(1);
});

test('whoever grants an appeal about a suspension reads what became of the account', async () => {
  const grant = ['appeal', 'decide', 'appeal_3', '--granted', '--reason', 'looked', '--yes'];
  const done = await (await open()).run(...grant);
  expect(done.stderr).toContain('The account is open again');
  expect(done.stderr).not.toContain('Nothing was given back');
  await cli?.close();
  expect((await (await open('waits')).run(...grant)).stderr).toContain('The directory did not answer');
});
