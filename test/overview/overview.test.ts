import { beforeEach, describe, expect, it } from 'vitest';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { makeSigningKey, signatures } from '../../src/adapters/crypto/signing-key.ts';
import { listRollouts } from '../../src/app/overview/list-rollouts.ts';
import { sendCorrection } from '../../src/app/notice/send-correction.ts';
import { readOverview } from '../../src/app/overview/read-overview.ts';
import type { Overview } from '../../src/app/overview/read-overview.ts';
import { draftRetraction } from '../../src/app/retraction/draft-retraction.ts';
import { startRetraction } from '../../src/app/retraction/start-retraction.ts';
import type { Operator } from '../../src/domain/approval/operator.ts';
import type { FrozenPlan } from '../../src/domain/plan/frozen-plan.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { withRolloutWorlds } from '../support/rollout-world.ts';
import type { Person, RolloutWorld } from '../support/rollout-world.ts';

const openWorld = withRolloutWorlds(withTestPostgres());
let world: RolloutWorld;

beforeEach(async () => {
  world = await openWorld();
  return () => world.close();
});

async function operatorOf(person: Person): Promise<Operator> {
  const found = await world.store.transact((tx) => tx.operators.read(person.id));
  if (found === null) throw new Error(`${person.id} is not there`);
  return found;
}

async function seenBy(person: Person, changes: Partial<Operator> = {}): Promise<Overview> {
  const me = { ...(await operatorOf(person)), ...changes };
  const { store, policy, codeVersion, deploymentId } = world;
  return readOverview({ store, policy, codeVersion, deploymentId, digests, signatures }, me);
}

async function draft(count: number): Promise<FrozenPlan> {
  return world.draft([await world.addBatch(world.addHolders(count))]);
}

const mineOf = ({ waiting }: Overview): readonly string[] =>
  waiting.filter((one) => one.mine).map(({ step, subject }) => `${step} ${subject}`);

describe('what waits', () => {
  it('is offered to whoever may say yes, and never to the author', async () => {
    const plan = await draft(4);
    expect(mineOf(await seenBy(world.author))).toEqual([]);
    expect(mineOf(await seenBy(world.approvers[0]))).toEqual([`approve ${plan.id}`]);
    expect((await seenBy(world.author)).waiting).toEqual([
      { step: 'approve', subject: plan.id, total: 4, have: 0, required: 2, mine: false },
    ]);
  });

  it('is not offered again to whoever said yes, under whatever account', async () => {
    const plan = await draft(4);
    await world.sayYes(world.approvers[0], plan.id, plan);
    expect(mineOf(await seenBy(world.approvers[0]))).toEqual([]);
    const first = await operatorOf(world.approvers[0]);
    expect(mineOf(await seenBy(world.approvers[1], { email: first.email.toUpperCase() }))).toEqual([]);
    expect((await seenBy(world.approvers[1])).waiting).toMatchObject([{ have: 1, mine: true }]);
  });

  it('is a start once two said yes, for a role that may start, and nothing once it was started', async () => {
    const plan = await draft(4);
    await world.approve(plan);
    expect(mineOf(await seenBy(world.author))).toEqual([`start ${plan.id}`]);
    expect(mineOf(await seenBy(world.author, { role: 'approver' }))).toEqual([]);
    await world.start(plan);
    expect((await seenBy(world.author)).waiting).toEqual([]);
  });

  it('is a review first, where the plan asks for one', async () => {
    const batch = await world.addBatch(world.addHolders(4));
    const plan = await world.draft([batch], { review: 'all' });
    expect(mineOf(await seenBy(world.approvers[0]))).toEqual([`review ${plan.id}`]);
    expect(mineOf(await seenBy(world.approvers[0], { role: 'auditor' }))).toEqual([]);
  });

  it('is a person to be admitted, by the name under which the others know them', async () => {
    await world.store.transact((tx) =>
      tx.operators.add({
        name: 'dee',
        email: 'dee@ops.test',
        publicKey: makeSigningKey().publicKey,
        role: 'approver',
        state: 'pending',
        activeFrom: null,
        addedBy: world.author.id,
      }),
    );
    expect((await seenBy(world.approvers[0])).waiting).toMatchObject([{ step: 'admit', name: 'dee', mine: true }]);
  });

  it('does not name a plan of another version, which nobody can start any more', async () => {
    await draft(4);
    world.codeVersion = 'another';
    expect((await seenBy(world.approvers[0])).waiting).toEqual([]);
  });
});

describe('what runs, and what is wrong', () => {
  it('nothing is called wrong while nothing runs', async () => {
    expect(await seenBy(world.author)).toMatchObject({ rollouts: [], more: 0, wrong: [], waiting: [] });
  });

  it('a rollout without a worker is wrong, and says what to do', async () => {
    await world.startedPlan(world.addHolders(4));
    const { rollouts, wrong } = await seenBy(world.author);
    expect(rollouts).toMatchObject([{ subject: 'plan_1', phase: 'running' }]);
    expect(wrong.map((one) => one.what)).toContain('no-worker');
    expect(wrong.every((one) => one.next !== '')).toBe(true);
  });

  it('a halt of somebody else is the first thing that everybody reads, with its reason', async () => {
    const { plan } = await world.startedPlan(world.addHolders(4));
    await world.halt(plan.id);
    const { rollouts, wrong } = await seenBy(world.approvers[0]);
    expect(rollouts).toMatchObject([{ phase: 'halted' }]);
    expect(wrong).toMatchObject([
      { what: 'halted', subject: plan.id, words: expect.stringContaining('track contain is halted') },
      { what: 'halted', subject: plan.id, words: expect.stringContaining('track tell is halted') },
    ]);
  });

  it('a plan that was put right is not wrong for ever: only who still knows nothing is, until they are told', async () => {
    const right = await world.addBatch(world.addHolders(3));
    const wrong = await world.addBatch(world.addHolders(3), { class: 'observed' });
    const plan = await world.draft([right, wrong], {
      order: 'contain-first',
      containWaveSizes: [1_000],
      tellWaveSizes: [1, 1_000],
      tellSoakSeconds: [3_600, 3_600],
    });
    await world.approve(plan);
    const rolloutNo = await world.start(plan);
    await world.work(rolloutNo);
    await world.halt(plan.id);
    await world.withdraw(wrong, 'rule-wrong');
    const { store, codeVersion, deploymentId, noticeNumbers } = world;
    const deployment = { id: deploymentId, environment: 'staging' } as const;
    const retraction = await draftRetraction({ store, digests, deployment, codeVersion }, plan.id, world.author.id);
    expect((await seenBy(world.author)).wrong.map((one) => one.what)).toContain('halted');
    for (const person of world.approvers)
      await world.sayYes(person, retraction.id, { digest: retraction.digest, total: retraction.affected });
    await startRetraction(
      { store, noticeNumbers, codeVersion, digests, signatures, deploymentId },
      retraction.id,
      world.author.id,
    );
    await world.work((await world.rolloutOf(retraction.id)).no);

    const untold = await seenBy(world.author);
    expect(untold.rollouts.map((one) => one.subject)).toEqual([plan.id]);
    expect(untold.wrong).toMatchObject([
      { what: 'untold', words: expect.stringContaining(`put right by ${retraction.id}`) },
    ]);
    const left = untold.rollouts[0]?.containedUntold?.count ?? 0;
    expect(left).toBeGreaterThan(0);
    await sendCorrection({ store, noticeNumbers }, plan.id, 'late', left, world.author.id);
    await world.work(rolloutNo);
    expect(await seenBy(world.author)).toMatchObject({ rollouts: [], wrong: [] });
  });

  it('a finished rollout is off the page and stays in the list, newest first', async () => {
    const { rolloutNo, plan } = await world.startedPlan(world.addHolders(4));
    await world.work(rolloutNo);
    const second = await world.startedPlan(world.addHolders(3));
    expect((await seenBy(world.author)).rollouts.map((one) => one.subject)).toEqual([second.plan.id]);
    const all = await listRollouts(world, 10, null);
    expect(all.map(({ subject, tracks }) => [subject, tracks.map((track) => track.phase)])).toEqual([
      [second.plan.id, ['running', 'running']],
      [plan.id, ['finished', 'finished']],
    ]);
    const [newest] = await listRollouts(world, 1, null);
    expect((await listRollouts(world, 10, newest?.no ?? 0)).map((one) => one.subject)).toEqual([plan.id]);
  });
});
