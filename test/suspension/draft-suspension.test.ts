import { describe, expect, it } from 'vitest';
import { withCampaign } from '../read/with-campaign.ts';

const campaign = withCampaign();

describe('a plan that suspends', () => {
  it('is what two people sign with its reason and its end, and a reset says nothing of either', async () => {
    const c = campaign();
    const who = c.holders(2);
    const plan = await c.draftSuspension([await c.observed(who)]);
    expect(plan.header).toMatchObject({ action: 'suspend', suspension: { reason: 'spam', days: 30 } });
    expect(plan.header.templates.every((pin) => pin.id === 'account-suspended')).toBe(true);
    const reset = await c.draft([await c.leaked(c.holders(2))]);
    expect(reset.header.action).toBe('reset');
    expect(Object.keys(reset.header)).not.toContain('suspension');
  });

  it('never goes with a notice of a reset, nor a reset with a notice of a suspension', async () => {
    const c = campaign();
    const batch = await c.observed(c.holders(2));
    await expect(c.draftSuspension([batch], { notice: 'password-reset' })).rejects.toMatchObject({
      code: 'template-unfit',
      message: expect.stringContaining('describes reset, the plan does suspend'),
    });
    await expect(
      c.draftSuspension([batch], { action: 'reset', suspension: null, notice: 'account-suspended' }),
    ).rejects.toMatchObject({
      code: 'template-unfit',
      message: expect.stringContaining('describes suspend, the plan does reset'),
    });
  });

  it('is refused where the directory cannot suspend, and where it says no reason or never ends', async () => {
    const c = campaign();
    const batch = await c.observed(c.holders(1));
    const { capabilities } = c.directory;
    c.directory.capabilities = { ...capabilities, suspend: false };
    await expect(c.draftSuspension([batch])).rejects.toMatchObject({
      code: 'guardrail-failed',
      message: expect.stringContaining('cannot suspend accounts'),
    });
    c.directory.capabilities = capabilities;
    await expect(c.draftSuspension([batch], { suspension: null })).rejects.toMatchObject({ code: 'usage' });
    for (const days of [0, -1, 91, 1.5, Number.NaN])
      await expect(c.draftSuspension([batch], { suspension: { reason: 'spam', days } })).rejects.toMatchObject({
        code: 'usage',
      });
  });

  it('never stands on a leaked password, however sure', async () => {
    const c = campaign();
    const [leaked, both] = c.holders(2) as [never, never];
    const lists = [await c.leaked([leaked, both]), await c.observed([both])];
    await expect(c.draftSuspension(lists.slice(0, 1))).rejects.toMatchObject({
      code: 'nothing-selected',
      message: expect.stringContaining('leaked-password-is-no-ground'),
    });
    const plan = await c.draftSuspension(lists);
    expect(plan.total).toBe(1);
    expect(plan.header.exclusions.total).toBe(1);
    // Only what may carry a suspension is what it stands on.
    expect(plan.header.evidence.items).toBe(1);
  });

  it('leaves alone whom the service suspended itself, and signs out whoever is protected without suspending them', async () => {
    const c = campaign();
    const [usual, banned] = [c.holder(), c.holder()];
    const business = c.holder({ protectedAs: 'business' });
    const unconfirmed = c.holder({ addressConfirmed: false });
    const passwordless = c.holder({ password: null });
    c.directory.suspendAs(banned, 'by hand');
    const plan = await c.draftSuspension([await c.observed([usual, banned, business, unconfirmed, passwordless])]);
    expect(plan.header.targets.lanes).toEqual({ main: 2, protected: 1, 'no-confirmed-address': 1 });
    expect(plan.header.targets.told).toBe(2);
    const { rows } = await c.pool.query<{ account: string; effect: string }>(
      'SELECT account_id AS account, effect FROM plan_target WHERE plan_no = $1',
      [plan.id.slice('plan_'.length)],
    );
    expect(Object.fromEntries(rows.map((row) => [row.account, row.effect]))).toEqual({
      [usual]: 'suspend',
      [passwordless]: 'suspend',
      [business]: 'end-sessions',
      [unconfirmed]: 'suspend',
    });
    const excluded = await c.store.transact((tx) => tx.plans.exclusionsByReason(plan.id));
    expect(excluded).toEqual({ 'already-suspended': 1 });
  });
});

it('a list of plans says which of them suspend, so that nobody opens the wrong one', async () => {
  const c = campaign();
  const suspends = await c.draftSuspension([await c.observed(c.holders(1))]);
  const resets = await c.draft([await c.observed(c.holders(1))]);
  const listed = await c.store.transact((tx) => tx.plans.list(2));
  expect(listed.map(({ id, action }) => [id, action])).toEqual([
    [resets.id, 'reset'],
    [suspends.id, 'suspend'],
  ]);
});
