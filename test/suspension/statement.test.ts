import { describe, expect, it } from 'vitest';
import { decideAppeal } from '../../src/app/appeal/decide-appeal.ts';
import { publicStatement } from '../../src/app/statement/public-statement.ts';
import { pageLanguages } from '../../src/http/public/page-language.ts';
import { statementPage } from '../../src/http/public/statement-page.ts';
import { statementWordsOf } from '../../src/http/public/statement-words.ts';
import { statusItem } from '../../src/http/public/status-feed.ts';
import type { HolderMailOutcome } from '../../src/app/ports/holder-mailer.ts';
import type { FrozenPlan } from '../../src/domain/plan/frozen-plan.ts';
import type { AccountId, PlanId } from '../../src/domain/shared/ids.ts';
import { withCampaign } from '../read/with-campaign.ts';
import { leakedPassword } from '../support/campaign.ts';

const campaign = withCampaign();

async function swept(accounts: readonly AccountId[]) {
  const c = campaign();
  const list = await c.observed(accounts);
  const plan = await c.draftSuspension([list]);
  await c.approve(plan);
  const rollout = await c.start(plan);
  await c.contain(plan.id, rollout);
  await c.tell(rollout, []);
  return { plan, rollout, list };
}

/** As its holder asks and a person of the service grants it; the mail server answers the mail about it so. */
async function grant(plan: FrozenPlan, rollout: number, who: AccountId, mail: HolderMailOutcome = 'accepted') {
  const c = campaign();
  const appeal = await c.store.transact((tx) =>
    tx.appeals.open(
      {
        noticeNumber: c.noticeNumbers(plan.id, who, 'notice'),
        rolloutNo: rollout,
        plan: plan.id,
        accountId: who,
        words: null,
      },
      3,
    ),
  );
  if (appeal === null) throw new Error('the appeal was not taken');
  return decideAppeal(
    {
      store: c.store,
      lifting: { directory: c.directory, seal: c.seal },
      mailer: { isUp: async () => true, send: async () => mail, close: async () => undefined },
      serviceName: 'Chirp',
      supportContact: 'help@chirp.test',
    },
    { appeal, decision: 'granted', reason: 'looked', by: c.people[1].id },
  );
}

const isIn = (who: AccountId): boolean => campaign().directory.signIn(who, leakedPassword) !== null;

async function statementOf(plan: PlanId) {
  const statement = await publicStatement(campaign().deps, plan);
  if (statement === null) throw new Error('it is not public');
  return statement;
}

const valuesOf = ({ counts }: Awaited<ReturnType<typeof statementOf>>) => ({
  restored: counts.restored.value,
  granted: counts.granted.value,
  corrected: counts.corrected.value,
  correctedUnknown: counts.correctedUnknown.value,
});

describe('the public statement about a suspension', () => {
  it('counts whom a person let back in after an appeal, in each language, before and after a retraction', async () => {
    const c = campaign();
    const people = c.holders(6);
    const { plan, rollout, list } = await swept(people);
    await grant(plan, rollout, people[0]!);
    await grant(plan, rollout, people[1]!, 'unknown');
    await c.halt(plan.id);
    const early = await statementOf(plan.id);
    expect(valuesOf(early)).toEqual({ restored: 2, granted: 2, corrected: 1, correctedUnknown: 1 });
    expect(people.filter(isIn)).toHaveLength(2);

    await c.withdraw(list, 'rule-wrong', people.slice(0, 4));
    const { retraction, rollout: putRight } = await c.retract(plan.id);
    await c.restore(retraction, putRight);
    await c.tell(putRight, ['accepted', 'unknown'], 'correct');
    const statement = await statementOf(plan.id);
    expect(valuesOf(statement)).toEqual({ restored: 4, granted: 2, corrected: 2, correctedUnknown: 2 });
    expect(people.filter(isIn)).toHaveLength(4);
    expect(statement.counts.kept.value).toBe(2);
    expect(statement.counts.restored.source).toContain(`rollout:${rollout}, entries suspension.lifted`);
    expect(statement.text).toContain('Let back into their account: 4 ');
    expect(statement.text).toContain('Asked for a second look, and were right: 2 ');
    for (const language of pageLanguages) {
      const words = statementWordsOf(language, 'suspend');
      const reader = { language, service: 'Chirp', recoveryUrl: '', isRecoveryHosted: false, supportContact: '' };
      const page = String(await statementPage(reader as never, statement)).replace(/\s+/g, ' ');
      expect(page).toContain(`${words.counts.restored}</th> <td>4</td>`);
      expect(page).toContain(`${words.counts.granted}</th> <td>2</td>`);
      expect(statusItem(statement, language, 'http://127.0.0.1:1').lines).toContain(`${words.counts.granted}: 2`);
    }
  });

  it('counts nobody twice whom an appeal and a retraction both let in', async () => {
    const c = campaign();
    const people = c.holders(3) as [AccountId, AccountId, AccountId];
    const { plan, rollout, list } = await swept(people);
    c.directory.available = false;
    expect(await grant(plan, rollout, people[0])).toMatchObject({ lifted: 'waits' });
    c.directory.available = true;
    await c.halt(plan.id);
    expect(valuesOf(await statementOf(plan.id))).toMatchObject({ restored: null, granted: 1, corrected: 1 });
    await c.withdraw(list, 'rule-wrong');
    const { retraction, rollout: putRight } = await c.retract(plan.id);
    expect(await grant(plan, rollout, people[1])).toMatchObject({ lifted: 'reinstated' });
    await c.restore(retraction, putRight);
    // The answer to an appeal had arrived for sure: an unknown letter after it takes nothing from that.
    const letters = await c.store.transact((tx) => tx.rollouts.mailMembers(putRight, 'correct', 0, people.length));
    const outcomes = letters.map(({ accountId }) => (accountId === people[1] ? 'unknown' : 'accepted'));
    expect(outcomes.toSorted()).toEqual(['accepted', 'accepted', 'unknown']);
    await c.tell(putRight, outcomes, 'correct');
    expect(people.filter(isIn)).toHaveLength(3);
    expect(valuesOf(await statementOf(plan.id))).toEqual({
      restored: 3,
      granted: 2,
      corrected: 3,
      correctedUnknown: 0,
    });
  });
});
