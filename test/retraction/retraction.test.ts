import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { signatures } from '../../src/adapters/crypto/signing-key.ts';
import { draftRetraction } from '../../src/app/retraction/draft-retraction.ts';
import { startRetraction } from '../../src/app/retraction/start-retraction.ts';
import type { StartRetractionResult } from '../../src/app/retraction/start-retraction.ts';
import type { RunPermitDeps } from '../../src/app/rollout/run-permit.ts';
import { takePermit } from '../../src/app/rollout/take-permit.ts';
import { restoreStateOf } from '../../src/domain/action/restore-outcome.ts';
import { deliveryByte } from '../../src/domain/notice/delivery-state.ts';
import type { DeliveryState } from '../../src/domain/notice/delivery-state.ts';
import type { FrozenPlan } from '../../src/domain/plan/frozen-plan.ts';
import type { FrozenRetraction } from '../../src/domain/retraction/frozen-retraction.ts';
import type { AccountId } from '../../src/domain/shared/ids.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { oldPassword, withRolloutWorlds } from '../support/rollout-world.ts';
import type { Person, RolloutWorld } from '../support/rollout-world.ts';

const openWorld = withRolloutWorlds(withTestPostgres());
const oneWave = { order: 'contain-first', containWaveSizes: [1_000], tellWaveSizes: [1_000] } as const;
let world: RolloutWorld;

beforeAll(async () => {
  world = await openWorld();
  return () => world.close();
});

afterEach(() => world.setAsideRollouts());

/** A sender of whom the test says what each account's notice came to. */
function sends(outcomeOf: (account: AccountId) => DeliveryState): Partial<RunPermitDeps> {
  return {
    sendPermit: async (_plan, { permit }) => {
      const members = await world.store.transact((tx) =>
        tx.rollouts.mailMembers(permit.rolloutNo, permit.track, permit.fromOrdinal, permit.size),
      );
      const outcome = Uint8Array.from(permit.outcome);
      for (const member of members) {
        const index = member.ordinal - permit.fromOrdinal;
        if (outcome[index] === deliveryByte('claimed')) outcome[index] = deliveryByte(outcomeOf(member.accountId));
      }
      return { outcome, notes: [], peerAway: false };
    },
  };
}

/** A plan over these batches that ran to its end, and then was halted or finished. */
async function ran(
  batches: readonly `batch_${number}`[],
  outcomeOf: (account: AccountId) => DeliveryState = () => 'accepted',
): Promise<FrozenPlan> {
  const plan = await world.draft(batches, oneWave);
  await world.approve(plan);
  const rolloutNo = await world.start(plan);
  await world.work(rolloutNo, sends(outcomeOf));
  await world.halt(plan.id);
  return plan;
}

function draft(plan: FrozenPlan, author: Person = world.author): Promise<FrozenRetraction> {
  return draftRetraction(
    {
      store: world.store,
      digests,
      deployment: { id: world.deploymentId, environment: 'staging' },
      codeVersion: world.codeVersion,
    },
    plan.id,
    author.id,
  );
}

function start(retraction: FrozenRetraction): Promise<StartRetractionResult> {
  const { store, noticeNumbers, codeVersion, deploymentId } = world;
  return startRetraction(
    { store, noticeNumbers, codeVersion, digests, signatures, deploymentId },
    retraction.id,
    world.author.id,
  );
}

async function approve(retraction: FrozenRetraction, people: readonly Person[] = world.approvers): Promise<void> {
  const what = { digest: retraction.digest, total: retraction.affected };
  for (const person of people) await world.sayYes(person, retraction.id, what);
}

async function started(retraction: FrozenRetraction): Promise<number> {
  await approve(retraction);
  const result = await start(retraction);
  if (result.kind !== 'started') throw new Error('it waits for approvals');
  return result.rolloutNo;
}

async function decisions(retraction: FrozenRetraction): Promise<ReadonlyMap<string, string>> {
  const lines = await world.store.transact((tx) => tx.retractions.targets(retraction.id, 0, 1_000));
  return new Map(lines.map((line) => [line.accountId, line.decision]));
}

function canSignIn(id: AccountId): boolean {
  return world.directory.signIn(id, oldPassword) !== null;
}

async function lettersOf(rolloutNo: number): Promise<readonly (readonly [string, string, boolean])[]> {
  const members = await world.store.transact((tx) => tx.rollouts.mailMembers(rolloutNo, 'correct', 0, 1_000));
  return members.map((one) => [one.accountId, one.templateKind, one.conditional] as const);
}

describe('a retraction', () => {
  test('gives back without the holder’s act for as much longer as the rollout was paused, and a halt over a pause counts once', async () => {
    const [early, late] = world.addHolders(2) as [AccountId, AccountId];
    const wrong = await world.addBatch([early, late], { class: 'observed' });
    const plan = await ran([wrong]);
    await world.withdraw(wrong, 'rule-wrong');
    const { rows } = await world.pool.query<{ no: number }>(
      `SELECT no FROM rollout WHERE kind = 'plan' AND subject_no = $1`,
      [plan.id.replace('plan_', '')],
    );
    const ago = (account: AccountId, hours: number): Promise<unknown> =>
      world.pool.query(
        `UPDATE restore_point SET contained_at = clock_timestamp() - $2 * interval '1 hour' WHERE account_id = $1`,
        [account, hours],
      );
    await ago(early, 95);
    await ago(late, 85);
    await expect(draft(plan)).rejects.toMatchObject({ message: expect.stringContaining('2 restore-window-passed') });
    await world.pool.query(
      `INSERT INTO pause (rollout_no, paused_by, reason, paused_at, ended_at)
       SELECT $1, 1, 'the support desk is full', clock_timestamp() - interval '60 hours', clock_timestamp() - interval '40 hours'`,
      [rows[0]?.no],
    );
    await world.pool.query(
      `INSERT INTO halt_period (rollout_no, track, halted_at, resumed_at)
       VALUES ($1, 'contain', clock_timestamp() - interval '50 hours', clock_timestamp() - interval '40 hours')`,
      [rows[0]?.no],
    );
    // 20 hours and not 30: 75 of the first one's count, and 65 of the second one's.
    expect(await decisions(await draft(plan))).toEqual(
      new Map([
        [early, 'person'],
        [late, 'restore'],
      ]),
    );
  });

  test('of a mixture gives back exactly the passwords that nothing else speaks of, byte for byte', async () => {
    const [a, b, c, d, e] = world.addHolders(5) as [AccountId, AccountId, AccountId, AccountId, AccountId];
    const before = new Map([a, b, c, d, e].map((id) => [id, world.directory.credentialOf(id)]));
    const wrong = await world.addBatch([a, b, c], { class: 'observed' });
    const right = await world.addBatch([c, d]);
    const other = await world.addBatch([b], { class: 'observed' });
    const doubted = await world.addBatch([e]);
    const plan = await ran([wrong, right, doubted]);
    expect([a, b, c, d, e].map(canSignIn)).toEqual([false, false, false, false, false]);
    await world.withdraw(wrong, 'rule-wrong');
    await world.withdraw(doubted, 'source-doubted');

    const retraction = await draft(plan);
    expect(Object.fromEntries(await decisions(retraction))).toEqual({
      [a]: 'restore',
      [b]: 'keep',
      [c]: 'keep',
      [d]: 'keep',
      [e]: 'person',
    });
    const rolloutNo = await started(retraction);
    await world.work(rolloutNo);
    expect([a, b, c, d, e].map(canSignIn)).toEqual([true, false, false, false, false]);
    expect(world.directory.credentialOf(a)).toBe(before.get(a));
    expect(await lettersOf(rolloutNo)).toEqual([[a, 'final', false]]);

    // The other rule was wrong too: now b, and nobody twice.
    await world.withdraw(other, 'rule-wrong');
    const second = await draft(plan);
    expect((await decisions(second)).get(b)).toBe('restore');
    expect((await decisions(second)).has(a)).toBe(false);
    const secondNo = await started(second);
    await world.work(secondNo);
    expect([a, b, c].map(canSignIn)).toEqual([true, true, false]);
    expect(await lettersOf(secondNo)).toEqual([[b, 'final', false]]);
    expect(world.directory.credentialOf(b)).toBe(before.get(b));
    expect((await world.verifyLedger()).whole).toBe(true);
  });

  test('holds a restore when new evidence comes between its freeze and the moment itself', async () => {
    const [a, b, c] = world.addHolders(3) as [AccountId, AccountId, AccountId];
    const batch = await world.addBatch([a, b, c], { class: 'observed' });
    const plan = await ran([batch]);
    await world.withdraw(batch, 'rule-wrong');
    const rolloutNo = await started(await draft(plan));
    // Still being imported: it holds all the same.
    await world.addBatch([{ account: a, class: 'observed' }], { class: 'observed', finished: false });
    // Taken back again, for a cause that does not say that it was wrong.
    const doubted = await world.addBatch([b], { class: 'observed' });
    await world.withdraw(doubted, 'source-doubted');
    await world.work(rolloutNo);
    expect([a, b, c].map(canSignIn)).toEqual([false, false, true]);
    const words = (await world.outcomes(rolloutNo, 'restore')).map(restoreStateOf);
    expect(words.toSorted()).toEqual(['held-by-evidence', 'held-by-evidence', 'restored']);
  });

  test('never overwrites a password that its holder has chosen since', async () => {
    const [a, b] = world.addHolders(2) as [AccountId, AccountId];
    const batch = await world.addBatch([a, b], { class: 'observed' });
    const plan = await ran([batch]);
    await world.withdraw(batch, 'rule-wrong');
    const retraction = await draft(plan);
    const rolloutNo = await started(retraction);
    world.directory.resetByMail(a, 'one of my own');
    const chosen = world.directory.credentialOf(a);
    await world.work(rolloutNo);
    expect(world.directory.credentialOf(a)).toBe(chosen);
    expect([canSignIn(a), canSignIn(b)]).toEqual([false, true]);
  });

  test('sends the final correction once, to exactly those whom the wrong notice reached or may have reached', async () => {
    const holders = world.addHolders(7);
    const states: readonly DeliveryState[] = [
      'accepted',
      'unknown',
      'refused',
      'withheld',
      'accepted',
      'unknown',
      'accepted',
    ];
    const stateOf = (id: AccountId): DeliveryState => states[holders.indexOf(id)] ?? 'accepted';
    const wrong = await world.addBatch(holders, { class: 'observed' });
    // The last holder is protected by something else, and is owed no "we were wrong".
    const right = await world.addBatch([holders[6] as AccountId]);
    const plan = await ran([wrong, right], stateOf);
    await world.withdraw(wrong, 'rule-wrong');
    const retraction = await draft(plan);
    const rolloutNo = await started(retraction);
    const letters = await lettersOf(rolloutNo);
    expect(new Map(letters.map(([id, kind, conditional]) => [id, `${kind} ${conditional}`]))).toEqual(
      new Map([
        [holders[0], 'final false'],
        [holders[1], 'final true'],
        [holders[4], 'final false'],
        [holders[5], 'final true'],
      ]),
    );
    await world.work(rolloutNo);
    expect(holders.slice(0, 6).map(canSignIn)).toEqual(Array.from({ length: 6 }, () => true));
    expect(canSignIn(holders[6] as AccountId)).toBe(false);
    // All is done: nothing is left that a second retraction could do, or say again.
    await expect(draft(plan)).rejects.toMatchObject({ code: 'nothing-selected' });
  });

  test('of 25 accounts takes one person, its author too; of 26 two others', async () => {
    const batch = await world.addBatch(world.addHolders(26), { class: 'observed' });
    const holders = await world.store.transact((tx) =>
      tx.evidence.pageOfBatch(batch, { classes: ['observed'], states: ['live'], after: null, limit: 100 }),
    );
    const plan = await ran([batch]);
    await world.withdraw(
      batch,
      'rule-wrong',
      holders.slice(0, 25).map((row) => row.accountId),
    );
    const small = await draft(plan);
    expect(small.affected).toBe(25);
    expect(await start(small)).toEqual({ kind: 'waiting', have: 0, required: 1 });
    await world.withdraw(batch, 'rule-wrong', [holders[25]?.accountId as AccountId]);
    const large = await draft(plan);
    expect(large.affected).toBe(26);
    await approve(large, [world.approvers[0]]);
    expect(await start(large)).toEqual({ kind: 'waiting', have: 1, required: 2 });
    await approve(large, [world.author]);
    expect(await start(large)).toEqual({ kind: 'waiting', have: 1, required: 2 });
    await approve(small, [world.author]);
    expect((await start(small)).kind).toBe('started');
    await approve(large, [world.approvers[1]]);
    // The same people are owed a letter by the smaller one now; nobody is written to twice.
    await expect(start(large)).rejects.toThrow();
  });

  test('is not drawn up while the plan can still act, and not started while it does again', async () => {
    const batch = await world.addBatch(world.addHolders(4), { class: 'observed' });
    const plan = await world.draft([batch], oneWave);
    await world.approve(plan);
    await expect(draft(plan)).rejects.toMatchObject({ code: 'not-found' });
    const rolloutNo = await world.start(plan);
    await world.advance(rolloutNo);
    await expect(draft(plan)).rejects.toMatchObject({ code: 'not-halted' });
    await world.hearSensor();
    await takePermit(world.runDeps(), rolloutNo, 'contain');
    await world.halt(plan.id);
    await expect(draft(plan)).rejects.toMatchObject({ code: 'not-drained' });
  });

  test('reaches whoever was quarantined by a worker that was lost before it could say so', async () => {
    const [a] = world.addHolders(1) as [AccountId];
    const batch = await world.addBatch([a], { class: 'observed' });
    const plan = await world.draft([batch], oneWave);
    await world.approve(plan);
    const rolloutNo = await world.start(plan);
    await world.advance(rolloutNo);
    await world.hearSensor();
    // The swap arrives, and the worker with its findings is gone.
    let isGone = false;
    const { store } = world;
    const dying: Partial<RunPermitDeps> = {
      store: {
        transact: async (work) => {
          if (isGone) throw new Error('the process is gone');
          const answer = await store.transact(work);
          isGone = !canSignIn(a);
          return answer;
        },
      },
    };
    await world.run(rolloutNo, 'contain', dying).catch(() => undefined);
    expect(canSignIn(a)).toBe(false);
    await world.halt(plan.id);
    await world.expirePermits();
    await world.recover();
    await world.withdraw(batch, 'rule-wrong');
    const retraction = await draft(plan);
    expect((await decisions(retraction)).get(a)).toBe('restore');
    await world.work(await started(retraction));
    expect(canSignIn(a)).toBe(true);
  });

  test('whose lines or plan were changed in the database after the yes does not start', async () => {
    const batch = await world.addBatch(world.addHolders(3), { class: 'observed' });
    const plan = await ran([batch]);
    await world.withdraw(batch, 'rule-wrong');
    const retraction = await draft(plan);
    await approve(retraction);
    await world.pool.query(
      `UPDATE retraction_target SET decision = 'keep', restore_ordinal = NULL WHERE retraction_no = $1 AND ordinal = 2`,
      [Number(retraction.id.slice('retraction_'.length))],
    );
    await expect(start(retraction)).rejects.toMatchObject({ code: 'digest-mismatch' });
  });

  test('has a halt of its own, and the plan stays halted', async () => {
    const [a, b] = world.addHolders(2) as [AccountId, AccountId];
    const batch = await world.addBatch([a, b], { class: 'observed' });
    const plan = await ran([batch]);
    await world.withdraw(batch, 'rule-wrong');
    const retraction = await draft(plan);
    const rolloutNo = await started(retraction);
    await world.halt(retraction.id);
    await world.work(rolloutNo);
    expect([canSignIn(a), canSignIn(b)]).toEqual([false, false]);
    expect((await world.tracks(rolloutNo)).every((track) => track.phase === 'halted')).toBe(true);
  });
});

test('a plan that is resumed after some of its evidence was withdrawn takes nothing from those people', async () => {
  const [a, b] = world.addHolders(2) as [AccountId, AccountId];
  const batch = await world.addBatch([a, b], { class: 'observed' });
  const plan = await world.draft([batch], oneWave);
  await world.approve(plan);
  const rolloutNo = await world.start(plan);
  await world.advance(rolloutNo);
  await world.halt(plan.id);
  await world.withdraw(batch, 'rule-wrong', [a]);
  await world.agreeToResume(plan);
  await world.resume(plan.id);
  await world.work(
    rolloutNo,
    sends(() => 'accepted'),
  );
  expect([canSignIn(a), canSignIn(b)]).toEqual([true, false]);
});

test('the ledger is whole after all of this', async () => {
  expect(await world.verifyLedger()).toMatchObject({ whole: true, findings: [] });
});
