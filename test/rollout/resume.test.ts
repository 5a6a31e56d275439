import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { takePermit } from '../../src/app/rollout/take-permit.ts';
import type { FrozenPlan } from '../../src/domain/plan/frozen-plan.ts';
import { resumeEpoch } from '../../src/domain/rollout/halt-scope.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { withRolloutWorlds } from '../support/rollout-world.ts';
import type { RolloutWorld } from '../support/rollout-world.ts';

const openWorld = withRolloutWorlds(withTestPostgres());
const oneWave = { order: 'contain-first', containWaveSizes: [1_000], tellWaveSizes: [1_000] } as const;
let world: RolloutWorld;

beforeAll(async () => {
  world = await openWorld();
  return () => world.close();
});

async function halted(count = 4): Promise<{ readonly plan: FrozenPlan; readonly rolloutNo: number }> {
  const started = await world.startedPlan(world.addHolders(count), oneWave);
  await world.advance(started.rolloutNo);
  await world.hearSensor();
  await world.halt(started.plan.id);
  return started;
}

describe('a halted rollout', () => {
  test('is resumed by two who agree on exactly this state, and by nobody less', async () => {
    const { plan, rolloutNo } = await halted();
    const epoch = resumeEpoch(await world.tracks(rolloutNo), 0);
    expect(await world.resume(plan.id)).toEqual({ kind: 'waiting', have: 0, required: 2, epoch });
    const what = { ...plan, decision: `resume-epoch-${epoch}` as const };
    expect(await world.sayYes(world.author, plan.id, what)).toMatchObject({ kind: 'refused' });
    await world.sayYes(world.approvers[0], plan.id, what);
    expect(await world.sayYes(world.approvers[0], plan.id, what)).toMatchObject({ kind: 'refused' });
    expect(await world.resume(plan.id)).toMatchObject({ kind: 'waiting', have: 1 });
    await world.sayYes(world.approvers[1], plan.id, what);
    expect(await world.resume(plan.id)).toMatchObject({ kind: 'resumed', tracks: ['contain', 'tell'] });
    expect(await world.run(rolloutNo, 'contain')).toBe('settled');
  });

  test('is not resumed by a yes to an earlier state: each halt asks anew', async () => {
    const { plan } = await halted();
    await world.agreeToResume(plan);
    expect((await world.resume(plan.id)).kind).toBe('resumed');
    await world.halt(plan.id, 'tell');
    expect(await world.resume(plan.id)).toMatchObject({ kind: 'waiting', have: 0 });
  });

  test('takes no yes for a state that is not now', async () => {
    const { plan } = await halted();
    const wrong = { ...plan, decision: 'resume-epoch-99' as const };
    expect(await world.sayYes(world.approvers[0], plan.id, wrong)).toMatchObject({ kind: 'refused' });
  });

  test('is not resumed by a yes that was given before a further halt, also where all stood halted already', async () => {
    const { plan } = await halted();
    await world.agreeToResume(plan);
    await world.halt(plan.id);
    expect(await world.resume(plan.id)).toMatchObject({ kind: 'waiting', have: 0 });
  });

  test('is not resumed while a permit is still in flight, whoever agrees', async () => {
    const { plan, rolloutNo } = await world.startedPlan(world.addHolders(4), oneWave);
    await world.advance(rolloutNo);
    await world.hearSensor();
    expect((await takePermit(world.runDeps(), rolloutNo, 'contain')).kind).toBe('permit');
    await world.halt(plan.id);
    await world.agreeToResume(plan);
    await expect(world.resume(plan.id)).rejects.toMatchObject({
      code: 'not-drained',
      message: expect.stringContaining('No worker is up'),
    });
    await world.pool.query(
      `INSERT INTO worker (id, host, pid, code_version) VALUES ('worker_1', 'host_1:boot', 1, 'v')`,
    );
    await expect(world.resume(plan.id)).rejects.toMatchObject({
      code: 'not-drained',
      message: expect.stringContaining('Try again in some seconds'),
    });
    await world.expirePermits();
    await world.recover();
    expect((await world.resume(plan.id)).kind).toBe('resumed');
  });

  test('is not resumed under another version of the code, nor once its approvals have lapsed', async () => {
    const { plan } = await halted();
    await world.agreeToResume(plan);
    await expect(world.resume(plan.id, world.policyAs('another'))).rejects.toMatchObject({ code: 'code-drift' });
    await world.pool.query(`UPDATE approval SET given_at = given_at - interval '25 hours' WHERE decision = 'approve'`);
    await expect(world.resume(plan.id)).rejects.toMatchObject({ code: 'needs-approval' });
    await world.pool.query(`UPDATE approval SET given_at = given_at + interval '25 hours' WHERE decision = 'approve'`);
    expect((await world.resume(plan.id)).kind).toBe('resumed');
  });

  test('is not resumed over targets that were changed in the database meanwhile', async () => {
    const { plan } = await halted();
    await world.agreeToResume(plan);
    const edit = (by: string) =>
      world.pool.query(`UPDATE plan_target SET notice_number = ${by} WHERE plan_no = $1 AND ordinal = 0`, [
        Number(plan.id.slice('plan_'.length)),
      ]);
    await edit(`notice_number || 'x'`);
    await expect(world.resume(plan.id)).rejects.toMatchObject({ code: 'digest-mismatch' });
    await edit(`left(notice_number, -1)`);
    expect((await world.resume(plan.id)).kind).toBe('resumed');
  });

  test('goes on with its soak where the halt broke it off', async () => {
    const { plan, rolloutNo } = await world.startedPlan(world.addHolders(4), {
      ...oneWave,
      containWaveSizes: [2, 2],
      containSoakSeconds: [600],
    });
    await world.work(rolloutNo);
    const settledAt = (await world.track(rolloutNo, 'contain')).waveSettledAt?.getTime() ?? 0;
    await world.halt(plan.id);
    await world.pool.query(`UPDATE track SET halted_at = halted_at - interval '1 hour' WHERE rollout_no = $1`, [
      rolloutNo,
    ]);
    await world.agreeToResume(plan);
    await world.resume(plan.id);
    const after = (await world.track(rolloutNo, 'contain')).waveSettledAt?.getTime() ?? 0;
    expect(after - settledAt).toBeGreaterThanOrEqual(3_600_000);
    expect((await world.advance(rolloutNo)).moved).toBe(false);
  });

  test('that is not halted, or not there, is not resumed', async () => {
    const { plan } = await world.startedPlan(world.addHolders(1), oneWave);
    await expect(world.resume(plan.id)).rejects.toMatchObject({ code: 'not-halted' });
    await expect(world.resume('plan_999')).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('a start', () => {
  test('is refused for the wrong total, a second time, and without two yeses', async () => {
    const plan = await world.draft([await world.addBatch(world.addHolders(3))]);
    await expect(world.start(plan)).rejects.toMatchObject({ code: 'needs-approval' });
    await world.sayYes(world.author, plan.id, plan);
    await world.sayYes(world.approvers[0], plan.id, plan);
    await expect(world.start(plan)).rejects.toMatchObject({ code: 'needs-approval' });
    await world.sayYes(world.approvers[1], plan.id, plan);
    await expect(world.start({ id: plan.id, total: 4 })).rejects.toMatchObject({ code: 'total-mismatch' });
    const starts = await Promise.allSettled([world.start(plan), world.start(plan), world.start(plan)]);
    expect(starts.filter((start) => start.status === 'fulfilled')).toHaveLength(1);
  });

  test('of several plans, each within the budget, is refused where they are over it together', async () => {
    const other = await openWorld();
    const plans: FrozenPlan[] = [];
    for (let each = 0; each < 3; each += 1) {
      const plan = await other.draft([await other.addBatch(other.addHolders(90))]);
      await other.approve(plan);
      plans.push(plan);
    }
    const starts = await Promise.allSettled(plans.map((plan) => other.start(plan)));
    expect(starts.filter((start) => start.status === 'fulfilled')).toHaveLength(2);
    expect(starts.find((start) => start.status === 'rejected')?.reason).toMatchObject({ code: 'budget-exceeded' });
    await other.close();
  });
});

test('a HALT file in the state folder keeps everything from being resumed, also after it was deleted', async () => {
  const other = await openWorld();
  const { plan } = await other.startedPlan(other.addHolders(2), oneWave);
  await other.halt(plan.id);
  await other.agreeToResume(plan);
  writeFileSync(join(other.stateDir, 'HALT'), '');
  await expect(other.resume(plan.id)).rejects.toMatchObject({ code: 'halted' });
  await other.close();
});

test('the ledger is whole after all of this', async () => {
  expect(await world.verifyLedger()).toMatchObject({ whole: true, findings: [] });
});
