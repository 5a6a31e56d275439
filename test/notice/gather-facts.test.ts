import { expect, test } from 'vitest';
import { gatherFacts } from '../../src/app/notice/gather-facts.ts';
import type { GatheredFacts } from '../../src/app/notice/gather-facts.ts';
import type { MailMember } from '../../src/app/ports/rollout-store.ts';
import { accountId } from '../../src/domain/shared/ids.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { withRolloutWorlds } from '../support/rollout-world.ts';

const openWorld = withRolloutWorlds(withTestPostgres());

test('whom a late notice told is not told again by the plan’s own, and every fact of a person is theirs', async () => {
  const world = await openWorld();
  const people = world.addHolders(3);
  const { plan, rolloutNo } = await world.startedPlan(people, {
    order: 'contain-first',
    containWaveSizes: [10],
    tellWaveSizes: [10],
  });
  const [told, late, plain] = people as unknown as readonly [string, string, string];
  const more = await world.addBatch([accountId(told), accountId(plain)], { class: 'observed' });
  await world.withdraw(more, 'rule-wrong', [accountId(told)]);
  await world.work(rolloutNo);
  const targets = await world.store.transact((tx) => tx.plans.targetsOf(plan.id, people));
  const at = (account: string): number => targets.find((one) => one.accountId === account)?.ordinal ?? -1;
  await world.pool.query(
    `INSERT INTO letter (rollout_no, track, ordinal, account_id, plan_no, plan_ordinal, template_kind, conditional, notice_number)
     VALUES ($1, 'late', 0, $2, $3, $4, 'late', false, 'n1'), ($1, 'holding', 0, $5, $3, $6, 'holding', false, 'n2')`,
    [rolloutNo, late, Number(plan.id.slice('plan_'.length)), at(late), told, at(told)],
  );
  const gather = (templateKind: string): Promise<GatheredFacts> =>
    world.store.transact((tx) =>
      gatherFacts(
        tx,
        world.directory.name,
        plan,
        targets.map(({ ordinal, accountId: account, address, language, evidence, noticeNumber }): MailMember => ({
          ordinal,
          accountId: accountId(account),
          planNo: Number(plan.id.slice('plan_'.length)),
          planOrdinal: ordinal,
          address,
          language,
          evidenceNos: evidence,
          noticeNumber,
          templateKind,
          conditional: false,
        })),
      ),
    );

  const first = await gather('notice');
  expect([...first.toldLate]).toEqual([late]);
  const letters = await gather('holding');
  expect([...letters.toldLate]).toEqual([late]);
  for (const { facts } of [first, letters]) {
    expect([...facts.keys()].toSorted()).toEqual([...people].toSorted());
    for (const [account, own] of facts) {
      expect(own.receipts.map((one) => one.kind)).toContain('contained');
      expect([...own.receipts, ...own.evidence].every((one) => one.accountId === account)).toBe(true);
    }
    const standing = (account: string) =>
      facts.get(accountId(account))?.evidence.map((one) => `${one.evidenceClass} ${one.state}`);
    expect(standing(told)).toEqual(['verified live', 'observed withdrawn']);
    expect(standing(plain)).toEqual(['verified live', 'observed live']);
    expect(standing(late)).toEqual(['verified live']);
  }
  // What became of the notice is for the letters about it to say.
  expect(letters.facts.get(accountId(told))?.earlierNotice?.state).toBe('accepted');
  expect(first.facts.get(accountId(told))?.earlierNotice).toBeNull();
  await world.close();
});
