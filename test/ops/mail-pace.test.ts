import { expect, test } from 'vitest';
import {
  checkMailPace,
  hoursToFinish,
  judgeQueue,
  judgeQuota,
  judgeRate,
} from '../../src/app/doctor/check-mail-pace.ts';
import { judgeCanary } from '../../src/app/doctor/judge-canary.ts';
import type { CanaryInput } from '../../src/app/doctor/judge-canary.ts';
import { withCampaign } from '../read/with-campaign.ts';
import { oneWave } from '../support/campaign.ts';

const campaign = withCampaign();
const production = { environment: 'production', quotaPerDay: 50_000 } as const;

test('who is still to be written to, who waits, and when it is through are said for each rollout', async () => {
  const c = campaign();
  const { plan, rollout } = await c.begun([await c.leaked(c.holders(8))], { ...oneWave, tellSoakSeconds: [0] });
  await c.contain(plan.id, rollout);
  const before = await checkMailPace(c.store, production);
  expect(before.find((one) => one.check === `${plan.id} mail`)?.seen).toContain(
    '8 are to be written to; none went out within the hour; when it is through cannot be said',
  );
  await c.tell(rollout, ['deferred', 'deferred', 'deferred']);
  const waiting = await checkMailPace(c.store, production);
  expect(waiting.find((one) => one.check === 'mail queue')?.seen).toContain('3 were put off');
  // They are settled by range: the range of the three comes again.
  await c.pool.query('UPDATE permit SET due_at = clock_timestamp() WHERE rollout_no = $1', [rollout]);
  await c.tell(rollout, []);
  const done = await checkMailPace(c.store, production);
  expect(done.find((one) => one.check === `${plan.id} mail`)).toMatchObject({
    verdict: 'ok',
    seen: 'everybody is written to',
  });
  expect(done.find((one) => one.check === 'mail quota')?.seen).toBe(
    '8 of 50000 mails of 24 h are used, 0 are to go out',
  );
  await c.halt(plan.id);
});

test('hours to finish are those of the slowest: pace, quota or waves', () => {
  expect(hoursToFinish(7_200, 3_600, null, 0, 0)).toBe(2);
  expect(hoursToFinish(7_200, 3_600, 50_000, 10_000, 0)).toBe(2);
  // 100,000 left, 40,000 of today's 50,000 still free: 60,000 at 50,000 a day.
  expect(hoursToFinish(100_000, 36_000, 50_000, 10_000, 0)).toBeCloseTo(28.8);
  expect(hoursToFinish(10, 3_600, 50_000, 0, 7_200)).toBe(2);
  expect(hoursToFinish(10, 0, 50_000, 0, 0)).toBeNull();
});

test('a quota that ends before the mail does is a warning with its mend, before the provider says so', () => {
  expect(judgeQuota(production, 10_000, 40_000).verdict).toBe('ok');
  expect(judgeQuota(production, 10_000, 40_001)).toMatchObject({
    verdict: 'warn',
    mend: expect.stringContaining('Ask'),
  });
  expect(judgeQuota(production, 45_000, 1)).toMatchObject({ verdict: 'warn' });
  expect(judgeQuota({ ...production, quotaPerDay: null }, 0, 0)).toMatchObject({
    verdict: 'warn',
    mend: expect.stringContaining('ALLCLEAR_MAIL_QUOTA_PER_DAY'),
  });
  expect(judgeQuota({ environment: 'sample', quotaPerDay: null }, 0, 0).verdict).toBe('ok');
});

test('a rate is said with the time that it takes, and none in production is a warning with its mend', () => {
  const rates = {
    all: [{ messages: 10, windowSeconds: 1 as const }],
    eachDomain: [],
    domains: [],
    providers: [],
    reserve: 0.2,
  };
  expect(judgeRate({ ...production, rates }, 80_000)).toMatchObject({
    verdict: 'ok',
    seen: '10 per s, 20 % of it is kept for corrections; 80000 are to go out, which takes at least 3.3 h',
  });
  expect(judgeRate(production, 0)).toMatchObject({
    verdict: 'warn',
    mend: expect.stringContaining('ALLCLEAR_MAIL_RATE'),
  });
  expect(judgeRate({ environment: 'sample', quotaPerDay: null }, 0).verdict).toBe('ok');
});

test('a queue that grows is a warning, and ordinary greylisting is none', () => {
  expect(judgeQueue(99, 0).verdict).toBe('ok');
  expect(judgeQueue(5_000, 9_000).verdict).toBe('ok');
  expect(judgeQueue(5_000, 900).verdict).toBe('warn');
});

const sound: CanaryInput = {
  environment: 'production',
  directory: 'shop',
  configured: '4711',
  last: {
    at: '2026-11-20T08:00:00.000Z',
    directory: 'shop',
    account: '4711',
    whole: true,
    failed: 0,
    untried: 0,
    codeVersion: 'a',
  },
  codeVersion: 'a',
  now: new Date('2026-11-23T08:00:00Z'),
};
const last = sound.last!;

test.each<[string, Partial<CanaryInput>, 'ok' | 'warn' | 'fail']>([
  ['a canary that passed three days ago', {}, 'ok'],
  ['a directory that nobody tested', { last: null }, 'warn'],
  ['a sample that nobody tested', { last: null, environment: 'sample' }, 'ok'],
  ['a test of another directory', { directory: 'other' }, 'warn'],
  ['a test that failed', { last: { ...last, whole: false, failed: 2 } }, 'fail'],
  ['a test that failed on a sample', { last: { ...last, whole: false, failed: 2 }, environment: 'sample' }, 'fail'],
  ['a test of another version or mapping', { codeVersion: 'b' }, 'warn'],
  ['a test that is thirty days old', { now: new Date('2026-12-20T08:00:00Z') }, 'warn'],
  ['a test without real sign-in', { last: { ...last, untried: 6 } }, 'warn'],
])('%s is what it is, and whatever is not sound says how to mend it', (_what, over, verdict) => {
  const found = judgeCanary({ ...sound, ...over });
  expect(found.verdict).toBe(verdict);
  if (verdict !== 'ok') expect(found.mend).toContain('allclear directory test');
});
