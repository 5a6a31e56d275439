import { describe, expect, it } from 'vitest';
import type { AccountId } from '../../src/domain/shared/ids.ts';
import { withCampaign } from '../read/with-campaign.ts';
import { leakedPassword } from '../support/campaign.ts';

const campaign = withCampaign();

const isIn = (who: AccountId) => campaign().directory.signIn(who, leakedPassword) !== null;

describe('the retraction of a plan that suspends', () => {
  it('lets in exactly those of whom nothing live speaks any more and who carry our own mark', async () => {
    const c = campaign();
    const [wrong, right, twice, banned, leaked] = c.holders(5) as [
      AccountId,
      AccountId,
      AccountId,
      AccountId,
      AccountId,
    ];
    const everybody = [wrong, right, twice, banned, leaked];
    const falseRule = await c.observed([wrong, twice, banned, leaked], 'the false rule');
    const soundRule = await c.observed([right, twice], 'the sound rule');
    // A leaked password calls for a reset. It keeps nobody suspended.
    await c.leaked([leaked]);
    const plan = await c.draftSuspension([falseRule, soundRule]);
    await c.approve(plan);
    const rollout = await c.start(plan);
    await c.contain(plan.id, rollout);
    expect(everybody.map(isIn)).toEqual([false, false, false, false, false]);
    await c.tell(rollout, ['accepted', 'accepted', 'accepted', 'accepted', 'accepted']);
    c.directory.suspendAs(banned, 'a person decided');

    await c.halt(plan.id);
    await c.withdraw(falseRule, 'rule-wrong');
    const { retraction, rollout: putRight } = await c.retract(plan.id);
    expect(retraction.header.targets.decisions).toEqual({ restore: 3, keep: 2 });
    await c.restore(retraction, putRight);
    expect([isIn(wrong), isIn(leaked)]).toEqual([true, true]);
    expect([right, twice, banned].map(isIn)).toEqual([false, false, false]);
    expect(c.directory.suspendedAs(banned)).toBe('a person decided');
    const letters = await c.pool.query<{ account: string; kind: string }>(
      `SELECT account_id AS account, template_kind AS kind FROM letter WHERE rollout_no = $1`,
      [putRight],
    );
    expect(new Set(letters.rows.map((row) => `${row.account} ${row.kind}`))).toEqual(
      new Set([wrong, leaked, banned].map((id) => `${id} final`)),
    );
  });

  it('has no window: whoever was kept out wrongly is let in however late', async () => {
    const c = campaign();
    const who = c.holder();
    const list = await c.observed([who]);
    const plan = await c.draftSuspension([list]);
    await c.approve(plan);
    const rollout = await c.start(plan);
    await c.contain(plan.id, rollout);
    await c.halt(plan.id);
    await c.pool.query(`UPDATE suspension SET suspended_at = suspended_at - interval '20 days' WHERE account_id = $1`, [
      who,
    ]);
    await c.withdraw(list, 'rule-wrong');
    const { retraction, rollout: putRight } = await c.retract(plan.id);
    await c.restore(retraction, putRight);
    expect(isIn(who)).toBe(true);
  });
});
