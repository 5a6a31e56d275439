import { afterEach, expect, test } from 'vitest';
import type { GivenDecision } from '../../src/app/appeal/decide-appeal.ts';
import type { Appeal } from '../../src/domain/appeal/appeal.ts';
import { accountId } from '../../src/domain/shared/ids.ts';
import type { NoticeNumber } from '../../src/domain/shared/ids.ts';
import { openTestCli } from './cli-world.ts';
import type { TestCli } from './cli-world.ts';

const appeal: Appeal = {
  id: 'appeal_3',
  noticeNumber: '8F3K-22QD-9PXA-77TR-C' as NoticeNumber,
  plan: 'plan_7',
  accountId: accountId('4711'),
  words: 'It was me, from the \u001b[2Joffice.',
  openedAt: new Date('2026-11-20T08:00:00Z'),
  decision: null,
  reason: null,
  decidedBy: null,
  decidedAt: null,
  told: null,
  lifted: null,
  about: 'reset',
};

let cli: TestCli | undefined;
const decided: GivenDecision[] = [];
afterEach(async () => {
  await cli?.close();
  decided.length = 0;
});

async function open(told: Appeal['told'] = 'accepted'): Promise<TestCli> {
  cli = await openTestCli({
    listAppeals: async () => ({ open: 1, appeals: [appeal] }),
    showAppeal: async () => appeal,
    decideAppeal: async (given) => {
      decided.push(given);
      return { ...appeal, decision: given.decision, decidedBy: given.by, decidedAt: appeal.openedAt, told };
    },
  });
  return cli;
}

test('what a holder wrote is shown, and moves nothing on the reader’s terminal', async () => {
  const one = await open();
  for (const argv of [['list'], ['show', 'appeal_3']]) {
    const { exit, stdout } = await one.run('appeal', ...argv);
    expect(exit).toBe(0);
    expect(stdout).toContain('office.');
    expect(stdout).toContain('8F3K-22QD-9PXA-77TR-C');
    expect(stdout).not.toContain('\u001b');
  }
});

test('nothing is decided without --yes, without a reason, or both ways', async () => {
  const one = await open();
  const exits = [];
  for (const argv of [
    ['--granted', '--reason', 'r'],
    ['--granted', '--yes'],
    ['--granted', '--declined', '--reason', 'r', '--yes'],
    ['--reason', 'r', '--yes'],
  ])
    exits.push((await one.run('appeal', 'decide', 'appeal_3', ...argv)).exit);
  expect(exits).toEqual([3, 2, 2, 2]);
  expect(decided).toEqual([]);
});

test('whoever grants one reads that nothing was given back by it, and what to do next', async () => {
  const { exit, stderr } = await (
    await open()
  ).run('appeal', 'decide', 'appeal_3', '--granted', '--reason', 'a shared computer', '--yes');
  expect(exit).toBe(0);
  expect(decided).toMatchObject([{ appeal: 'appeal_3', decision: 'granted', reason: 'a shared computer' }]);
  expect(stderr).toContain('Nothing was given back');
  expect(stderr).toContain('allclear retract plan_7');
});

test('a decision that its holder could not be told is not passed over in silence', async () => {
  const { stderr } = await (
    await open('unsent')
  ).run('appeal', 'decide', 'appeal_3', '--declined', '--reason', 'it stands', '--yes');
  expect(stderr).toContain('could not be told');
});
