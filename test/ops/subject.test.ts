import { expect, test } from 'vitest';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { signatures } from '../../src/adapters/crypto/signing-key.ts';
import { explain } from '../../src/app/explain/explain.ts';
import { verifyLedger } from '../../src/app/ledger/verify-ledger.ts';
import { checkNotice } from '../../src/app/notice/check-notice.ts';
import { requireUnchanged } from '../../src/app/plan/require-unchanged.ts';
import { runRetention } from '../../src/app/retention/run-retention.ts';
import { enterHalt } from '../../src/app/rollout/halt-rollout.ts';
import { eraseSubject, previewErasure } from '../../src/app/subject/erase-subject.ts';
import { exportSubject } from '../../src/app/subject/export-subject.ts';
import type { FrozenPlan } from '../../src/domain/plan/frozen-plan.ts';
import type { AccountId } from '../../src/domain/shared/ids.ts';
import { isTrack } from '../../src/domain/shared/track.ts';
import { withCampaign } from '../read/with-campaign.ts';

const campaign = withCampaign();
const operator = 'operator_1';
let made = 0;

/** Somebody who was contained and told, and whose address an operator wrote into a reason. */
async function told(): Promise<{ id: AccountId; address: string; plan: FrozenPlan; rollout: number }> {
  const c = campaign();
  made += 1;
  const address = `Subject-${made}@Mail.test`;
  const id = c.holder({ address });
  const { plan, rollout } = await c.begun([await c.observed([id, c.holder()])]);
  await c.contain(plan.id, rollout);
  await c.tell(rollout, []);
  await enterHalt(
    {
      store: c.store,
      fence: { mayAct: () => true, close: () => undefined, ensure: () => undefined, haltFilePresent: () => false },
      publishHalt: () => Promise.resolve(),
      warn: () => undefined,
    },
    { subject: plan.id, scope: 'all', by: c.author, reason: `${address} called: the mail is wrong` },
  );
  return { id, address, plan, rollout };
}

/** The plan came to its end so long ago that nothing of it can be given back. */
async function closed(plan: FrozenPlan, rollout: number): Promise<void> {
  const c = campaign();
  await c.store.transact(async (tx) => {
    await tx.rollouts.markWaveSettled(rollout, 'contain');
    for (const { track } of await tx.rollouts.tracks(rollout))
      await tx.rollouts.setPhase(rollout, track, 'finished', []);
  });
  await c.pool.query(
    `UPDATE track SET wave_settled_at = wave_settled_at - interval '31 days', halted_at = NULL WHERE rollout_no = $1`,
    [rollout],
  );
  const done = await runRetention(
    {
      ...c.deps,
      deployment: c.deploymentId,
      clock: { now: () => new Date(), monotonicMs: () => 0 },
      keepAddressDays: 60,
      isStopping: () => false,
    },
    'retention',
  );
  expect(done.plans.map((one) => one.plan)).toContain(plan.id);
}

async function everyRow(): Promise<string> {
  const { pool } = campaign();
  const { rows } = await pool.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'allclear' AND table_type = 'BASE TABLE'`,
  );
  const dumps = await Promise.all(
    rows.map(({ name }) => pool.query<{ line: string }>(`SELECT t::text AS line FROM allclear."${name}" t`)),
  );
  return dumps
    .flatMap((dump) => dump.rows.map((row) => row.line))
    .join('\n')
    .toLowerCase();
}

async function ledgerFindings() {
  const { store, deploymentId } = campaign();
  const verdict = await verifyLedger({
    store,
    log: { append: async () => undefined, lines: async function* () {} },
    digests,
    signatures,
    deploymentId,
    ledgerPublicKey: '',
    readOutcomeVector: (rolloutNo, track, fromOrdinal, attempt) =>
      store.transact(async (tx) => {
        const permit = isTrack(track) ? await tx.rollouts.permitAt(rolloutNo, track, fromOrdinal) : null;
        return permit?.attempt === attempt ? permit.outcome : null;
      }),
  });
  expect(verdict.rangesChecked).toBeGreaterThan(0);
  return verdict.findings;
}

test('whoever asks what is held of them gets all of it, and no hash, digest or password with it', async () => {
  const c = campaign();
  const { id, address, plan } = await told();
  const held = await exportSubject(c.deps, id, operator);
  expect(held.account).toBe(id);
  expect(held.frozen).toMatchObject([{ plan: plan.id, address, noticeNumber: c.numberOf(plan.id, id) }]);
  expect(held.evidence).toMatchObject([{ class: 'observed', eventId: `event of ${id}` }]);
  expect(held.story.plans).toMatchObject([{ plan: plan.id, restorePoint: { state: 'open' } }]);
  expect(held.ledger.map((one) => one.event)).toEqual(expect.arrayContaining(['rollout.halted', 'account.explained']));
  expect(held.open).toMatchObject([{ plan: plan.id }]);

  const text = JSON.stringify(held);
  const { rows } = await c.pool.query<{ secret: string }>(
    `SELECT unnest(ARRAY[credential_digest, address_digest]) AS secret FROM plan_target WHERE account_id = $1
     UNION SELECT unnest(ARRAY[hash_digest, marker]) FROM restore_point WHERE account_id = $1`,
    [id],
  );
  expect(rows.length).toBeGreaterThan(2);
  for (const { secret } of rows) expect(text).not.toContain(secret);
  expect(text).not.toContain(c.directory.credentialOf(id));

  const events = await c.ledgerEvents();
  expect(events.filter((event) => event === 'subject.exported')).toHaveLength(1);
});

test('an account that is still open is not erased, and until when is said', async () => {
  const c = campaign();
  const { id, plan, address } = await told();
  const before = await everyRow();
  const refused = eraseSubject(c.deps, id, operator);
  await expect(refused).rejects.toMatchObject({ code: 'conflict' });
  await expect(refused).rejects.toThrow(plan.id);
  const would = await previewErasure(c.deps, id);
  expect(would.open).toMatchObject([{ plan: plan.id }]);
  const until = would.open[0]?.until?.getTime() ?? 0;
  expect(until).toBeGreaterThan(Date.now() + 29 * 86_400_000);
  expect(before).toContain(address.toLowerCase());
  expect(await everyRow()).toBe(before);
});

test('asking to erase somebody of a plan that runs takes nothing from its workers: their lock is not asked for', async () => {
  const c = campaign();
  const id = c.holder();
  const { rollout } = await c.begun([await c.observed([id])]);
  await c.store.transact(async (tx) => {
    await tx.rollouts.lockShared(rollout);
    await expect(eraseSubject(c.deps, id, operator)).rejects.toMatchObject({ code: 'conflict' });
    // The backend that holds the lock as a worker does is still there: whoever waits for it ends it after two seconds.
    await tx.rollouts.now();
  });
});

test('an approved plan that nobody started keeps its addresses until the approvals lapse, and cannot start without them', async () => {
  const c = campaign();
  const id = c.holder();
  const plan = await c.draft([await c.observed([id])]);
  await c.approve(plan);
  await expect(eraseSubject(c.deps, id, operator)).rejects.toThrow('may be started');
  await c.pool.query(`UPDATE approval SET expires_at = clock_timestamp() - interval '1 s' WHERE subject = $1`, [
    plan.id,
  ]);
  expect(await eraseSubject(c.deps, id, operator)).toMatchObject({ addresses: 1, open: [] });
  await c.approve(plan);
  await expect(c.start(plan)).rejects.toThrow('Draft a new plan');
});

test('of an erased account no address is left anywhere, every digest still verifies and the ledger is whole', async () => {
  const c = campaign();
  const { id, address, plan, rollout } = await told();
  // More values than are erased in one transaction.
  for (let reading = 0; reading < 45; reading += 1) await explain(c.deps, id, operator);
  const number = c.numberOf(plan.id, id);
  const asked = (typed: string) =>
    checkNotice(
      { ...c.deps, checkUrl: (one) => `https://account.chirp.test/notices/${one}` },
      { number, address: typed },
    );
  await closed(plan, rollout);
  const before = await asked(address.toLowerCase());
  expect(before).not.toBeNull();
  const would = await previewErasure(c.deps, id);
  expect(would).toMatchObject({ account: id, addresses: 1, evidenceTexts: 1, ledgerValues: 46, open: [] });

  const done = await eraseSubject(c.deps, id, operator);
  expect(done).toMatchObject({ addresses: 1, evidenceTexts: 1, ledgerValues: would.ledgerValues });
  const rows = await everyRow();
  expect(rows).not.toContain(address.toLowerCase());
  expect(rows).not.toContain(`event of ${id}`);

  expect(await ledgerFindings()).toEqual([]);
  // Beside the erased addresses nothing of the plan changed: its digests are still over what is there.
  await expect(c.store.transact((tx) => requireUnchanged(digests, tx, plan))).rejects.toMatchObject({
    message: expect.stringContaining('1 of its addresses were erased'),
  });
  expect(await asked(address.toLowerCase())).toEqual(before);
  expect(await asked('somebody-else@mail.test')).toBeNull();
  expect((await exportSubject(c.deps, id, operator)).frozen).toMatchObject([{ address: null, isAddressErased: true }]);

  // The neighbour in the same plan is untouched.
  const { rows: left } = await c.pool.query('SELECT 1 FROM plan_target WHERE plan_no = $1 AND address IS NOT NULL', [
    Number(plan.id.slice('plan_'.length)),
  ]);
  expect(left).toHaveLength(1);
  const events = await c.ledgerEvents();
  expect(events).toContain('subject.erased');
});

test('erasing twice finds nothing the second time, and says nothing new in the ledger', async () => {
  const c = campaign();
  const { id, plan, rollout } = await told();
  await closed(plan, rollout);
  await eraseSubject(c.deps, id, operator);
  const events = await c.ledgerEvents();
  expect(await eraseSubject(c.deps, id, operator)).toMatchObject({ addresses: 0, evidenceTexts: 0, ledgerValues: 0 });
  expect(await c.ledgerEvents()).toEqual(events);
});

test('what is kept of operators stays when one of them is also a holder', async () => {
  const c = campaign();
  const id = c.holder({ address: 'ada@chirp.test' });
  const plan = await c.draft([await c.observed([id])]);
  await c.store.transact((tx) =>
    tx.ledger.append({
      chain: 'installation',
      event: 'operator.added',
      body: { operator: 'operator_1' },
      personal: { name: 'Ada', email: 'ada@chirp.test' },
    }),
  );
  expect(await eraseSubject(c.deps, id, operator)).toMatchObject({ addresses: 1, ledgerValues: 0 });
  expect(plan.total).toBe(1);
  expect(await everyRow()).toContain('ada@chirp.test');
});
