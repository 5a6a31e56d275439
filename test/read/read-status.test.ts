import { describe, expect, test } from 'vitest';
import { readRolloutStatus } from '../../src/app/rollout/read-status.ts';
import type { TrackStatus } from '../../src/app/rollout/read-status.ts';
import { rolloutLines } from '../../src/cli/rollout-lines.ts';
import { rolloutStatus } from '../../src/contract/rollout.ts';
import { conserveMembers } from '../../src/domain/rollout/conserve-members.ts';
import { phaseInWords } from '../../src/domain/rollout/phase-in-words.ts';
import { oneWave } from '../support/campaign.ts';
import { withCampaign } from './with-campaign.ts';

const campaign = withCampaign();

function trackOf(tracks: readonly TrackStatus[], name: string): TrackStatus {
  const found = tracks.find((one) => one.track === name);
  if (found === undefined) throw new Error(`no track ${name}`);
  return found;
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

describe('the status of a rollout', () => {
  test('every member is in exactly one counted state, whatever the mail server said', async () => {
    const c = campaign();
    const { plan, rollout } = await c.begun([await c.leaked(c.holders(6))]);
    await c.contain(plan.id, rollout);
    await c.tell(rollout, ['accepted', 'refused', 'unknown', 'withheld']);
    const status = await readRolloutStatus(c.deps, plan.id);
    const tell = trackOf(status.tracks, 'tell');
    expect(tell.counts).toEqual({ accepted: 3, refused: 1, unknown: 1, withheld: 1 });
    expect(trackOf(status.tracks, 'contain').counts).toEqual({ contained: 6 });
    for (const track of status.tracks) expect(sum(track.counts)).toBe(track.members);
    expect(status).toMatchObject({ phase: 'running', kind: 'plan', digest: plan.digest });
    expect(tell.wave).toEqual({ opened: 1, of: 1, openTo: 6 });
  });

  test('what each rate of mail allows and what of it is used are said, with the time that the rest takes', async () => {
    const c = campaign();
    const { plan, rollout } = await c.begun([await c.leaked(c.holders(6))]);
    await c.contain(plan.id, rollout);
    await c.tell(rollout, ['released', 'released']);
    const rates = {
      all: [{ messages: 5, windowSeconds: 3_600 as const }],
      eachDomain: [{ messages: 10, windowSeconds: 3_600 as const }],
      domains: [],
      providers: [{ name: 'big', domains: ['big.test'], limits: [{ messages: 9, windowSeconds: 1 as const }] }],
      reserve: 0.2,
    };
    const uses = [{ key: 'all', windowSeconds: 3_600 as const, messages: 4 }];
    const short = { domains: 3, freeInSeconds: 1_500 };
    const deps = {
      ...c.deps,
      mailRate: { rates, store: { uses: () => Promise.resolve(uses), shortDomains: () => Promise.resolve(short) } },
    };
    const shown = rolloutStatus.parse(JSON.parse(JSON.stringify(await readRolloutStatus(deps, plan.id))));
    expect(shown.mailRate?.limits).toEqual([
      { key: 'all', windowSeconds: 3_600, allowed: 5, forNotices: 4, used: 4 },
      { key: 'provider:big', windowSeconds: 1, allowed: 9, forNotices: 7, used: 0 },
    ]);
    expect(shown.mailRate?.eachDomain).toEqual({
      limits: [{ windowSeconds: 3_600, allowed: 10, forNotices: 8 }],
      waiting: 3,
      freeInSeconds: 1_500,
    });
    const said = rolloutLines(shown).join('\n');
    expect(said).toContain('notices wait for it');
    expect(said).toContain('3 domains wait, the first has room again in about 25 min');
    // Two are left, and the four of this hour come first.
    expect(shown.mailRate?.leastSecondsToGo).toBeGreaterThan(3_600);
    expect(shown.mailRate?.leastSecondsToGo).toBeLessThan(4_200);
    expect(rolloutLines(shown).join('\n')).toMatch(/Rate of mail: the rest takes at least 6\d min/);
    expect((await readRolloutStatus(c.deps, plan.id)).mailRate).toBeNull();
    await c.halt(plan.id);
  });

  test('a halted rollout says how many are in flight until the last permit is settled, and not earlier that it is quiet', async () => {
    const c = campaign();
    const { plan, rollout } = await c.begun([await c.leaked(c.holders(3))]);
    await c.contain(plan.id, rollout);
    const taken = await c.take(rollout, 'tell');
    await c.halt(plan.id);
    const during = await readRolloutStatus(c.deps, plan.id);
    expect(during.phase).toBe('halted, 3 in flight');
    expect(trackOf(during.tracks, 'tell')).toMatchObject({
      phase: 'halted',
      inFlight: 3,
      haltedBy: c.author,
      reasons: ['a test'],
      epoch: 2,
    });
    await c.answer(taken, ['accepted', 'accepted', 'accepted']);
    const after = await readRolloutStatus(c.deps, plan.id);
    expect(after.phase).toBe('halted');
    expect(after.epoch).toBe(4);
  });

  test('a mail server that no worker may use is said beside the notices that wait for it, and nowhere else', async () => {
    const c = campaign();
    const { plan, rollout } = await c.begun([await c.leaked(c.holders(3))]);
    await c.contain(plan.id, rollout);
    const beat = (mailHold: string | null) =>
      c.store.transact((tx) => tx.rollouts.beatWorker({ id: 'w1', host: 'h', pid: 1, codeVersion: 'v', mailHold }));
    await beat('the mail server is away: ECONNREFUSED');
    const held = await readRolloutStatus(c.deps, plan.id);
    expect(trackOf(held.tracks, 'tell').reasons[0]).toBe('the mail server is away: ECONNREFUSED (1 worker)');
    expect(trackOf(held.tracks, 'contain').reasons.join()).not.toContain('mail server');
    await beat(null);
    expect(trackOf((await readRolloutStatus(c.deps, plan.id)).tracks, 'tell').reasons.join()).not.toContain('away');
  });

  test('somebody contained whom no notice can have reached is counted untold, with a deadline', async () => {
    const c = campaign();
    const lost = c.holder({ addressConfirmed: false });
    const { plan, rollout } = await c.begun([await c.leaked([...c.holders(5), lost])]);
    await c.contain(plan.id, rollout);
    const before = await readRolloutStatus(c.deps, plan.id);
    expect(before.containedUntold).toMatchObject({ count: 5, lanes: { 'no-confirmed-address': 1 }, overdue: false });

    await c.tell(rollout, ['accepted', 'refused', 'unknown', 'withheld', 'accepted']);
    const { containedUntold } = await readRolloutStatus(c.deps, plan.id);
    expect(containedUntold).toMatchObject({ count: 2, lanes: { 'no-confirmed-address': 1 } });
    const waited = containedUntold?.oldestContainedAt ?? new Date(0);
    expect(containedUntold?.deadline).toEqual(new Date(waited.getTime() + 24 * 3_600_000));
  });

  test('the deadline of those who wait to be told is moved by as long as the plan stands halted', async () => {
    const c = campaign();
    const { plan, rollout } = await c.begun([await c.leaked(c.holders(2))], { ...oneWave, untoldHours: 24 });
    await c.contain(plan.id, rollout);
    await c.halt(plan.id);
    const day = "interval '24 hours'";
    await c.pool.query(`UPDATE restore_point SET contained_at = contained_at - ${day} * 2`);
    await c.pool.query(`UPDATE track SET halted_at = halted_at - ${day} WHERE rollout_no = $1`, [rollout]);
    await c.pool.query(`UPDATE halt_period SET halted_at = halted_at - ${day} WHERE rollout_no = $1`, [rollout]);
    // Contained two days ago and halted for the second of them: one day of waiting counts, which is just over.
    const waiting = (await readRolloutStatus(c.deps, plan.id)).containedUntold;
    const age = (waiting?.deadline?.getTime() ?? 0) - (waiting?.oldestContainedAt?.getTime() ?? 0);
    expect(Math.round(age / 3_600_000)).toBe(48);
  });

  test('contained and untold for longer than the limit is overdue', async () => {
    const c = campaign();
    const { plan, rollout } = await c.begun([await c.leaked(c.holders(1))], { ...oneWave, untoldHours: 0 });
    await c.contain(plan.id, rollout);
    expect((await readRolloutStatus(c.deps, plan.id)).containedUntold).toMatchObject({ count: 1, overdue: true });
  });

  test('somebody who got the password back is not counted as contained and untold', async () => {
    const c = campaign();
    const batch = await c.observed(c.holders(2));
    const { plan, rollout } = await c.begun([batch]);
    await c.contain(plan.id, rollout);
    await c.tell(rollout, ['accepted', 'refused']);
    await c.halt(plan.id);
    expect((await readRolloutStatus(c.deps, plan.id)).containedUntold?.count).toBe(1);
    await c.withdraw(batch, 'rule-wrong');
    const { retraction, rollout: back } = await c.retract(plan.id);
    await c.restore(retraction, back);
    expect((await readRolloutStatus(c.deps, plan.id)).containedUntold?.count).toBe(0);
    const status = await readRolloutStatus(c.deps, retraction.id);
    expect(status.containedUntold).toBeNull();
    expect(trackOf(status.tracks, 'restore').counts).toEqual({ restored: 2 });
  });

  test('each gate says what it could have caught', async () => {
    const c = campaign();
    const { plan, rollout } = await c.begun([await c.leaked(c.holders(2))]);
    await c.contain(plan.id, rollout);
    await c.tell(rollout, ['accepted', 'accepted']);
    const gates = trackOf((await readRolloutStatus(c.deps, plan.id)).tracks, 'tell').gates;
    expect(gates).toEqual([
      { gate: 'disputes', result: 'pass', reason: expect.stringContaining('this is a technical check only') as string },
      { gate: 'recoveries', result: 'pass', reason: expect.stringContaining('not measured') as string },
      { gate: 'bounces', result: 'pass', reason: expect.stringContaining('would have caught a share of') as string },
      {
        gate: 'complaints',
        result: 'pass',
        reason: 'complaints are not seen: no feedback channel is configured',
      },
      { gate: 'content', result: 'pass', reason: 'no two mails of one kind to compare yet' },
    ]);
  });

  test('a plan that was never started has no status', async () => {
    const c = campaign();
    const plan = await c.draft([await c.leaked(c.holders(1))]);
    await expect(readRolloutStatus(c.deps, plan.id)).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('the phase in words', () => {
  const quiet = { inFlight: 0, openPermits: 0 };

  test('letters under way do not make a halted plan look as if it ran', () => {
    expect(
      phaseInWords([
        { track: 'contain', phase: 'halted', ...quiet },
        { track: 'tell', phase: 'halted', ...quiet },
        { track: 'holding', phase: 'running', inFlight: 4, openPermits: 1 },
      ]),
    ).toBe('halted');
  });

  test('one halted track of two is neither running nor halted', () => {
    expect(
      phaseInWords([
        { track: 'contain', phase: 'running', inFlight: 9, openPermits: 1 },
        { track: 'tell', phase: 'halted', inFlight: 2, openPermits: 1 },
      ]),
    ).toBe('partly halted, 2 in flight');
  });

  test('an open permit that holds nobody claimed is still in flight', () => {
    expect(phaseInWords([{ track: 'contain', phase: 'halted', inFlight: 0, openPermits: 1 }])).toBe(
      'halted, 1 in flight',
    );
  });
});

test('counts that do not add up are refused rather than shown', () => {
  expect(() => conserveMembers('plan_1, tell', 3, { accepted: 2 })).toThrow(
    expect.objectContaining({ code: 'ledger-broken' }),
  );
});
