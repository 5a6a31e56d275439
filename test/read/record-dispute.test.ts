import { expect, test } from 'vitest';
import { recordDispute } from '../../src/app/notice/record-dispute.ts';
import { readRolloutStatus } from '../../src/app/rollout/read-status.ts';
import type { PlanId } from '../../src/domain/shared/ids.ts';
import { withCampaign } from './with-campaign.ts';

const campaign = withCampaign();

/** As if the mail had been handed over so many seconds ago. */
async function deliveredAgo(rollout: number, seconds: number): Promise<void> {
  await campaign().pool.query(
    'UPDATE permit SET settled_at = clock_timestamp() - make_interval(secs => $2) WHERE rollout_no = $1',
    [rollout, seconds],
  );
}

async function counted(plan: PlanId): Promise<{ counted: number; scanners: number }> {
  return (await readRolloutStatus(campaign().deps, plan)).disputes;
}

async function toldPlan() {
  const c = campaign();
  const person = c.holder();
  const { plan, rollout } = await c.begun([await c.leaked([person, c.holder()])]);
  await c.contain(plan.id, rollout);
  await c.tell(rollout, ['accepted', 'accepted']);
  return { plan: plan.id, rollout, number: c.numberOf(plan.id, person) };
}

test('a reader who says that it is not right is counted once, however the number is typed', async () => {
  const { plan, rollout, number } = await toldPlan();
  await deliveredAgo(rollout, 60);
  await recordDispute(campaign(), { number: number.toLowerCase().replaceAll('-', ' ') });
  await recordDispute(campaign(), { number });
  expect(await counted(plan)).toEqual({ counted: 1, scanners: 0 });
  expect(await campaign().ledgerEvents(`rollout:${rollout}`)).toContain('notice.disputed');
});

test('a scanner that opens the link at once is kept and not counted, and the holder’s own press still counts', async () => {
  const { plan, rollout, number } = await toldPlan();
  await recordDispute(campaign(), { number });
  expect(await counted(plan)).toEqual({ counted: 0, scanners: 1 });
  await deliveredAgo(rollout, 60);
  await recordDispute(campaign(), { number });
  expect(await counted(plan)).toEqual({ counted: 1, scanners: 0 });
});

test('a press before the permit is settled counts: nobody can say that it came too soon', async () => {
  const c = campaign();
  const person = c.holder();
  const { plan, rollout } = await c.begun([await c.leaked([person])]);
  await c.contain(plan.id, rollout);
  await c.take(rollout, 'tell');
  await recordDispute(c, { number: c.numberOf(plan.id, person) });
  expect(await counted(plan.id)).toEqual({ counted: 1, scanners: 0 });
});

test('a number that is none, or nobody’s, is answered like any other and leaves nothing behind', async () => {
  const before = await campaign().pool.query('SELECT count(*) FROM dispute');
  await expect(recordDispute(campaign(), { number: 'not a number' })).resolves.toBeUndefined();
  await expect(recordDispute(campaign(), { number: '0000-0000-0000-0000-0' })).resolves.toBeUndefined();
  expect((await campaign().pool.query('SELECT count(*) FROM dispute')).rows).toEqual(before.rows);
});

test('a press on a later letter counts to the track of that letter', async () => {
  const c = campaign();
  const person = c.holder();
  const { plan, rollout } = await c.begun([await c.observed([person])]);
  await c.contain(plan.id, rollout);
  await c.tell(rollout, ['accepted']);
  await c.halt(plan.id);
  await c.sendHolding(plan.id, 1);
  await c.tell(rollout, ['accepted'], 'holding');
  await deliveredAgo(rollout, 60);
  await recordDispute(c, { number: c.noticeNumbers(plan.id, person, 'holding') });
  const disputes = await c.store.transact((tx) => tx.rollouts.disputes(rollout));
  expect(disputes).toMatchObject([{ track: 'holding', counted: true }]);
});
