import { afterEach, expect, test } from 'vitest';
import type { Appeal, AppealLift } from '../../src/domain/appeal/appeal.ts';
import type { ShownRetraction } from '../../src/app/retraction/show-retraction.ts';
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

/** A retraction as the server shows it, of a plan that did this. */
function retractionOf(action: 'reset' | 'suspend'): ShownRetraction {
  const ends = [
    ['u1', 'restored', 'corrected'],
    ['u2', 'kept-own-password', 'corrected'],
    ['u3', 'kept-protected', 'not-owed'],
  ] as const;
  return {
    retraction: 'retraction_1',
    plan: 'plan_1',
    action,
    digest: 'd'.repeat(64),
    digestWords: 'six words',
    author: 'operator_1',
    createdAt: '2026-11-20T08:00:00.000Z',
    affected: 3,
    decisions: { restore: 3 },
    reasons: { 'evidence-withdrawn': 3 },
    approvals: { required: 1, have: 1, given: [] } as never,
    waves: { restore: [3], correct: [2] },
    started: true,
    tally: {
      total: 3,
      credentials: { restored: 1, 'kept-own-password': 1, 'kept-protected': 1 },
      letters: { corrected: 2, 'not-owed': 1 },
      terminal: 3,
      remainder: 0,
    },
    remainder: [],
    lines: ends.map(([account, credential, letter], ordinal) => ({
      accountId: accountId(account),
      ordinal,
      decision: 'restore',
      reason: 'evidence-withdrawn',
      owed: 'final',
      conditional: false,
      credential,
      letter,
      isTerminal: true,
    })),
    nextOrdinal: null,
  };
}

test.each([
  ['suspend', /reinstated/, /suspended-by-service/, /password/],
  ['reset', /restored/, /kept-own-password/, /reinstated|suspended/],
] as const)(
  'a retraction of a plan to %s is told in its own words, and no other',
  async (action, back, kept, never) => {
    const shown = retractionOf(action);
    cli = await openTestCli({
      showRetraction: async () => shown,
      listRetraction: async () => ({ action, lines: shown.lines, next: null }),
    });
    for (const verb of [
      ['retract', 'show', 'retraction_1'],
      ['retract', 'accounts', 'retraction_1'],
    ]) {
      const { exit, stdout } = await cli.run(...verb);
      expect(exit).toBe(0);
      expect(stdout).toMatch(back);
      expect(stdout).toMatch(kept);
      expect(stdout).not.toMatch(never);
    }
  },
);
