import { describe, expect, test } from 'vitest';
import { showPlan } from '../../src/app/plan/show-plan.ts';
import { withCampaign } from './with-campaign.ts';

const campaign = withCampaign();

describe('a plan as it is shown before anybody says yes', () => {
  test('lanes, told and excluded add up, and everybody at risk of being locked out is counted', async () => {
    const c = campaign();
    const people = [...c.holders(12), c.holder({ addressConfirmed: false }), c.holder({ protectedAs: 'business' })];
    const passwordless = c.holder({ password: null });
    const weak = c.holder();
    const plan = await c.draft([await c.leaked(people), await c.observed([passwordless]), await c.weak([weak])]);
    const shown = await showPlan(c.deps, plan.id);
    expect(shown.counts).toEqual({
      total: 15,
      told: 12,
      quarantined: 13,
      suspended: 0,
      sessionsOnly: 2,
      excluded: 1,
      evidence: 15,
      // Nobody is left who would be like them.
      control: 0,
    });
    expect(shown.lanes.map((lane) => [lane.lane, lane.count, lane.told])).toEqual([
      ['main', 12, 12],
      ['passwordless', 1, 0],
      ['protected', 1, 0],
      ['no-confirmed-address', 1, 0],
    ]);
    for (const lane of shown.lanes) expect([lane.owner, lane.clock]).not.toContain('');
    expect(shown.exclusions).toEqual([
      { reason: 'weak-evidence-only', words: expect.stringContaining('address') as string, count: 1 },
    ]);
    expect(Object.fromEntries(shown.risks.map((risk) => [risk.risk, risk.count]))).toEqual({
      'quarantined-and-untold': 1,
      'no-confirmed-address': 1,
      'sessions-only': 2,
    });
  });

  test('the sample gives each person a readable reason and evidence, and no address', async () => {
    const c = campaign();
    const plan = await c.draft([await c.leaked(c.holders(12))]);
    const shown = await showPlan(c.deps, plan.id);
    expect(shown.sample.map((one) => one.ordinal)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    for (const one of shown.sample) {
      expect(one.reason).toContain('a leaked password works on this account');
      expect(one.evidence).toEqual([{ class: 'verified', source: 'a forum', state: 'live' }]);
    }
    expect(JSON.stringify(shown)).not.toContain('@mail.test');
  });

  test('the difference to the plan before it names who came and who went', async () => {
    const c = campaign();
    const [first, second, third] = [c.holder(), c.holder(), c.holder()];
    const before = await c.draft([await c.leaked([first, second])]);
    const unfinished = {
      directory: c.directory.name,
      action: 'reset',
      authorNo: 1,
      codeVersion: 'test',
      addressSalt: '',
    };
    await c.store.transact((tx) => tx.plans.begin(unfinished));
    const plan = await c.draft([await c.leaked([second, third])]);
    expect((await showPlan(c.deps, plan.id)).difference).toEqual({
      previous: before.id,
      added: 1,
      removed: 1,
      kept: 1,
    });
  });

  test('approvals are shown with their people and their end, and a plan says what it cannot undo', async () => {
    const c = campaign();
    const plan = await c.draft([await c.leaked(c.holders(2))]);
    expect((await showPlan(c.deps, plan.id)).approvals).toMatchObject({ have: 0, required: 2, until: null });
    await c.approve(plan);
    const shown = await showPlan(c.deps, plan.id);
    expect(shown.approvals).toMatchObject({
      have: 2,
      required: 2,
      given: [
        { name: 'bo', holds: true },
        { name: 'cy', holds: true },
      ],
    });
    expect(shown.approvals.until?.getTime()).toBeGreaterThan(Date.now());
    expect(shown.cannotBeUndone.join(' ')).toMatch(/72 hours.*30 days.*key/);
    expect(shown.cannotBeUndone).toContain('Nothing of a fake lives on.');
    expect(shown.budgets).toMatchObject([
      { name: 'day', asked: 2 },
      { name: '30-days', asked: 2 },
    ]);
  });

  test('a directory that is away leaves the budgets unknown and the plan readable', async () => {
    const c = campaign();
    const plan = await c.draft([await c.leaked(c.holders(1))]);
    c.directory.available = false;
    try {
      expect(await showPlan(c.deps, plan.id)).toMatchObject({ plan: plan.id, budgets: null, started: false });
    } finally {
      c.directory.available = true;
    }
  });

  test('what can still be given back ends after the last wave, once there was one', async () => {
    const c = campaign();
    const { plan, rollout } = await c.begun([await c.leaked(c.holders(1))]);
    expect((await showPlan(c.deps, plan.id)).lastRestoreAt).toBeNull();
    await c.contain(plan.id, rollout);
    await c.store.transact((tx) => tx.rollouts.markWaveSettled(rollout, 'contain'));
    const { lastRestoreAt } = await showPlan(c.deps, plan.id);
    expect(lastRestoreAt?.getTime()).toBeGreaterThan(Date.now() + 29 * 86_400_000);
  });
});
