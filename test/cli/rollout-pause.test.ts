import { afterEach, expect, test } from 'vitest';
import type { PauseRequest } from '../../src/app/rollout/pause-rollout.ts';
import { accountId } from '../../src/domain/shared/ids.ts';
import type { NoticeNumber } from '../../src/domain/shared/ids.ts';
import { openTestCli } from './cli-world.ts';
import type { TestCli } from './cli-world.ts';

const at = new Date('2026-11-20T08:00:00Z');

let cli: TestCli | undefined;
const asked: PauseRequest[] = [];
afterEach(async () => {
  await cli?.close();
  asked.length = 0;
});

async function open(): Promise<TestCli> {
  cli = await openTestCli({
    pauseRollout: async (request) => {
      asked.push(request);
      const pause = { at, by: request.by, reason: request.reason };
      return { subject: request.subject, tracks: ['contain', 'tell'], inFlight: 12, pause, alreadyPaused: false };
    },
    listDisputes: async () => [
      {
        noticeNumber: '8F3K-22QD-9PXA-77TR-C' as NoticeNumber,
        track: 'tell',
        accountId: accountId('4711'),
        counted: true,
        pressedAt: at,
        words: 'It was me, from the \u001b[2Joffice.',
        appeal: 'appeal_3',
      },
    ],
  });
  return cli;
}

test('whoever pauses says why, and reads who is still reached, how it is resumed, and what halts', async () => {
  const one = await open();
  const without = await one.run('rollout', 'pause', 'plan_7');
  expect(without.exit).toBe(2);
  expect(without.stderr).toContain('allclear halt plan_7');
  expect(asked).toEqual([]);
  const { exit, stdout } = await one.run('rollout', 'pause', 'plan_7', '--reason', 'the support desk is full');
  expect(exit).toBe(0);
  expect(asked).toMatchObject([{ subject: 'plan_7', reason: 'the support desk is full' }]);
  expect(stdout).toContain('12 people in open permits are still finished');
  expect(stdout).toContain('allclear halt plan_7');
  expect(stdout).toContain('allclear rollout resume plan_7');
});

test('what a holder wrote with a dispute is shown, and moves nothing on the reader’s terminal', async () => {
  const { exit, stdout } = await (await open()).run('rollout', 'disputes', 'plan_7');
  expect(exit).toBe(0);
  expect(stdout).toContain('office.');
  expect(stdout).toContain('4711');
  expect(stdout).not.toContain('\u001b');
});

test('a cursor of no dispute is refused in words', async () => {
  const { exit, stderr } = await (await open()).run('rollout', 'disputes', 'plan_7', '--after', 'plan_7');
  expect(exit).toBe(2);
  expect(stderr).toContain('no cursor of this list');
});
