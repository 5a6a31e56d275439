import { beforeEach, describe, expect, it } from 'vitest';
import { liftDueSuspensions } from '../../src/app/action/lift-suspensions.ts';
import { answerLifted } from '../../src/app/appeal/answer-lifted.ts';
import { decideAppeal } from '../../src/app/appeal/decide-appeal.ts';
import { findDue } from '../../src/app/retention/find-due.ts';
import type { Store } from '../../src/app/ports/store.ts';
import type { HolderMail } from '../../src/app/ports/holder-mailer.ts';
import type { FrozenPlan } from '../../src/domain/plan/frozen-plan.ts';
import { onePersonAccounts } from '../../src/domain/retraction/quorum-for.ts';
import { numberOf } from '../../src/domain/shared/ids.ts';
import type { AccountId, AppealId, BatchId } from '../../src/domain/shared/ids.ts';
import { withCampaign } from '../read/with-campaign.ts';
import { leakedPassword } from '../support/campaign.ts';

const campaign = withCampaign();
const mails: HolderMail[] = [];
beforeEach(() => {
  mails.length = 0;
});

/** A plan of these accounts, contained and told. */
async function swept(accounts: readonly AccountId[], batch?: BatchId) {
  const c = campaign();
  const list = batch ?? (await c.observed(accounts));
  const plan = await c.draftSuspension([list]);
  await c.approve(plan);
  const rollout = await c.start(plan);
  await c.contain(plan.id, rollout);
  return { plan, rollout, list };
}

async function appealOf(plan: FrozenPlan, rollout: number, account: AccountId): Promise<AppealId> {
  const c = campaign();
  const appeal = await c.store.transact((tx) =>
    tx.appeals.open(
      {
        noticeNumber: c.noticeNumbers(plan.id, account, 'notice'),
        rolloutNo: rollout,
        plan: plan.id,
        accountId: account,
        words: 'I only wrote to my friends.',
      },
      3,
    ),
  );
  if (appeal === null) throw new Error('the appeal was not taken');
  return appeal;
}

const answering = () => ({
  mailer: {
    isUp: async () => true,
    send: async (mail: HolderMail) => {
      mails.push(mail);
      return 'accepted' as const;
    },
    close: async () => undefined,
  },
  serviceName: 'Chirp',
  supportContact: 'help@chirp.test',
});

function decide(appeal: AppealId, decision: 'granted' | 'declined' = 'granted') {
  const c = campaign();
  return decideAppeal(
    {
      store: c.store,
      lifting: { directory: c.directory, seal: c.seal },
      ...answering(),
    },
    { appeal, decision, reason: 'looked at what was sent', by: c.people[1].id },
  );
}

const shown = (appeal: AppealId) => campaign().store.transact((tx) => tx.appeals.read(appeal));
const answer = () => answerLifted({ ...answering(), store: campaign().store }, () => true);
const isIn = (who: AccountId) => campaign().directory.signIn(who, leakedPassword) !== null;
const wordsOf = () =>
  mails.flatMap((mail) => mail.parts.map((part) => ('text' in part ? part.text : part.code))).join('\n');
const lift = () => {
  const { store, directory, seal } = campaign();
  return liftDueSuspensions({ store, directory, seal }, () => true);
};

describe('an appeal about a suspension', () => {
  it('that a person grants lets that one account back in at once, tells its holder, and stays on the record', async () => {
    const c = campaign();
    const [who, other] = c.holders(2) as [AccountId, AccountId];
    const { plan, rollout, list } = await swept([who, other]);
    expect([isIn(who), isIn(other)]).toEqual([false, false]);
    const appeal = await decide(await appealOf(plan, rollout, who));
    expect(appeal).toMatchObject({ decision: 'granted', lifted: 'reinstated', told: 'accepted' });
    expect([isIn(who), isIn(other)]).toEqual([true, false]);
    expect(wordsOf()).toContain('Your account is open again');
    const evidence = await c.store.transact((tx) => tx.evidence.allEvidence([who, other]));
    expect(evidence.get(who)?.map(({ state, cause }) => [state, cause])).toEqual([['withdrawn', 'wrong-verdict']]);
    expect(evidence.get(other)?.map(({ state }) => state)).toEqual(['live']);
    expect(await c.ledgerEvents(`rollout:${rollout}`)).toEqual(
      expect.arrayContaining(['appeal.decided', 'suspension.lifted']),
    );
    // No later plan on the same list suspends them again.
    await expect(c.draftSuspension([list])).rejects.toMatchObject({ code: 'nothing-selected' });
  });

  it('that is declined changes nothing and says until when the account stays suspended', async () => {
    const c = campaign();
    const who = c.holder();
    const { plan, rollout } = await swept([who]);
    expect(await decide(await appealOf(plan, rollout, who), 'declined')).toMatchObject({ lifted: null });
    expect(isIn(who)).toBe(false);
    expect(wordsOf()).toContain('until the day that the notice names');
  });

  it('granted while the directory is away is kept, and lets the account in as soon as it answers', async () => {
    const c = campaign();
    const who = c.holder();
    const { plan, rollout } = await swept([who]);
    const appeal = await appealOf(plan, rollout, who);
    c.directory.available = false;
    expect(await decide(appeal)).toMatchObject({ decision: 'granted', lifted: 'waits' });
    expect(wordsOf()).toContain('which can take a while');
    c.directory.available = true;
    expect(isIn(who)).toBe(false);
    expect(await lift()).toBe(1);
    expect(isIn(who)).toBe(true);
    expect(await shown(appeal)).toMatchObject({ lifted: 'reinstated', told: null });
    expect(mails).toHaveLength(1);
    // Whoever decided may be telling them this moment.
    expect(await answer()).toBe(0);
    await c.pool.query(`UPDATE appeal SET decided_at = decided_at - interval '11 minutes'`);
    expect(await answer()).toBe(1);
    expect(mails).toHaveLength(2);
    expect(mails[1]?.to).toBe(mails[0]?.to);
    expect(JSON.stringify(mails[1]?.parts)).toContain('Your account is open again');
    expect(await shown(appeal)).toMatchObject({ told: 'accepted' });
    expect(await answer()).toBe(0);
    const events = await c.ledgerEvents(`rollout:${rollout}`);
    expect(events.filter((event) => event === 'appeal.answered')).toHaveLength(2);
  });

  it('is lifted with its entry in the ledger, or not yet: a record that fails is made when it is looked at again', async () => {
    const c = campaign();
    const who = c.holder();
    const { plan, rollout } = await swept([who]);
    const appeal = await appealOf(plan, rollout, who);
    c.directory.available = false;
    await decide(appeal);
    c.directory.available = true;
    const broken: Store = {
      ...c.store,
      transact: (work) =>
        c.store.transact((tx) => {
          const append: typeof tx.ledger.append = () => Promise.reject(new Error('the disk is full'));
          return work({ ...tx, ledger: { ...tx.ledger, append } });
        }),
    };
    await liftDueSuspensions({ store: broken, directory: c.directory, seal: c.seal }, () => true).catch(() => 0);
    expect(isIn(who)).toBe(true);
    expect(await shown(appeal)).toMatchObject({ lifted: 'waits' });
    expect(await lift()).toBe(1);
    expect(await shown(appeal)).toMatchObject({ lifted: 'reinstated' });
    expect(await c.ledgerEvents(`rollout:${rollout}`)).toContain('suspension.lifted');
  });

  it('granted while the directory is away and put right by a retraction waits no more', async () => {
    const c = campaign();
    const who = c.holder();
    const { plan, rollout, list } = await swept([who]);
    const appeal = await appealOf(plan, rollout, who);
    c.directory.available = false;
    await decide(appeal);
    c.directory.available = true;
    await c.halt(plan.id);
    await c.withdraw(list, 'rule-wrong').catch(() => undefined);
    const { retraction, rollout: putRight } = await c.retract(plan.id);
    await c.restore(retraction, putRight);
    expect(isIn(who)).toBe(true);
    expect(await shown(appeal)).toMatchObject({ lifted: 'reinstated' });
  });

  it('never lifts what the service itself did, and says so', async () => {
    const c = campaign();
    const who = c.holder();
    const { plan, rollout } = await swept([who]);
    c.directory.suspendAs(who, 'a person decided');
    expect(await decide(await appealOf(plan, rollout, who))).toMatchObject({ lifted: 'suspended-by-service' });
    expect(c.directory.suspendedAs(who)).toBe('a person decided');
    expect(wordsOf()).toContain('still suspended for another reason');
  });

  it('is as far as one person goes 25 times for a plan; beyond that two people retract', async () => {
    const c = campaign();
    const people = c.holders(onePersonAccounts + 1);
    const { plan, rollout } = await swept(people);
    for (const who of people.slice(0, onePersonAccounts)) await decide(await appealOf(plan, rollout, who));
    const last = people[onePersonAccounts] as AccountId;
    const appeal = await appealOf(plan, rollout, last);
    await expect(decide(appeal)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(`allclear retract ${plan.id}`),
    });
    expect(isIn(last)).toBe(false);
    expect((await c.store.transact((tx) => tx.appeals.read(appeal)))?.decision).toBeNull();
  });

  it('granted for a third of three halts the rollout by its rule; three granted of twenty do not', async () => {
    const c = campaign();
    const people = c.holders(20);
    const { plan, rollout } = await swept(people);
    const verdict = async () => {
      const { policy } = c.deps;
      return c.store.transact(async (tx) => {
        const row = await tx.rollouts.read(rollout);
        const track = (await tx.rollouts.tracks(rollout)).find((one) => one.track === 'tell');
        if (row === null || track === undefined) throw new Error('no such track');
        const tally = { counts: {}, waveCounts: {}, claimed: 0, inFlight: 0, settledBelow: 0, claimable: 0 };
        const verdicts = await policy.judge(tx, row, track, tally as never);
        return verdicts.find((one) => one.gate === 'appeals');
      });
    };
    for (const who of people.slice(0, 2)) await decide(await appealOf(plan, rollout, who));
    expect(await verdict()).toMatchObject({ result: 'pass' });
    await decide(await appealOf(plan, rollout, people[2] as AccountId));
    expect(await verdict()).toMatchObject({
      result: 'fail',
      reason: expect.stringContaining('3 of 3 decided appeals about rule sign-in from a new network of the new rule'),
      cause: { word: 'appeals-granted', count: 3 },
    });
    for (const who of people.slice(3)) await decide(await appealOf(plan, rollout, who), 'declined');
    expect(await verdict()).toMatchObject({ result: 'pass' });
  });
});

describe('a plan that keeps anybody suspended', () => {
  it('keeps their address, so that an appeal can be answered, however long ago it ran', async () => {
    const c = campaign();
    const who = c.holder();
    const { plan } = await swept([who]);
    await c.halt(plan.id);
    await c.pool.query(`UPDATE track SET halted_at = now() - interval '80 days' WHERE halted_at IS NOT NULL`);
    const due = () => c.store.transact((tx) => findDue(tx, 0));
    expect((await due()).plans.map((one) => one.plan)).not.toContain(plan.id);
    await c.pool.query(`UPDATE suspension SET state = 'lapsed', closed_at = now() WHERE plan_no = $1`, [
      numberOf(plan.id),
    ]);
    expect((await due()).plans.map((one) => one.plan)).toContain(plan.id);
  });
});

describe('a suspension whose time is over', () => {
  it('is lifted by itself with its entry in the ledger, and no other is', async () => {
    const c = campaign();
    const [over, other] = c.holders(2) as [AccountId, AccountId];
    const { plan, rollout } = await swept([over, other]);
    expect(await lift()).toBe(0);
    await c.pool.query(`UPDATE suspension SET lapses_at = now() WHERE plan_no = $1 AND account_id = $2`, [
      numberOf(plan.id),
      over,
    ]);
    expect(await lift()).toBe(1);
    expect([isIn(over), isIn(other)]).toEqual([true, false]);
    expect(await c.ledgerEvents(`rollout:${rollout}`)).toContain('suspension.lifted');
    expect(await lift()).toBe(0);
  });

  it('waits while its plan is halted, until a retraction of it runs', async () => {
    const c = campaign();
    const [good, bad] = c.holders(2) as [AccountId, AccountId];
    const { plan, rollout, list } = await swept([good, bad]);
    await c.halt(plan.id);
    await c.pool.query(`UPDATE suspension SET lapses_at = now() WHERE plan_no = $1`, [numberOf(plan.id)]);
    expect(await lift()).toBe(0);
    expect([isIn(good), isIn(bad)]).toEqual([false, false]);
    await c.withdraw(list, 'rule-wrong', [good]);
    const { rollout: putRight, retraction } = await c.retract(plan.id);
    await c.restore(retraction, putRight);
    expect(isIn(good)).toBe(true);
    expect(await lift()).toBe(1);
    expect(isIn(bad)).toBe(true);
    expect(rollout).not.toBe(putRight);
  });
});
