import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { approveSubject } from '../../src/app/approval/approve-subject.ts';
import { checkDrill } from '../../src/app/doctor/check-drill.ts';
import { askOverride, readOverride } from '../../src/app/drill/ask-override.ts';
import { beginDrill, endDrill } from '../../src/app/drill/record-drill.ts';
import { makeSubjectReader } from '../../src/app/rollout/read-subject.ts';
import { readRolloutStatus } from '../../src/app/rollout/read-status.ts';
import type { Decision } from '../../src/domain/approval/approval-statement.ts';
import type { DrillReport } from '../../src/domain/drill/drill-report.ts';
import { standardDrillRule } from '../../src/domain/drill/drill-standing.ts';
import type { FrozenPlan } from '../../src/domain/plan/frozen-plan.ts';
import { Campaign } from '../support/campaign.ts';
import { withTestPostgres } from '../support/postgres.ts';

const postgres = withTestPostgres();
let campaign: Campaign;
const reason = 'Thieves are signing in with the leaked passwords right now.';

beforeAll(async () => {
  campaign = await Campaign.begin(await postgres.freshDatabase());
  // Its rehearsed plans stay those of a sample; only the deployment is said to be a real one.
  await campaign.pool.query(`UPDATE deployment SET environment = 'production'`);
});
beforeEach(async () => {
  await campaign.pool.query('DELETE FROM drill');
  // Beside a rollout that runs no drill begins.
  await campaign.pool.query(`UPDATE track SET phase = 'finished' WHERE phase = 'running'`);
  await campaign.pool.query('UPDATE deployment SET drills_counted_from = NULL');
});
afterAll(() => campaign.end());

const report = (reasons: readonly string[]): DrillReport => ({
  figures: {
    named: 600,
    bystanders: 120,
    contained: 40,
    told: 30,
    restored: 38,
    kept: 2,
    corrected: 28,
    wrong: reasons.length,
    strayMails: 0,
    haltMs: 60,
    lastDotMs: 0,
    dotsAfterHalt: 0,
    inFlightAtHalt: 8,
    haltedAfterSeconds: 9,
    approvedAfterSeconds: 60,
    restoredAfterSeconds: 3,
  },
  agreedBy: null,
  haltedBy: 'operator_2',
  approvedBy: ['operator_2', 'operator_3'],
  reasons,
});

/** A drill that ended so many days ago. */
async function drilled(daysAgo: number, reasons: readonly string[] = []): Promise<void> {
  const drill = await beginDrill({ store: campaign.store, codeVersion: 'test', people: 600 }, campaign.author);
  await endDrill({ store: campaign.store }, drill, report(reasons));
  await campaign.pool.query(
    `UPDATE drill SET ended_at = ended_at - make_interval(days => $1) WHERE no = (SELECT max(no) FROM drill)`,
    [daysAgo],
  );
}

async function approvedPlan(): Promise<FrozenPlan> {
  const plan = await campaign.draft([await campaign.leaked(campaign.holders(2))]);
  await campaign.approve(plan);
  return plan;
}

async function sign(plan: FrozenPlan, who: 0 | 1 | 2, decision: Decision, expiresInMs = 3_600_000) {
  const person = campaign.people[who];
  const statement = digests.canonical({
    deployment: campaign.deploymentId,
    directory: campaign.directory.name,
    digest: plan.digest,
    total: plan.total,
    decision,
    nonce: randomBytes(16).toString('hex'),
    expiry: new Date(Date.now() + expiresInMs).toISOString(),
  });
  const given = { subject: plan.id, statement, signature: person.key.sign(statement), operatorId: person.id };
  return approveSubject({ ...campaign.deps, readSubject: makeSubjectReader(campaign.deps.policy) }, given);
}

const overriding = () => ({ store: campaign.store, digests, drillRule: standardDrillRule });

describe('the start of a rollout', () => {
  test('is refused without a drill, says what to do, and acts on nobody', async () => {
    const plan = await approvedPlan();
    const refused = await campaign.start(plan).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'drill-due' });
    expect(String(refused)).toContain('allclear drill begin --yes');
    expect(String(refused)).toContain(`allclear drill override ${plan.id}`);
    const rows = await campaign.pool.query('SELECT FROM rollout WHERE subject_no = $1', [Number(plan.id.slice(5))]);
    expect(rows.rowCount).toBe(0);
  });

  test('is allowed for 90 days after a passed drill, and not a day longer', async () => {
    await drilled(90);
    await expect(campaign.start(await approvedPlan())).rejects.toMatchObject({ code: 'drill-due' });
    await drilled(89);
    await expect(campaign.start(await approvedPlan())).resolves.toBeGreaterThan(0);
  });

  test('is not allowed by a drill that failed', async () => {
    await drilled(1, ['nobody halted before everybody was told']);
    await expect(campaign.start(await approvedPlan())).rejects.toMatchObject({ code: 'drill-due' });
    await drilled(95);
    await drilled(0, ['the ledger of the drill is not whole']);
    await expect(campaign.start(await approvedPlan())).rejects.toMatchObject({ code: 'drill-due' });
  });

  test('of a deployment that was there before drills were is counted from the day it heard of them', async () => {
    await campaign.pool.query(`UPDATE deployment SET drills_counted_from = now() - interval '89 days'`);
    const plan = await approvedPlan();
    await campaign.start(plan);
    const status = await readRolloutStatus(campaign.deps, plan.id);
    expect(status.drillWarning).toMatch(/no drill was ever passed here; a rollout can be started until \d/);
    await campaign.pool.query(`UPDATE deployment SET drills_counted_from = now() - interval '91 days'`);
    await expect(campaign.start(await approvedPlan())).rejects.toMatchObject({ code: 'drill-due' });
  });

  test('of a sample needs none', async () => {
    await campaign.pool.query(`UPDATE deployment SET environment = 'sample'`);
    await campaign.start(await approvedPlan());
    await campaign.pool.query(`UPDATE deployment SET environment = 'production'`);
  });
});

describe('without a recent drill', () => {
  test('a plan is halted, retracted and corrected all the same', async () => {
    await drilled(89);
    const batch = await campaign.leaked(campaign.holders(2));
    const { plan, rollout } = await campaign.begun([batch]);
    await campaign.contain(plan.id, rollout);
    await campaign.pool.query('DELETE FROM drill');
    await campaign.halt(plan.id);
    await campaign.withdraw(batch, 'wrong-verdict');
    const { retraction } = await campaign.retract(plan.id);
    expect(retraction.affected).toBe(2);
  });

  test('doctor says so from the 75th day on', async () => {
    const verdictAfter = async (days: number) => {
      await campaign.pool.query('DELETE FROM drill');
      await drilled(days);
      return (await checkDrill(campaign.store, standardDrillRule)).verdict;
    };
    expect([await verdictAfter(74), await verdictAfter(75), await verdictAfter(90)]).toEqual(['ok', 'warn', 'fail']);
  });

  test('one person cannot start a plan, nor its author, nor somebody for a reason that nobody gave', async () => {
    const plan = await approvedPlan();
    const early: Decision = `start-without-drill-${digests.sha256(reason)}`;
    expect(await sign(plan, 1, early)).toEqual({ kind: 'refused', reason: 'wrong-decision' });
    const asked = await askOverride(overriding(), plan.id, reason, campaign.author);
    expect(await sign(plan, 0, asked.decision)).toEqual({ kind: 'refused', reason: 'author-cannot-approve' });
    expect((await sign(plan, 1, asked.decision)).kind).toBe('approved');
    expect(await sign(plan, 1, asked.decision)).toEqual({ kind: 'refused', reason: 'already-approved' });
    await expect(campaign.start(plan)).rejects.toMatchObject({ code: 'drill-due', facts: { have: 1, required: 2 } });
    expect(await readOverride(overriding(), plan.id)).toMatchObject({ reason, decision: asked.decision });
  });

  test('two start one plan for one reason, for so long as both yeses hold, and the ledger says so', async () => {
    const plan = await approvedPlan();
    const other = await approvedPlan();
    const asked = await askOverride(overriding(), plan.id, reason, campaign.author);
    for (const who of [1, 2] as const) expect((await sign(plan, who, asked.decision)).kind).toBe('approved');
    await expect(campaign.start(other)).rejects.toMatchObject({ code: 'drill-due' });
    // Another reason is another decision: nobody agreed to that one.
    await askOverride(overriding(), plan.id, 'It is Friday, and nobody has the time.', campaign.author);
    await expect(campaign.start(plan)).rejects.toMatchObject({ code: 'drill-due' });
    await askOverride(overriding(), plan.id, reason, campaign.author);
    await campaign.pool.query(
      `UPDATE approval SET expires_at = now() - interval '1 s' WHERE subject = $1 AND decision LIKE 'start%'`,
      [plan.id],
    );
    await expect(campaign.start(plan)).rejects.toMatchObject({ code: 'drill-due' });
    await campaign.pool.query(
      `UPDATE approval SET expires_at = (statement::json ->> 'expiry')::timestamptz WHERE subject = $1`,
      [plan.id],
    );
    await campaign.start(plan);
    const { rows } = await campaign.pool.query<{ body: string }>(
      `SELECT body FROM ledger_entry WHERE event = 'drill.overridden'`,
    );
    expect(rows.map((row) => row.body).join()).toContain(plan.id);
    expect(await campaign.ledgerEvents()).toEqual(
      expect.arrayContaining(['drill.override-asked', 'drill.override-approved']),
    );
  });

  test('no drill begins beside a running rollout, beside another one, or with nobody to approve', async () => {
    const begin = () => beginDrill({ store: campaign.store, codeVersion: 'test', people: 600 }, campaign.author);
    await drilled(1);
    await campaign.start(await approvedPlan());
    await expect(begin()).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('is running') });
    await campaign.pool.query(`UPDATE track SET phase = 'finished'`);
    await begin();
    await expect(begin()).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('already') });
    await campaign.pool.query('DELETE FROM drill');
    await campaign.pool.query(`UPDATE operator SET role = 'agent' WHERE no <> 1`);
    await expect(begin()).rejects.toMatchObject({ code: 'needs-approval' });
  });
});
