import { expect, test } from 'vitest';
import { checkRollouts } from '../../src/app/doctor/check-rollouts.ts';
import { pauseRollout } from '../../src/app/rollout/pause-rollout.ts';
import { withCampaign } from '../read/with-campaign.ts';
import { oneWave } from '../support/campaign.ts';

const campaign = withCampaign();

test('what runs, what is halted and permits that nobody settled are said, each with what to do', async () => {
  const c = campaign();
  expect(await checkRollouts(c.store)).toMatchObject([{ check: 'permits', verdict: 'ok' }]);
  const slow = { ...oneWave, containWaveSizes: [1, 1_000], containSoakSeconds: [7_200] };
  const { plan, rollout } = await c.begun([await c.leaked(c.holders(3))], slow);
  await c.take(rollout, 'contain');
  const running = await checkRollouts(c.store);
  expect(running.find((one) => one.check === `${plan.id} contain`)).toMatchObject({
    verdict: 'ok',
    seen: '1 of 3 begun; its waves take at least 4.0 h more',
  });
  await pauseRollout(c, { subject: plan.id, by: c.author, reason: 'the support desk is full' });
  const paused = await checkRollouts(c.store);
  const pause = paused.find((one) => one.check === `${plan.id} pause`);
  expect(pause).toMatchObject({
    verdict: 'warn',
    seen: expect.stringContaining(`paused by ${c.author}: the support desk is full`),
  });
  expect(pause?.mend).toContain(`allclear rollout resume ${plan.id}`);
  expect(paused.find((one) => one.check === `${plan.id} contain`)?.seen).toContain('once it is resumed');
  await c.pool.query(`UPDATE permit SET expires_at = clock_timestamp() - interval '3 minutes' WHERE state = 'open'`);
  expect((await checkRollouts(c.store))[0]).toMatchObject({ check: 'permits', verdict: 'warn' });
  await c.halt(plan.id);
  const halted = (await checkRollouts(c.store)).find((one) => one.check === `${plan.id} contain`);
  expect(halted).toMatchObject({ verdict: 'warn' });
  expect(halted?.mend).toContain(`allclear rollout resume ${plan.id}`);
});
