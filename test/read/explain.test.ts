import { describe, expect, test } from 'vitest';
import { explain } from '../../src/app/explain/explain.ts';
import type { ExplainedPlan } from '../../src/app/explain/explanation.ts';
import { recordDispute } from '../../src/app/notice/record-dispute.ts';
import type { AccountId, PlanId } from '../../src/domain/shared/ids.ts';
import { withCampaign } from './with-campaign.ts';

const campaign = withCampaign();

async function storyOf(query: string) {
  return explain(campaign().deps, query, 'operator_1');
}

function target(plans: readonly ExplainedPlan[]): ExplainedPlan & { kind: 'target' } {
  const found = plans.find((plan) => plan.kind === 'target');
  if (found === undefined) throw new Error('no plan acted on the account');
  return found;
}

/** Somebody told wrongly, whose password is given back and who is corrected. */
async function wronged(): Promise<{ plan: PlanId; id: AccountId; rollout: number }> {
  const c = campaign();
  const id = c.holder();
  const batch = await c.observed([id, c.holder()]);
  const { plan, rollout } = await c.begun([batch]);
  await c.contain(plan.id, rollout);
  await c.tell(rollout, []);
  await recordDispute(c, { number: c.numberOf(plan.id, id) });
  await c.halt(plan.id);
  await c.sendHolding(plan.id, 2);
  await c.tell(rollout, [], 'holding');
  await c.withdraw(batch, 'rule-wrong');
  const { retraction, rollout: back } = await c.retract(plan.id);
  await c.restore(retraction, back);
  await c.tell(back, [], 'correct');
  return { plan: plan.id, id, rollout };
}

describe('the story of one person', () => {
  test('it is told from the evidence to the correction, in order, and nothing of it is left out', async () => {
    const { plan, id } = await wronged();
    const story = await storyOf(id);
    const told = target(story.plans);
    expect(told).toMatchObject({ plan, lane: 'main', effect: 'quarantine', containment: { outcome: 'contained' } });
    expect(told.restorePoint?.state).toBe('restored');
    expect(told.notices.map((notice) => [notice.kind, notice.state])).toEqual([
      ['notice', 'accepted'],
      ['holding', 'accepted'],
      ['final', 'accepted'],
    ]);
    expect(told.notices[0]?.dispute).toMatchObject({ counted: false });
    expect(told.retractions).toMatchObject([
      {
        decision: 'restore',
        reason: 'evidence-withdrawn',
        outcome: 'restored',
        credential: 'restored',
        letter: 'corrected',
      },
    ]);
    expect(story.evidence).toMatchObject([{ class: 'observed', state: 'withdrawn', cause: 'rule-wrong' }]);
    expect(story.now).toMatchObject({ inDirectory: true, liveEvidence: 0, quarantinedBy: null });
    const order = story.events.map((event) => event.what);
    const at = (part: string): number => order.findIndex((what) => what.includes(part));
    const steps = [
      'evidence recorded',
      'quarantined',
      'was halted',
      'holding',
      'Evidence was withdrawn',
      'A retraction started',
      'giving the password back: restored',
      'final',
    ].map(at);
    expect(steps).not.toContain(-1);
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
  });

  test('it says nothing that names the person to a reader of logs, and no password', async () => {
    const { id } = await wronged();
    const text = JSON.stringify(await storyOf(id));
    expect(text).not.toMatch(/@mail\.test|tulips|allclear-q1/);
  });

  test('the number of any notice, the address and the account lead to the same story', async () => {
    const { plan, id } = await wronged();
    const c = campaign();
    const address = (await c.directory.readAccounts([id])).get(id)?.address ?? '';
    for (const query of [c.numberOf(plan, id), c.noticeNumbers(plan, id, 'final'), address])
      expect((await storyOf(query)).accountId).toBe(id);
  });

  test('each reading is in the ledger, with who read it and without the account in the chain', async () => {
    const id = campaign().holder();
    await storyOf(id);
    const { rows } = await campaign().pool.query<{ body: string }>(
      `SELECT body FROM ledger_entry WHERE event = 'account.explained' ORDER BY seq DESC LIMIT 1`,
    );
    expect(rows[0]?.body).toContain('operator_1');
    expect(rows[0]?.body).not.toContain(id);
  });

  test('somebody to whom nothing was done learns exactly that', async () => {
    const story = await storyOf(campaign().holder());
    expect(story).toMatchObject({ plans: [], events: [], now: { words: 'nothing was done to this account' } });
  });

  test('somebody who was left out learns why', async () => {
    const c = campaign();
    const id = c.holder();
    await c.draft([await c.weak([id]), await c.leaked(c.holders(1))]);
    expect((await storyOf(id)).plans).toMatchObject([{ kind: 'excluded', reason: 'weak-evidence-only' }]);
  });

  test('what is not known is not found, and nobody’s story is told instead', async () => {
    for (const query of ['', '   ', 'nobody', 'nobody@mail.test', '0000-0000-0000-0000-0'])
      await expect(storyOf(query)).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('outcomes that the ledger does not vouch for', () => {
  test('an edited outcome is refused, not told', async () => {
    const { id, rollout } = await wronged();
    await campaign().pool.query(
      `UPDATE permit SET outcome = set_byte(outcome, 0, 10) WHERE rollout_no = $1 AND track = 'tell'`,
      [rollout],
    );
    await expect(storyOf(id)).rejects.toMatchObject({ code: 'ledger-broken' });
  });

  test('a dropped range is refused, not told as never begun', async () => {
    const { id, rollout } = await wronged();
    await campaign().pool.query(`DELETE FROM permit WHERE rollout_no = $1 AND track = 'tell'`, [rollout]);
    await expect(storyOf(id)).rejects.toMatchObject({ code: 'ledger-broken' });
  });
});
