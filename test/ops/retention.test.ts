import { beforeEach, expect, test } from 'vitest';
import { openRestorePoint } from '../../src/app/action/open-restore-point.ts';
import { openSealedHash } from '../../src/app/action/open-sealed-hash.ts';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { planWithdrawal } from '../../src/app/evidence/plan-withdrawal.ts';
import { checkNotice } from '../../src/app/notice/check-notice.ts';
import { requireUnchanged } from '../../src/app/plan/require-unchanged.ts';
import { showPlan } from '../../src/app/plan/show-plan.ts';
import type { RestorePoint } from '../../src/app/ports/restore-point-store.ts';
import { previewRetention, runRetention } from '../../src/app/retention/run-retention.ts';
import { countUntold } from '../../src/app/rollout/count-untold.ts';
import type { RetentionReport } from '../../src/app/retention/run-retention.ts';
import { numberOf } from '../../src/domain/shared/ids.ts';
import type { AccountId, BatchId, PlanId } from '../../src/domain/shared/ids.ts';
import type { FrozenPlan } from '../../src/domain/plan/frozen-plan.ts';
import { withCampaign } from '../read/with-campaign.ts';
import { leakedPassword } from '../support/campaign.ts';

const campaign = withCampaign();
const nothing = { recovered: 0, plans: [], closed: [], batches: [], addresses: [] };

beforeEach(async () => {
  // Whatever earlier tests left is set aside, as if it were destroyed long ago.
  await campaign().pool.query(
    `UPDATE plan_key SET wrapped = '', destroyed_at = clock_timestamp() WHERE destroyed_at IS NULL`,
  );
  await campaign().pool.query(
    `UPDATE restore_point SET sealed = '', state = 'destroyed', closed_at = coalesce(closed_at, clock_timestamp())`,
  );
  await campaign().pool.query(`UPDATE evidence SET sealed_lines = '' WHERE sealed_lines IS NOT NULL`);
  await campaign().pool.query(`INSERT INTO plan_addresses_erased SELECT no FROM plan ON CONFLICT DO NOTHING`);
});

function deps(now = new Date()) {
  const { deps: own, deploymentId } = campaign();
  return {
    ...own,
    deployment: deploymentId,
    clock: { now: () => now, monotonicMs: () => 0 },
    keepAddressDays: 60,
    isStopping: () => false,
  };
}

const run = (): Promise<RetentionReport> => runRetention(deps(), 'retention');

/** Time passes: everything that the database remembers of these rollouts and points happened so many days earlier. */
async function daysPass(days: number): Promise<void> {
  for (const [table, column] of [
    ['track', 'wave_settled_at'],
    ['track', 'halted_at'],
    ['restore_point', 'closed_at'],
    ['evidence_batch', 'finished_at'],
  ])
    await campaign().pool.query(`UPDATE ${table} SET ${column} = ${column} - make_interval(days => $1)`, [days]);
}

/** A plan that contained everybody and came to its end. */
async function finished(batches: readonly BatchId[]): Promise<FrozenPlan> {
  const c = campaign();
  const { plan, rollout } = await c.begun(batches);
  await c.contain(plan.id, rollout);
  await c.store.transact(async (tx) => {
    await tx.rollouts.markWaveSettled(rollout, 'contain');
    for (const { track } of await tx.rollouts.tracks(rollout))
      await tx.rollouts.setPhase(rollout, track, 'finished', []);
  });
  return plan;
}

function pointsOf(plan: PlanId): Promise<readonly RestorePoint[]> {
  return campaign().store.transact((tx) => tx.restorePoints.pageOfPlan(plan, 0, 1_000));
}

/** As the holder does at the service: "forgot password", then a new one. */
function choosesNewer(account: AccountId): void {
  campaign().directory.resetByMail(account, `a newer one of ${account}`);
}

test('nothing that a closed plan sealed opens afterwards, and none of it is left in any table', async () => {
  const c = campaign();
  const people = c.holders(4);
  const before = people.map((id) => c.directory.credentialOf(id));
  const plan = await finished([await c.leaked(people)]);
  const sealed = await pointsOf(plan.id);
  const key = await c.store.transact((tx) => tx.restorePoints.planKey(plan.id));
  const dep = { seal: c.seal, deployment: c.deploymentId };
  expect(await openRestorePoint(dep, key, sealed[0]!)).toBe(before[people.indexOf(sealed[0]!.accountId)]);

  const secrets = [...sealed.map((point) => point.sealed), key?.wrapped ?? new Uint8Array()];
  expect(await tablesHolding(secrets)).toEqual(['plan_key', 'restore_point']);

  await daysPass(31);
  expect((await run()).plans).toEqual([{ plan: plan.id, destroyed: 4 }]);

  const keyAfter = await c.store.transact((tx) => tx.restorePoints.planKey(plan.id));
  for (const point of await pointsOf(plan.id)) {
    expect(point).toMatchObject({ state: 'destroyed', closedBy: 'retention' });
    expect(point.sealed).toHaveLength(0);
    await expect(openRestorePoint(dep, keyAfter, point)).rejects.toMatchObject({ code: 'key-missing' });
    expect(
      await openSealedHash({ ...dep, store: c.store, directoryName: 'people' }, point.accountId, point.id),
    ).toBeNull();
  }
  // Not even with a copy of the sealed bytes that somebody kept: the key is gone.
  for (const copy of sealed)
    await expect(openRestorePoint(dep, keyAfter, copy)).rejects.toMatchObject({ code: 'key-missing' });
  expect(await tablesHolding(secrets)).toEqual([]);
  expect(await c.ledgerEvents()).toContain('plan.closed');
  expect(people.map((id) => c.directory.signIn(id, leakedPassword))).toEqual([null, null, null, null]);
});

test('a plan is kept to the last restore date that it shows, and not a day longer', async () => {
  const c = campaign();
  const plan = await finished([await c.leaked(c.holders(2))]);
  const shown = async () => (await showPlan(c.deps, plan.id)).lastRestoreAt;
  await daysPass(29);
  expect((await shown())!.getTime()).toBeGreaterThan(Date.now());
  expect(await run()).toEqual(nothing);
  await daysPass(1);
  const last = await shown();
  expect(last!.getTime()).toBeLessThanOrEqual(Date.now());
  expect((await previewRetention(deps())).plans).toEqual([{ plan: plan.id, sealed: 2, lastRestoreAt: last }]);
  expect((await run()).plans).toEqual([{ plan: plan.id, destroyed: 2 }]);
  expect(await run()).toEqual(nothing);
});

test('looking at what is due destroys nothing', async () => {
  const c = campaign();
  const plan = await finished([await c.leaked(c.holders(1))]);
  await daysPass(40);
  const due = await previewRetention(deps());
  expect(due.plans).toHaveLength(1);
  expect(await previewRetention(deps())).toEqual(due);
  expect((await pointsOf(plan.id))[0]?.sealed.length).toBeGreaterThan(0);
});

test('a plan that runs, or was halted less long ago, loses nothing however old its waves are', async () => {
  const c = campaign();
  const { plan, rollout } = await c.begun([await c.leaked(c.holders(1))]);
  await c.contain(plan.id, rollout);
  await c.store.transact((tx) => tx.rollouts.markWaveSettled(rollout, 'contain'));
  await daysPass(100);
  expect(await run()).toEqual(nothing);
  await c.halt(plan.id);
  await daysPass(29);
  expect(await run()).toEqual(nothing);
  await daysPass(1);
  expect((await run()).plans).toHaveLength(1);
});

test('a plan that is being taken back loses nothing before that is over', async () => {
  const c = campaign();
  const people = c.holders(2);
  const batch = await c.observed(people);
  const { plan, rollout } = await c.begun([batch]);
  await c.contain(plan.id, rollout);
  await c.halt(plan.id);
  await c.withdraw(batch, 'rule-wrong');
  const { retraction, rollout: undoing } = await c.retract(plan.id);
  await daysPass(60);
  expect(await run()).toEqual(nothing);
  await c.restore(retraction, undoing);
  expect(people.every((id) => c.directory.signIn(id, leakedPassword) !== null)).toBe(true);
  await c.store.transact(async (tx) => {
    for (const { track } of await tx.rollouts.tracks(undoing))
      await tx.rollouts.setPhase(undoing, track, 'finished', []);
  });
  expect((await run()).plans).toHaveLength(1);
});

test('the old password of somebody who chose a newer one is kept a week from when that was seen, others are kept', async () => {
  const c = campaign();
  const [came, stayed] = c.holders(2) as [AccountId, AccountId];
  const plan = await finished([await c.leaked([came, stayed])]);
  expect(await untoldOf(plan.id)).toBe(2);
  choosesNewer(came);
  expect(await run()).toMatchObject({ recovered: 1, closed: [] });
  expect(await untoldOf(plan.id)).toBe(1);
  expect(await run()).toMatchObject({ recovered: 0, closed: [] });
  await daysPass(6);
  expect(await run()).toEqual(nothing);
  await daysPass(1);
  expect((await previewRetention(deps())).closed).toEqual([{ plan: plan.id, count: 1 }]);
  expect((await run()).closed).toEqual([{ plan: plan.id, destroyed: 1 }]);
  const points = new Map((await pointsOf(plan.id)).map((point) => [point.accountId, point]));
  expect(points.get(came)).toMatchObject({ state: 'retired', closedBy: 'recovered' });
  expect(points.get(came)?.sealed).toHaveLength(0);
  expect(points.get(stayed)?.state).toBe('open');
  expect(points.get(stayed)?.sealed.length).toBeGreaterThan(0);
  expect(await c.ledgerEvents()).toContain('restore-point.destroyed');
  // Destroying a seal tells nobody and lets nobody in: who was contained and untold still is.
  expect(await untoldOf(plan.id)).toBe(1);
  await daysPass(31);
  expect((await run()).plans).toHaveLength(1);
  expect(await untoldOf(plan.id)).toBe(1);
});

test('a directory that is away delays the finding of newer passwords and nothing else', async () => {
  const c = campaign();
  const plan = await finished([await c.leaked(c.holders(1))]);
  await daysPass(31);
  c.directory.available = false;
  try {
    expect(await run()).toMatchObject({ recovered: null, plans: [{ plan: plan.id, destroyed: 1 }] });
  } finally {
    c.directory.available = true;
  }
});

test('line numbers go when the last plan on their list is closed, and not with the first', async () => {
  const c = campaign();
  const people = c.holders(3);
  const batch = await c.observed(people);
  const first = await finished([batch]);
  await daysPass(20);
  const second = await finished([batch, await c.leaked(c.holders(1))]);
  await daysPass(10);
  const one = await run();
  expect(one.plans.map((closed) => closed.plan)).toEqual([first.id]);
  expect(one.batches).toEqual([]);
  expect(await linesLeft(batch)).toBe(3);
  await daysPass(20);
  const two = await run();
  expect(two.plans.map((closed) => closed.plan)).toEqual([second.id]);
  expect(two.batches).toContainEqual({ batch, destroyed: 3 });
  expect(await linesLeft(batch)).toBe(0);
  expect(await c.ledgerEvents()).toContain('evidence.lines-destroyed');
  const byLine = planWithdrawal(c.deps, { batch, selection: { kind: 'lines', lines: [1] } });
  await expect(byLine).rejects.toMatchObject({ code: 'conflict' });
  await c.withdraw(batch, 'rule-wrong', people.slice(0, 1));
  await c.withdraw(batch, 'rule-wrong');
});

test('line numbers of a list that no plan stands on are kept a month', async () => {
  const c = campaign();
  const batch = await c.leaked(c.holders(1));
  await daysPass(29);
  expect(await run()).toEqual(nothing);
  await daysPass(1);
  expect((await run()).batches).toEqual([{ batch, destroyed: 1 }]);
});

test('a closed plan contains nobody any more: what it took could never be given back', async () => {
  const c = campaign();
  const { plan, rollout } = await c.begun([await c.leaked(c.holders(1))]);
  await c.contain(plan.id, rollout);
  await c.halt(plan.id);
  await daysPass(31);
  expect((await run()).plans).toHaveLength(1);
  const objection = await c.store.transact(async (tx) => {
    const row = await tx.rollouts.read(rollout);
    return c.deps.policy.objection(tx, row!, 'contain');
  });
  expect(objection).toContain('its key was destroyed');
  await expect(c.store.transact((tx) => c.deps.policy.requireApproved(tx, plan))).rejects.toThrow(
    'its key was destroyed',
  );
});

test('a run that is told to stop destroys nothing more, and the next one goes on', async () => {
  const c = campaign();
  await finished([await c.leaked(c.holders(1))]);
  await daysPass(31);
  expect((await runRetention({ ...deps(), isStopping: () => true }, 'retention')).plans).toEqual([]);
  expect((await run()).plans).toHaveLength(1);
});

test('a clock that jumped ahead destroys nothing', async () => {
  const c = campaign();
  const plan = await finished([await c.leaked(c.holders(1))]);
  await daysPass(31);
  const jumped = deps(new Date(Date.now() - 31 * 86_400_000));
  await expect(runRetention(jumped, 'retention')).rejects.toThrow('Nothing was destroyed');
  expect((await pointsOf(plan.id))[0]?.state).toBe('open');
});

/** Every table of ours in which one of these byte strings stands. */
async function tablesHolding(secrets: readonly Uint8Array[]): Promise<readonly string[]> {
  const { pool } = campaign();
  const { rows } = await pool.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables
     WHERE table_schema = 'allclear' AND table_type = 'BASE TABLE' ORDER BY 1`,
  );
  const holding: string[] = [];
  for (const { name } of rows) {
    const { rows: dump } = await pool.query<{ line: string }>(`SELECT t::text AS line FROM allclear."${name}" t`);
    const text = dump.map((row) => row.line).join();
    if (secrets.some((secret) => text.includes(Buffer.from(secret).toString('hex')))) holding.push(name);
  }
  return holding;
}

function untoldOf(plan: PlanId): Promise<number> {
  return campaign().store.transact(async (tx) => {
    const rollout = await tx.rollouts.find('plan', numberOf(plan));
    return (await countUntold(tx, rollout!.no, 24, new Date())).count;
  });
}

async function linesLeft(batch: BatchId): Promise<number> {
  const { rows } = await campaign().pool.query<{ count: number }>(
    'SELECT count(*) FROM evidence WHERE batch_no = $1 AND octet_length(sealed_lines) > 0',
    [numberOf(batch)],
  );
  return Number(rows[0]?.count);
}

test('addresses of a closed plan are erased in their time, and its holder is still told that the mail was sent to them', async () => {
  const c = campaign();
  const account = c.holder({ id: 'mixed', address: 'Mixed.Case@Mail.test' });
  const { plan, rollout } = await c.begun([await c.leaked([account])]);
  await c.contain(plan.id, rollout);
  await c.tell(rollout, ['accepted']);
  await c.store.transact(async (tx) => {
    await tx.rollouts.markWaveSettled(rollout, 'contain');
    for (const { track } of await tx.rollouts.tracks(rollout))
      await tx.rollouts.setPhase(rollout, track, 'finished', []);
  });
  const asked = (address: string) =>
    checkNotice(
      { ...c.deps, checkUrl: (number) => `https://account.chirp.test/notices/${number}` },
      { number: c.numberOf(plan.id, account), address },
    );
  const before = await asked('mixed.case@mail.test');
  expect(before?.isSureSent).toBe(true);

  await daysPass(31);
  expect(await run()).toMatchObject({ plans: [{ plan: plan.id }], addresses: [] });
  await daysPass(58);
  expect((await run()).addresses).toEqual([]);
  await daysPass(1);
  expect((await previewRetention(deps())).addresses).toEqual([{ plan: plan.id, count: 1 }]);
  expect((await run()).addresses).toEqual([{ plan: plan.id, erased: 1 }]);
  expect(await run()).toEqual(nothing);
  expect(await tablesWith('mixed.case@mail.test')).toEqual([]);

  expect(await asked('mixed.case@mail.test')).toEqual(before);
  expect(await asked('Mixed.Case@Mail.test')).toEqual(before);
  expect(await asked('mixed.case@mail.tes')).toBeNull();
  expect(await c.ledgerEvents()).toContain('plan.addresses-erased');
  // What two people approved is still what is there, but for the addresses, and nothing of it can be started anew.
  await expect(c.store.transact((tx) => requireUnchanged(digests, tx, plan))).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('addresses were erased'),
  });
});

test('addresses of a plan that is taken back late are kept until that is over, and erased by no clock before', async () => {
  const c = campaign();
  const batch = await c.observed(c.holders(2));
  const { plan, rollout } = await c.begun([batch]);
  await c.contain(plan.id, rollout);
  await c.halt(plan.id);
  await c.withdraw(batch, 'rule-wrong');
  const { rollout: undoing } = await c.retract(plan.id);
  await daysPass(200);
  expect((await run()).addresses).toEqual([]);
  await c.store.transact(async (tx) => {
    for (const { track } of await tx.rollouts.tracks(undoing))
      await tx.rollouts.setPhase(undoing, track, 'finished', []);
  });
  // One run closes the plan; only then are its addresses due.
  expect(await run()).toMatchObject({ plans: [{ plan: plan.id }], addresses: [] });
  expect(await run()).toMatchObject({ plans: [], addresses: [{ plan: plan.id, erased: 2 }] });
});

test('a draft that its server left behind is gone a day later, with every address in it', async () => {
  const c = campaign();
  const begin = () =>
    c.store.transact(async (tx) => {
      const draft = await tx.plans.begin({
        directory: 'people',
        action: 'reset',
        authorNo: numberOf(c.author),
        codeVersion: 'test',
        addressSalt: 'salt',
      });
      await tx.plans.addDraftTargets(draft, [
        {
          accountId: c.holder(),
          sortKey: draft,
          lane: 'main',
          effect: 'quarantine',
          tell: true,
          address: `of-${draft}@left.test`,
          addressDigest: 'digest',
          language: 'en',
          timeZone: null,
          credentialDigest: null,
          evidenceNos: [],
          reason: 'a test',
          noticeNumber: draft,
        },
      ]);
      return draft;
    });
  const left = await begin();
  await c.pool.query(`UPDATE plan SET created_at = created_at - interval '25 hours' WHERE no = $1`, [numberOf(left)]);
  const going = await begin();
  expect(await tablesWith('@left.test')).toEqual(['plan_draft_row']);
  expect(await run()).toEqual(nothing);
  expect(await tablesWith(`of-${left}@left.test`)).toEqual([]);
  expect(await tablesWith(`of-${going}@left.test`)).toEqual(['plan_draft_row']);
});

/** Every table of ours in which this text stands, however it is written. */
async function tablesWith(text: string): Promise<readonly string[]> {
  const { pool } = campaign();
  const { rows } = await pool.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables
     WHERE table_schema = 'allclear' AND table_type = 'BASE TABLE' ORDER BY 1`,
  );
  const holding: string[] = [];
  for (const { name } of rows) {
    const found = await pool.query(
      `SELECT 1 FROM allclear."${name}" t WHERE strpos(lower(t::text), lower($1)) > 0 LIMIT 1`,
      [text],
    );
    if (found.rowCount !== 0) holding.push(name);
  }
  return holding;
}

test('an answer that was kept for a repeated request is gone after a day, and not before', async () => {
  const { store, pool, author } = campaign();
  const keys = async (): Promise<readonly string[]> =>
    (await pool.query<{ key: string }>('SELECT key FROM request_key ORDER BY key')).rows.map((row) => row.key);
  const bounds = { hours: 24, silentSeconds: 15, mayRepeatLost: false };
  for (const key of ['new', 'old']) {
    const request = { caller: author, key, fingerprint: 'f' };
    await store.transact((tx) => tx.requestKeys.claim(request, 'a server', bounds));
    const answer = { status: 200, contentType: 'application/json', body: '{}', bodyMac: null };
    await store.transact((tx) => tx.requestKeys.keep(request, 'a server', answer));
  }
  await pool.query(`UPDATE request_key SET begun_at = begun_at - interval '25 hours' WHERE key = 'old'`);
  await run();
  expect(await keys()).toEqual(['new']);
});

test('domains that nobody was written to for a week are forgotten, and no rate that people named', async () => {
  const { pool } = campaign();
  await pool.query(`INSERT INTO mail_rate (key, changed_at) VALUES ('domain:old', clock_timestamp() - interval '8 days'),
    ('domain:new', clock_timestamp() - interval '6 days'), ('all', clock_timestamp() - interval '8 days')`);
  await run();
  const { rows } = await pool.query<{ key: string }>('SELECT key FROM mail_rate ORDER BY key');
  expect(rows.map((row) => row.key)).toEqual(['all', 'domain:new']);
});
