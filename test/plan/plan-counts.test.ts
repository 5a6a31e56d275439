import { beforeEach, expect, test } from 'vitest';
import { migrate } from '../../src/adapters/postgres/migrate.ts';
import { showEvidence } from '../../src/app/evidence/show-evidence.ts';
import type { AccountId, BatchId, PlanId } from '../../src/domain/shared/ids.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { withRolloutWorlds } from '../support/rollout-world.ts';
import type { RolloutWorld } from '../support/rollout-world.ts';

const openWorld = withRolloutWorlds(withTestPostgres());
let world: RolloutWorld;

beforeEach(async () => {
  world = await openWorld();
  return () => world.close();
});

const countsOf = (plan: PlanId) =>
  world.store.transact(async (tx) => ({
    targets: await tx.plans.tallyTargets(plan),
    exclusions: await tx.plans.exclusionsByReason(plan),
    difference: await tx.plans.differenceToPrevious(plan),
  }));

/** Counted by hand, past the product. */
async function countByHand(sql: string): Promise<number> {
  const { rows } = await world.pool.query<{ count: number }>(`SELECT (${sql})::int AS count`);
  return rows[0]?.count ?? -1;
}

/** What the version before left: rows, and no count of any. */
async function forgetCounts(): Promise<void> {
  await world.pool.query('DELETE FROM plan_count');
  await world.pool.query('DELETE FROM evidence_count');
}

/** Two plans of one directory, the second with a new account, one fewer, and one left out. */
async function twoPlans(): Promise<{ readonly first: PlanId; readonly second: PlanId; readonly batch: BatchId }> {
  const people = world.addHolders(6) as readonly [AccountId, ...AccountId[]];
  const first = await world.draft([await world.addBatch(people.slice(0, 4))]);
  const batch = await world.addBatch([
    ...people.slice(1),
    { account: world.addHolders(1)[0] as AccountId, class: 'weak' },
  ]);
  const second = await world.draft([batch]);
  return { first: first.id, second: second.id, batch };
}

test('a frozen plan is counted once, at its freeze, and shows those counts ever after', async () => {
  const { first, second } = await twoPlans();
  const counts = await countsOf(second);
  const no = Number(second.slice('plan_'.length));
  const targets = await countByHand(`SELECT count(*) FROM plan_target WHERE plan_no = ${no}`);
  const excluded = await countByHand(`SELECT count(*) FROM plan_exclusion WHERE plan_no = ${no}`);
  expect(targets).toBe(5);
  expect(counts.targets.reduce((sum, group) => sum + group.count, 0)).toBe(targets);
  expect(Object.values(counts.exclusions).reduce((sum, count) => sum + count, 0)).toBe(excluded);
  expect(counts.difference).toEqual({ previous: first, added: 2, removed: 1, kept: 3 });
  expect((await countsOf(first)).difference).toBeNull();

  // Planted: a look that counted anew would not see it.
  await world.pool.query(`UPDATE plan_count SET exclusions = '{"planted": 9}' WHERE plan_no = $1`, [no]);
  expect((await countsOf(second)).exclusions).toEqual({ planted: 9 });
});

test('a plan or batch without kept counts is counted at the look, and never shown as empty', async () => {
  const { first, second, batch } = await twoPlans();
  const kept = [await countsOf(first), await countsOf(second), await showEvidence(world, batch)];
  await forgetCounts();
  expect([await countsOf(first), await countsOf(second), await showEvidence(world, batch)]).toEqual(kept);
});

test('the plans and batches of the version before are counted by the migration', async () => {
  const { first, second, batch } = await twoPlans();
  const half = await world.addBatch(world.addHolders(2), { finished: false });
  await world.withdraw(batch, 'rule-wrong');
  const kept = [await countsOf(first), await countsOf(second), await showEvidence(world, batch)];
  const tables = async () =>
    (await world.pool.query('SELECT c.*, p.* FROM evidence_count c FULL JOIN plan_count p ON false ORDER BY 1, 7'))
      .rows;
  const before = await tables();
  await world.pool.query(`DROP TABLE plan_count, evidence_count; DROP INDEX withdrawal_batch;
    DROP FUNCTION count_plan(bigint); DROP FUNCTION count_evidence(bigint);
    ALTER TABLE told_hour DROP COLUMN no, DROP COLUMN boot, DROP COLUMN boot_ms, DROP COLUMN wall_ms;
    ALTER TABLE permit DROP COLUMN tries;
    DELETE FROM migration WHERE name = '0032-counts.sql'`);
  expect(await migrate(world.pool)).toEqual(['0032-counts.sql']);
  expect(await tables()).toEqual(before);
  expect(before).toHaveLength(4);
  expect([await countsOf(first), await countsOf(second), await showEvidence(world, batch)]).toEqual(kept);
  expect((await showEvidence(world, half)).tally.accounts).toBe(2);
});

test('a batch shows what a withdrawal left, to the piece, and so does its source', async () => {
  const people = world.addHolders(5);
  const batch = await world.addBatch(people, { source: 'a forum' });
  await world.addBatch(world.addHolders(2), { source: 'a forum' });
  await world.addBatch(world.addHolders(3), { source: 'a forum', finished: false });
  expect((await showEvidence(world, batch)).sourceTally).toEqual({ batches: 3, live: 10, withdrawn: 0 });
  await world.withdraw(batch, 'own-export', people.slice(0, 2));
  const some = await showEvidence(world, batch);
  expect(some.tally.classes).toEqual([
    { class: 'verified', state: 'live', remark: null, evidence: 3 },
    { class: 'verified', state: 'withdrawn', remark: null, evidence: 2 },
  ]);
  expect(some.sourceTally).toEqual({ batches: 3, live: 8, withdrawn: 2 });
  await world.withdraw(batch, 'rule-wrong');
  expect((await showEvidence(world, batch)).tally).toEqual({
    accounts: 5,
    classes: [{ class: 'verified', state: 'withdrawn', remark: null, evidence: 5 }],
  });
});

test('a withdrawal that another version made is not hidden by counts from before it', async () => {
  const batch = await world.addBatch(world.addHolders(3), { source: 'a forum' });
  await world.pool.query(
    `WITH w AS (INSERT INTO withdrawal (batch_no, cause, withdrawn_by, selection)
      VALUES ($1, 'rule-wrong', 1, 'all') RETURNING withdrawal_no)
    UPDATE evidence SET state = 'withdrawn', cause = 'rule-wrong', withdrawal_no = w.withdrawal_no FROM w WHERE batch_no = $1`,
    [Number(batch.slice('batch_'.length))],
  );
  const shown = await showEvidence(world, batch);
  expect(shown.tally.classes).toEqual([{ class: 'verified', state: 'withdrawn', remark: null, evidence: 3 }]);
  expect(shown.sourceTally).toEqual({ batches: 1, live: 0, withdrawn: 3 });
});

test('a freeze that fails keeps no counts, and a list half read is counted as far as it came', async () => {
  const half = await world.addBatch(world.addHolders(2), { finished: false });
  expect((await showEvidence(world, half)).tally.accounts).toBe(2);
  const batch = await world.addBatch(world.addHolders(201));
  await expect(world.draft([batch])).rejects.toMatchObject({ code: 'budget-exceeded' });
  expect(await countByHand('SELECT count(*) FROM plan_count')).toBe(0);
  expect(await countByHand('SELECT count(*) FROM evidence_count')).toBe(1);
});
