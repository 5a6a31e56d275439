import { beforeAll, describe, expect, test } from 'vitest';
import { recordDispute } from '../../src/app/notice/record-dispute.ts';
import { readOverview } from '../../src/app/overview/read-overview.ts';
import { listDisputes } from '../../src/app/rollout/list-disputes.ts';
import { pauseRollout } from '../../src/app/rollout/pause-rollout.ts';
import type { PausedRollout } from '../../src/app/rollout/pause-rollout.ts';
import { readRolloutStatus } from '../../src/app/rollout/read-status.ts';
import { takePermit } from '../../src/app/rollout/take-permit.ts';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { signatures } from '../../src/adapters/crypto/signing-key.ts';
import type { ListedDispute } from '../../src/app/ports/rollout-store.ts';
import type { FrozenPlan } from '../../src/domain/plan/frozen-plan.ts';
import type { NoticeNumber } from '../../src/domain/shared/ids.ts';
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

async function started(count = 4): Promise<{ readonly plan: FrozenPlan; readonly rolloutNo: number }> {
  const { plan, rolloutNo } = await world.startedPlan(world.addHolders(count), oneWave);
  await world.advance(rolloutNo);
  await world.hearSensor();
  return { plan, rolloutNo };
}

function pause({ id }: FrozenPlan): Promise<PausedRollout> {
  return pauseRollout(world, { subject: id, by: world.approvers[0].id, reason: 'the support desk is full' });
}

describe('a paused rollout', () => {
  test('lends no permit, and says who paused it and why; nothing of it is halted', async () => {
    const { plan, rolloutNo } = await started();
    expect(await pause(plan)).toMatchObject({ tracks: ['contain', 'tell'], inFlight: 0, alreadyPaused: false });
    const taken = await takePermit(world.runDeps(), rolloutNo, 'contain');
    expect(taken).toEqual({ kind: 'held', reason: `paused by ${world.approvers[0].id}: the support desk is full` });
    const status = await readRolloutStatus(world, plan.id);
    expect(status).toMatchObject({ phase: 'paused', pause: { by: world.approvers[0].id } });
    for (const { phase, reasons, gates } of status.tracks) {
      expect(phase).toBe('running');
      expect(reasons).toContain(`paused by ${world.approvers[0].id}: the support desk is full`);
      expect(gates).toContainEqual(expect.objectContaining({ gate: 'pause', result: 'inconclusive' }));
    }
  });

  test('finishes what was begun before: a permit that is out acts to its end', async () => {
    const { plan, rolloutNo } = await started();
    const taken = await takePermit(world.runDeps(), rolloutNo, 'contain');
    if (taken.kind !== 'permit') throw new Error('no permit was lent');
    expect((await pause(plan)).inFlight).toBe(taken.permit.size);
    expect(world.fence.mayAct(rolloutNo, 'contain', taken.permit.epoch)).toBe(true);
  });

  test('is resumed by two who agree on exactly this pause, and by no yes to an earlier state', async () => {
    const { plan, rolloutNo } = await started();
    await world.halt(plan.id);
    await world.agreeToResume(plan);
    expect((await world.resume(plan.id)).kind).toBe('resumed');
    await pause(plan);
    expect(await world.resume(plan.id)).toMatchObject({ kind: 'waiting', have: 0, required: 2 });
    await world.agreeToResume(plan);
    expect(await world.resume(plan.id)).toMatchObject({ kind: 'resumed', tracks: ['contain', 'tell'] });
    const { phase, tracks } = await readRolloutStatus(world, plan.id);
    expect(phase).toBe('running');
    expect(tracks.flatMap(({ reasons }) => reasons).join()).not.toContain('paused');
    expect((await takePermit(world.runDeps(), rolloutNo, 'contain')).kind).toBe('permit');
  });

  test('is paused once, by whoever was first; a halt stands over it, and one resume lifts both', async () => {
    const { plan } = await started();
    await pause(plan);
    const again = await pauseRollout(world, { subject: plan.id, by: world.author.id, reason: 'me too' });
    expect(again).toMatchObject({ alreadyPaused: true, pause: { by: world.approvers[0].id } });
    await world.halt(plan.id);
    expect((await readRolloutStatus(world, plan.id)).phase).toBe('halted');
    await expect(pause(plan)).rejects.toMatchObject({ code: 'halted' });
    await world.agreeToResume(plan);
    await world.resume(plan.id);
    expect(await readRolloutStatus(world, plan.id)).toMatchObject({ phase: 'running', pause: null });
  });

  test('does not end by itself: it neither opens a wave nor finishes, and everybody’s home says so', async () => {
    const { plan, rolloutNo } = await started();
    await world.work(rolloutNo);
    const { plan: other, rolloutNo: otherNo } = await started();
    await pause(other);
    await world.work(otherNo);
    for (const track of (await readRolloutStatus(world, other.id)).tracks)
      expect(track.reasons.filter((reason) => reason.includes('paused by'))).toHaveLength(1);
    expect((await world.track(rolloutNo, 'contain')).phase).toBe('finished');
    expect((await world.track(otherNo, 'contain')).nextOrdinal).toBe(0);
    await expect(pause(plan)).rejects.toMatchObject({ code: 'conflict' });
    const me = await world.store.transact((tx) => tx.operators.read(world.author.id));
    if (me === null) throw new Error('nobody looks');
    const { store, policy, codeVersion, deploymentId } = world;
    const seen = await readOverview({ store, policy, codeVersion, deploymentId, digests, signatures }, me);
    const ofOther = seen.wrong.filter((one) => one.subject === other.id);
    expect(ofOther.map(({ what }) => what)).toEqual(['paused']);
  });
});

describe('the disputes of a rollout', () => {
  test('are listed newest first, page by page, each once, with the words of its holder and without an address', async () => {
    const { plan, rolloutNo } = await started(5);
    await world.work(rolloutNo);
    const members = await world.store.transact((tx) => tx.rollouts.mailMembers(rolloutNo, 'tell', 0, 5));
    for (const { noticeNumber } of members) await recordDispute(world, { number: noticeNumber });
    const [first] = members;
    if (first === undefined) throw new Error('nobody was told');
    await world.store.transact((tx) =>
      tx.appeals.open(
        {
          noticeNumber: first.noticeNumber as NoticeNumber,
          rolloutNo,
          plan: plan.id,
          accountId: first.accountId,
          words: 'It was not me.',
        },
        3,
      ),
    );
    const pages: ListedDispute[] = [];
    let after: NoticeNumber | null = null;
    for (let page = 0; page < 4; page += 1) {
      const rows: readonly ListedDispute[] = await listDisputes(world, plan.id, 2, after);
      pages.push(...rows);
      after = rows.at(-1)?.noticeNumber ?? null;
      if (rows.length < 2) break;
    }
    expect(pages.map(({ accountId }) => accountId).toSorted()).toEqual(
      members.map(({ accountId }) => accountId).toSorted(),
    );
    expect(pages.map(({ pressedAt }) => pressedAt.getTime())).toEqual(
      pages.map(({ pressedAt }) => pressedAt.getTime()).toSorted((a, b) => b - a),
    );
    expect(pages.filter(({ words }) => words !== null)).toMatchObject([
      { words: 'It was not me.', appeal: 'appeal_1', accountId: first.accountId },
    ]);
    expect(JSON.stringify(pages)).not.toContain('@');
  });
});
