import { beforeAll, describe, expect, test } from 'vitest';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { sampleLimits } from '../../src/domain/plan/limits.ts';
import { Failure } from '../../src/domain/shared/failure.ts';
import type { FailureCode } from '../../src/domain/shared/failure.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { withRolloutWorlds } from '../support/rollout-world.ts';
import type { RolloutWorld } from '../support/rollout-world.ts';

const openWorld = withRolloutWorlds(withTestPostgres());
let world: RolloutWorld;

beforeAll(async () => {
  world = await openWorld();
  return () => world.close();
});

/** Rows and entries that drafting leaves behind. */
async function countKept(): Promise<number> {
  const { rows } = await world.pool.query<{ kept: number }>(`SELECT
    (SELECT count(*) FROM plan) + (SELECT count(*) FROM plan_target) + (SELECT count(*) FROM plan_draft_row)
    + (SELECT count(*) FROM plan_exclusion)
    + (SELECT count(*) FROM ledger_entry WHERE event = 'plan.frozen') AS kept`);
  return rows[0]?.kept ?? -1;
}

/** Drafts what must be refused, and shows that nothing of it stayed behind. */
async function refused(code: FailureCode, ...draft: Parameters<RolloutWorld['draft']>): Promise<string> {
  const before = await countKept();
  const failure = await world.draft(...draft).then(
    () => null,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(Failure);
  expect((failure as Failure).code).toBe(code);
  expect(await countKept()).toBe(before);
  return (failure as Failure).message;
}

describe('a plan', () => {
  test('that selects nobody is an error, and nothing of it is kept', async () => {
    await refused('nothing-selected', [await world.addBatch([])]);
    await refused('nothing-selected', []);
    const gone = world.addHolders(2);
    const batch = await world.addBatch(gone);
    for (const id of gone) world.directory.removeHolder(id);
    const message = await refused('nothing-selected', [batch]);
    expect(message).toContain('2 account-missing');
  });

  test('on withdrawn evidence, or on a list half read, is an error', async () => {
    const batch = await world.addBatch(world.addHolders(2));
    await world.withdraw(batch, 'rule-wrong');
    await refused('nothing-selected', [batch]);
    const half = await world.addBatch(world.addHolders(2), { finished: false });
    await refused('conflict', [half]);
    await refused('not-found', ['batch_99']);
  });

  test('on addresses alone is refused as weak, and is not when the evidence failed otherwise', async () => {
    const weak = world.addHolders(3).map((account) => ({ account, class: 'weak' as const }));
    await refused('weak-evidence', [await world.addBatch(weak)]);
  });

  test('over its budget is refused, and the refusal names the budget and by how many', async () => {
    const batch = await world.addBatch(world.addHolders(201));
    const message = await refused('budget-exceeded', [batch]);
    expect(message).toContain('day: 201 asked, 0 used, limit 200, 1 too many');
  });

  test('with a template or a pace that does not fit is refused before anything is read', async () => {
    const batch = await world.addBatch(world.addHolders(1));
    await refused('not-found', [batch], {}, { notice: 'no-such-notice' });
    await refused('template-unfit', [batch], {}, { action: 'suspend' });
    await refused('guardrail-failed', [batch], sampleLimits);
  });

  test('that fails half way leaves nothing behind', async () => {
    const batch = await world.addBatch(world.addHolders(3));
    world.directory.available = false;
    await refused('directory-unavailable', [batch]);
    world.directory.available = true;
    expect((await world.draft([batch])).total).toBe(3);
  });

  test('over two batches that name one account has it once, with the evidence of both', async () => {
    const [both, first, second] = world.addHolders(3) as [never, never, never];
    const one = await world.addBatch([both, first]);
    const two = await world.addBatch([both, second], { class: 'observed' });
    const plan = await world.draft([one, two, one]);
    expect(plan.total).toBe(3);
    const lines = await world.export(plan);
    const targets = lines.flatMap((line) => (line.kind === 'target' ? [line.target] : []));
    expect(targets.find((target) => target.accountId === both)?.evidence).toHaveLength(2);
    // Counted once, however many of the lists were read for it.
    expect(plan.header.evidence.items).toBe(4);
    expect(plan.header.evidence.items).toBe(targets.reduce((sum, target) => sum + target.evidence.length, 0));
  });

  test('never stands on evidence of a batch that it does not name', async () => {
    const [account] = world.addHolders(1) as [never];
    const named = await world.addBatch([{ account, class: 'weak' }]);
    await world.addBatch([account]);
    await refused('weak-evidence', [named]);
  });

  test('has an order that follows from its key alone, not from who came first', async () => {
    const accounts = world.addHolders(60);
    const batch = await world.addBatch(accounts.toReversed());
    const plan = await world.draft([batch]);
    const other = await world.draft([await world.addBatch(accounts)]);
    for (const each of [plan, other]) {
      const targets = (await world.export(each)).flatMap((line) => (line.kind === 'target' ? [line.target] : []));
      const keyed = accounts.map((id) => [digests.sha256(`${each.header.orderKey}:${id}`), id] as const);
      const expected = keyed.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, id]) => id);
      expect(targets.map((target) => target.accountId)).toEqual(expected);
      expect(targets.map((target) => target.containOrdinal)).toEqual([...accounts.keys()]);
      expect(targets.flatMap((target) => target.tellOrdinal ?? [])).toEqual([...accounts.keys()]);
    }
    expect(plan.header.orderKey).not.toBe(other.header.orderKey);
  });

  test('leaves a password alone that was changed since the leaked one was tried', async () => {
    const [changed, same] = world.addHolders(2) as [never, never];
    const batch = await world.addBatch([changed, same]);
    world.directory.resetByMail(changed, 'a new one of my own');
    const lines = await world.export(await world.draft([batch]));
    const targets = lines.flatMap((line) => (line.kind === 'target' ? [line.target] : []));
    const effectOf = (id: string) => targets.find((target) => target.accountId === id)?.effect;
    expect([effectOf(changed), effectOf(same)]).toEqual(['end-sessions', 'quarantine']);
  });
});
