import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { exportSubject } from '../../src/app/subject/export-subject.ts';
import { eraseSubject } from '../../src/app/subject/erase-subject.ts';
import type { Directory } from '../../src/app/ports/directory.ts';
import { countSignIns } from '../../src/app/rollout/count-sign-ins.ts';
import { readRolloutStatus } from '../../src/app/rollout/read-status.ts';
import { runRetention } from '../../src/app/retention/run-retention.ts';
import type { GateVerdict } from '../../src/domain/rollout/decide-next-step.ts';
import type { FrozenPlan } from '../../src/domain/plan/frozen-plan.ts';
import { recomputePlan } from '../../src/domain/plan/recompute-plan.ts';
import { accountId } from '../../src/domain/shared/ids.ts';
import type { AccountId } from '../../src/domain/shared/ids.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { oldPassword, withRolloutWorlds } from '../support/rollout-world.ts';
import type { RolloutWorld } from '../support/rollout-world.ts';

const openWorld = withRolloutWorlds(withTestPostgres());
const newPassword = 'sparrow in the attic 4';
/** Two waves of thirty, looked at as soon as they are told. */
const limits = {
  tellWaveSizes: [30, 30],
  containWaveSizes: [100],
  signInAgesSeconds: [0],
  budgetFloor: 5_000,
} as const;
let world: RolloutWorld;

beforeAll(async () => {
  world = await openWorld();
  return () => world.close();
});

async function groupOf(plan: FrozenPlan, of = world): Promise<readonly AccountId[]> {
  const rows = await of.store.transact((tx) => tx.controls.rows(plan.id));
  return rows.flatMap(({ accountId: id }) => (id === null ? [] : [id]));
}

/** Works until the notices of a wave are out and nothing was judged since. */
async function untilTold(rolloutNo: number, wave: number): Promise<void> {
  for (let round = 0; round < 200; round += 1) {
    await world.hearSensor();
    await world.advance(rolloutNo);
    const tell = await world.track(rolloutNo, 'tell');
    if (tell.wavesOpened === wave && tell.waveSettledAt !== null) return;
    for (const { track, phase } of await world.tracks(rolloutNo))
      if (phase === 'running') await world.run(rolloutNo, track);
  }
  throw new Error(`wave ${wave} was never told`);
}

async function countAll(directory: Directory = world.directory): Promise<number> {
  let counted = 0;
  while (await countSignIns({ store: world.store, directory })) counted += 1;
  return counted;
}

async function gate(plan: FrozenPlan): Promise<GateVerdict | undefined> {
  const status = await readRolloutStatus(world, plan.id);
  return status.tracks.find(({ track }) => track === 'tell')?.gates.find((one) => one.gate === 'recoveries');
}

async function wavePeople(plan: FrozenPlan, from: number, count: number): Promise<readonly AccountId[]> {
  const targets = await world.store.transact((tx) => tx.plans.targets(plan.id, from, count));
  return targets.map((target) => accountId(target.accountId));
}

test('the group is of people whom no evidence names, nobody protects and no plan holds, and nothing is done to them', async () => {
  const own = await openWorld();
  const named = own.addHolders(40);
  const free = own.addHolders(40);
  const german = own.addHolders(30, 'de');
  const seen = own.addHolders(10);
  await own.addBatch(seen.map((account) => ({ account, class: 'weak' })));
  const one = { password: oldPassword, language: 'en' };
  const staff = Array.from({ length: 10 }, (_, no) =>
    own.directory.addHolder({ ...one, id: `s${no}`, address: `s${no}@mail.test`, protectedAs: 'staff' }),
  );
  const social = own.directory.addHolder({ ...one, id: 'social', address: 'social@mail.test', password: null });
  const long = own.addHolders(10);
  const sessions = [...free, ...named, ...german, ...seen, ...staff].map((id) => own.directory.signIn(id, oldPassword));
  const before = free.map((id) => own.directory.credentialOf(id));

  const { plan, rolloutNo, batch } = await own.startedPlan(named, limits);
  const group = await groupOf(plan, own);
  // All of them, and nobody else: neither staff, nor who speaks another language or was away for years.
  expect(group.toSorted()).toEqual(free.toSorted());
  for (const id of [social, ...long]) expect(group).not.toContain(id);
  expect(plan.header.control?.total).toBe(40);
  // In the order of a key that nobody chose: not in that of the directory.
  expect(group).not.toEqual(free);

  await own.work(rolloutNo);
  expect(free.map((id) => own.directory.credentialOf(id))).toEqual(before);
  expect(sessions.slice(0, 40).every((session) => session !== null && own.directory.isAlive(session))).toBe(true);
  const { rows } = await own.pool.query(`SELECT FROM ledger_personal WHERE value = ANY($1)`, [group]);
  expect(rows).toEqual([]);
  // Nor those whose password a plan holds, although nothing speaks of them any more.
  await own.withdraw(batch, 'rule-wrong');
  const others = own.addHolders(20);
  for (const id of others) own.directory.signIn(id, oldPassword);
  const second = await own.startedPlan(others, { ...limits, budgetFloor: 5_000 });
  const drawn = await groupOf(second.plan, own);
  expect(drawn).toHaveLength(20);
  for (const id of drawn) expect(free).toContain(id);
  await own.close();
});

test('the digest that people approve covers the group, and an export with or without one verifies', async () => {
  world.addHolders(40);
  const batch = await world.addBatch(world.addHolders(20));
  const plan = await world.draft([batch], limits);
  world.directory.capabilities = { ...world.directory.capabilities, lastSignIn: false };
  const without = await world.draft([batch], limits);
  world.directory.capabilities = { ...world.directory.capabilities, lastSignIn: true };
  expect(plan.header.control?.total).toBe(20);
  expect(without.header.control).toBeUndefined();
  for (const one of [plan, without]) {
    const lines = await world.export(one);
    expect((await recomputePlan(digests, asStream(lines))).digest).toBe(one.digest);
    const script = resolve(import.meta.dirname, '../../tools/plan-digest.mjs');
    const said = execFileSync(process.execPath, [script], {
      input: lines.map((line) => JSON.stringify(line)).join('\n'),
    });
    expect(said.toString().trim()).toBe(one.digest);
  }
  const [stranger] = world.addHolders(1);
  await world.approve(plan);
  await world.pool.query('UPDATE plan_control SET account_id = $1 WHERE ordinal = 3', [stranger]);
  await expect(world.start(plan)).rejects.toMatchObject({
    code: 'digest-mismatch',
    facts: { changed: ['control group'] },
  });
});

test('a wave that cannot get back in holds the next one, until two people go on; those who were only looked at can', async () => {
  world.addHolders(80);
  const { plan, rolloutNo } = await world.startedPlan(world.addHolders(60), limits);
  await untilTold(rolloutNo, 1);
  expect(await gate(plan)).toMatchObject({ result: 'pass', reason: expect.stringContaining('not measured yet') });
  // Recovery is broken: of the wave nobody has a password that works. Of the others every second one comes by.
  for (const id of await wavePeople(plan, 0, 30)) expect(world.directory.signIn(id, oldPassword)).toBeNull();
  for (const id of (await groupOf(plan)).slice(0, 30)) world.directory.signIn(id, oldPassword);
  expect(await countAll()).toBe(1);

  expect(await gate(plan)).toMatchObject({
    result: 'inconclusive',
    reason: expect.stringMatching(
      /wave 1.*0 of 30 signed in again \(0\.0 %\), 30 of 60 of the control group \(50\.0 %\)/,
    ),
    cause: { word: 'fewer-back', count: 15 },
  });
  await world.work(rolloutNo);
  const held = await world.track(rolloutNo, 'tell');
  expect(held).toMatchObject({ phase: 'running', wavesOpened: 1 });
  expect(held.reasons.join()).toContain('recoveries: wave 1');
  const { signIns } = await readRolloutStatus(world, plan.id);
  expect(signIns?.counts[0]).toMatchObject({
    taken: { people: 30, signedIn: 0, control: 60, controlSignedIn: 30 },
    verdict: { kind: 'hold', short: 15 },
  });

  await world.halt(plan.id);
  await world.agreeToGoOn(plan);
  expect((await world.resume(plan.id)).kind).toBe('resumed');
  await world.work(rolloutNo);
  expect((await world.track(rolloutNo, 'tell')).wavesOpened).toBe(2);
});

test('a wave that comes back as others come in goes on, and says what it could have caught', async () => {
  world.addHolders(80);
  const { plan, rolloutNo } = await world.startedPlan(world.addHolders(60), limits);
  await untilTold(rolloutNo, 1);
  for (const id of (await wavePeople(plan, 0, 30)).slice(0, 20)) {
    world.directory.resetByMail(id, newPassword);
    expect(world.directory.signIn(id, newPassword)).not.toBeNull();
  }
  for (const id of (await groupOf(plan)).slice(0, 30)) world.directory.signIn(id, oldPassword);
  await countAll();
  expect(await gate(plan)).toMatchObject({
    result: 'pass',
    reason: expect.stringMatching(/20 of 30 signed in again .* would have caught a gap of [0-9.]+ points or more/),
  });
  await world.work(rolloutNo);
  expect((await world.track(rolloutNo, 'tell')).phase).toBe('finished');
});

test('a directory that cannot say when anybody signed in holds nothing, and the status says why', async () => {
  world.directory.capabilities = { ...world.directory.capabilities, lastSignIn: false };
  const { plan, rolloutNo } = await world.startedPlan(world.addHolders(40), limits);
  await untilTold(rolloutNo, 1);
  expect(await countAll()).toBe(0);
  expect(await gate(plan)).toMatchObject({
    result: 'pass',
    reason: expect.stringContaining('the plan has no control group'),
  });
  expect((await readRolloutStatus(world, plan.id)).signIns).toMatchObject({ control: 0, counts: [] });
  world.directory.capabilities = { ...world.directory.capabilities, lastSignIn: true };
  await world.work(rolloutNo);
  expect((await world.track(rolloutNo, 'tell')).phase).toBe('finished');
});

test('a count that a directory does not answer is due still, and two workers take it once', async () => {
  world.addHolders(80);
  const { plan, rolloutNo } = await world.startedPlan(world.addHolders(30), limits);
  await countAll();
  await untilTold(rolloutNo, 1);
  world.directory.available = false;
  await expect(countAll()).rejects.toMatchObject({ code: 'directory-unavailable' });
  world.directory.available = true;
  // Whoever failed at it may have died: nobody else takes it before its time is over.
  expect(await countAll()).toBe(0);
  await world.pool.query(`UPDATE sign_in_count SET claimed_until = clock_timestamp() - interval '1 s'`);
  const taken = await Promise.all([1, 2, 3].map(() => countSignIns(world)));
  expect(taken.filter(Boolean)).toHaveLength(1);
  const { rows } = await world.pool.query(
    `SELECT body FROM ledger_entry WHERE chain = $1 AND event = 'control.counted'`,
    [`rollout:${rolloutNo}`],
  );
  expect(rows).toHaveLength(1);
  expect(JSON.stringify(rows)).not.toContain((await groupOf(plan))[0]);
});

test('somebody of the group can ask what is held of them and have it erased, and the plan runs on', async () => {
  world.addHolders(60);
  const batch = await world.addBatch(world.addHolders(30));
  const plan = await world.draft([batch], limits);
  await world.approve(plan);
  const [one] = await groupOf(plan);
  if (one === undefined) throw new Error('nobody is in the group');
  const exported = await exportSubject(subjectDeps(), one, world.author.id);
  expect(exported.control.map((each) => each.plan)).toContain(plan.id);
  const erased = await eraseSubject(subjectDeps(), one, world.author.id);
  expect(erased.controlGroups).toBeGreaterThanOrEqual(1);
  expect(await groupOf(plan)).not.toContain(one);
  const rolloutNo = await world.start(plan);
  await world.work(rolloutNo);
  await countAll();
  const { signIns } = await readRolloutStatus(world, plan.id);
  expect(signIns?.counts[0]?.taken?.control).toBe(29);
});

function subjectDeps() {
  const { store, directory, seal, noticeNumbers } = world;
  return { store, directory, seal, noticeNumbers, digests };
}

async function* asStream<T>(items: readonly T[]): AsyncIterable<T> {
  for (const item of items) yield item;
}

test('unaffected people are forgotten once there is nothing left to count', async () => {
  world.addHolders(60);
  const { plan, rolloutNo } = await world.startedPlan(world.addHolders(10), {
    ...limits,
    signInAgesSeconds: [0, 3_600],
  });
  await world.work(rolloutNo);
  await countAll();
  const run = () =>
    runRetention(
      {
        store: world.store,
        directory: world.directory,
        seal: world.seal,
        digests,
        deployment: world.deploymentId,
        clock: world.clock,
        keepAddressDays: 90,
        isStopping: () => false,
      },
      'retention',
    );
  await run();
  expect(await groupOf(plan)).toHaveLength(10);
  await world.pool.query(`UPDATE sign_in_count SET due_at = clock_timestamp() - interval '1 s'`);
  await countAll();
  await run();
  expect(await groupOf(plan)).toEqual([]);
  expect((await readRolloutStatus(world, plan.id)).signIns?.counts).toHaveLength(2);
});
