import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { compileMessage } from '../../src/adapters/mail/compile-message.ts';
import { inspectMail } from '../../src/adapters/mail/inspect-mail.ts';
import { explain } from '../../src/app/explain/explain.ts';
import { makeMailPauses } from '../../src/app/notice/mail-pauses.ts';
import { makePermitSender } from '../../src/app/notice/send-permit.ts';
import { sendCorrection } from '../../src/app/notice/send-correction.ts';
import type { Store } from '../../src/app/ports/store.ts';
import { makeHourClock } from '../../src/app/rollout/hour-clock.ts';
import { readRolloutStatus } from '../../src/app/rollout/read-status.ts';
import type { TrackStatus } from '../../src/app/rollout/read-status.ts';
import type { RunPermitDeps } from '../../src/app/rollout/run-permit.ts';
import { deliveryByte } from '../../src/domain/notice/delivery-state.ts';
import type { FrozenPlan } from '../../src/domain/plan/frozen-plan.ts';
import type { PlanLimits } from '../../src/domain/plan/limits.ts';
import { localHour } from '../../src/domain/shared/time-zone.ts';
import type { AccountId, PlanId } from '../../src/domain/shared/ids.ts';
import { makeMailIdentity } from '../../src/main/mail-identity.ts';
import { rolloutLines } from '../../src/cli/rollout-lines.ts';
import { rolloutStatus } from '../../src/contract/rollout.ts';
import { aSink, aTransport } from '../mail/fixture.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { oldPassword, withRolloutWorlds } from '../support/rollout-world.ts';
import type { RolloutWorld } from '../support/rollout-world.ts';
import type { SmtpSink } from '../support/smtp-sink.ts';
import { noRates } from '../support/no-rates.ts';

const postgres = withTestPostgres();
const openWorld = withRolloutWorlds(postgres);
let world: RolloutWorld;

beforeAll(async () => {
  world = await openWorld();
  return () => world.close();
});
afterEach(() => world.setAsideRollouts());

/** A zone in which it is this hour of the day now; never a moment from the next hour, since the middle of the day is meant. */
function zoneWhereItIs(hour: number): string {
  const offset = ((hour - new Date().getUTCHours() + 36) % 24) - 12;
  return `${offset < 0 ? '-' : '+'}${String(Math.abs(offset)).padStart(2, '0')}:00`;
}

/** Two go first at any hour; the next wave of up to 24 waits for its readers' day. */
function byDay(changes: Partial<PlanLimits> = {}): Partial<PlanLimits> {
  return {
    order: 'contain-first',
    containWaveSizes: [1_000],
    tellWaveSizes: [2, 24],
    smallPermitSize: 5,
    budgetFloor: 10_000,
    holderHours: { from: 8, to: 21, fromWaveSize: 20, defaultZone: zoneWhereItIs(13) },
    ...changes,
  };
}

let people = 0;
function holders(count: number, timeZone: string | null): readonly AccountId[] {
  return Array.from({ length: count }, () => {
    people += 1;
    const id = `z${people}`;
    const address = `${id}@mail.test`;
    return world.directory.addHolder({
      id,
      address,
      password: oldPassword,
      language: 'en',
      ...(timeZone === null ? {} : { timeZone }),
    });
  });
}

/** The database's clock and the worker's own, both this far ahead of the real time, by a worker that begins then. */
function ahead(clocks: { databaseHours: number; workerHours?: number }): Partial<RunPermitDeps> {
  const { databaseHours, workerHours = databaseHours } = clocks;
  const later = (now: Date, hours: number): Date => new Date(now.getTime() + hours * 3_600_000);
  const store: Store = {
    transact: (work) =>
      world.store.transact((tx) =>
        work({
          ...tx,
          rollouts: { ...tx.rollouts, now: async () => later(await tx.rollouts.now(), databaseHours) },
        }),
      ),
  };
  const clock = { ...world.clock, now: () => later(new Date(), workerHours) };
  return {
    store,
    clock,
    hourClock: makeHourClock({ ...clock, bootId: 'boot 1', wallMs: () => clock.now().getTime() }),
  };
}

/** Whoever waits for a moment that is past `hours` from now is due. */
async function pass(hours: number): Promise<void> {
  await world.pool.query(
    `UPDATE permit SET due_at = clock_timestamp()
     WHERE state = 'returned' AND due_at <= clock_timestamp() + make_interval(hours => $1)`,
    [hours],
  );
}

async function aSender(): Promise<{ sink: SmtpSink; sendPermit: RunPermitDeps['sendPermit'] }> {
  const sink = await aSink();
  const sendPermit = makePermitSender({
    store: world.store,
    directory: world.directory,
    transport: aTransport(sink, { connections: 4 }),
    templates: world.templates,
    compileMessage,
    inspectMail,
    addressKey: (address) => `key of ${address}`,
    mailPauses: makeMailPauses({ monotonicMs: () => 0 }),
    mailRates: noRates,
    noticeNumbers: world.noticeNumbers,
    dotLog: world.dotLog,
    identity: makeMailIdentity({
      mailFrom: 'Chirp <notices@chirp.test>',
      publicUrl: 'https://accounts.chirp.test',
      deployment: world.deploymentId,
      keys: world.keys,
      returnPathDomain: null,
    }),
    now: () => new Date(),
  });
  return { sink, sendPermit };
}

function toldOf(sink: SmtpSink, accounts: readonly AccountId[]): number {
  const addresses = new Set(accounts.map((id) => `${id}@mail.test`));
  return sink.taken.flatMap((message) => message.to).filter((address) => addresses.has(address)).length;
}

async function tellStatus(plan: PlanId): Promise<TrackStatus> {
  const status = await readRolloutStatus(world, plan);
  return status.tracks.find((track) => track.track === 'tell') as TrackStatus;
}

/** The accounts of the plan that are told in the waves that go out at any hour. */
async function firstTold(plan: FrozenPlan, below: number): Promise<ReadonlySet<string>> {
  const targets = await world.store.transact((tx) => tx.plans.targets(plan.id, 0, 1_000));
  return new Set(
    targets.filter((one) => one.tellOrdinal !== null && one.tellOrdinal < below).map((one) => one.accountId),
  );
}

describe('a large wave of notices', () => {
  test('reaches nobody at night: four zones are told each by its own day, once, and the wave ends when all were', async () => {
    const nightZone = zoneWhereItIs(3);
    const groups = {
      noon: holders(6, zoneWhereItIs(13)),
      night: holders(6, nightZone),
      evening: holders(6, zoneWhereItIs(22)),
      unsaid: holders(6, null),
    };
    const { plan, rolloutNo } = await world.startedPlan(Object.values(groups).flat(), byDay());
    const { sink, sendPermit } = await aSender();
    const early = await firstTold(plan, 2);
    const laterOf = (group: readonly AccountId[]) => group.filter((id) => !early.has(id));
    const waiting = [...laterOf(groups.night), ...laterOf(groups.evening)];

    await world.work(rolloutNo, { sendPermit });
    expect(sink.taken).toHaveLength(24 - waiting.length);
    expect(toldOf(sink, waiting)).toBe(0);
    const status = await tellStatus(plan.id);
    expect(status).toMatchObject({ phase: 'running', inFlight: 0, heldForHours: { people: waiting.length } });
    expect(status.counts).toEqual({ accepted: 24 - waiting.length, created: waiting.length });
    const nextAt = status.heldForHours?.nextAt ?? new Date(0);
    expect(nextAt.getTime()).toBeGreaterThan(Date.now());
    expect(localHour(nightZone, nextAt)).toBe(8);
    expect(localHour(nightZone, new Date(nextAt.getTime() - 1_000))).toBe(7);
    const shown = rolloutStatus.parse(JSON.parse(JSON.stringify(await readRolloutStatus(world, plan.id))));
    expect(rolloutLines(shown).join('\n')).toContain(`${waiting.length} wait for morning where they live, next at`);

    const { plans } = await explain(
      { store: world.store, digests, directory: world.directory },
      waiting[0] ?? '',
      'test',
    );
    expect(plans).toMatchObject([{ kind: 'target', notices: [{ state: 'created', recordedAt: null }] }]);
    expect(plans[0]?.kind === 'target' && plans[0].notices[0]?.waitsUntil).toBeInstanceOf(Date);

    await pass(5);
    await world.work(rolloutNo, { sendPermit, ...ahead({ databaseHours: 5 }) });
    expect(toldOf(sink, groups.night)).toBe(6);
    expect(toldOf(sink, laterOf(groups.evening))).toBe(0);
    expect((await tellStatus(plan.id)).heldForHours?.people).toBe(laterOf(groups.evening).length);

    await pass(10);
    await world.work(rolloutNo, { sendPermit, ...ahead({ databaseHours: 10 }) });
    const recipients = sink.taken.flatMap((message) => message.to);
    expect(new Set(recipients).size).toBe(24);
    expect(recipients).toHaveLength(24);
    expect(await tellStatus(plan.id)).toMatchObject({
      phase: 'finished',
      counts: { accepted: 24 },
      heldForHours: null,
    });
    // Waiting was no try: nobody's share of the attempts was used up.
    expect((await world.permits(rolloutNo, 'tell')).map((permit) => permit.attempt)).toEqual(
      (await world.permits(rolloutNo, 'tell')).map(() => 1),
    );
    expect((await world.verifyLedger()).findings).toEqual([]);
  });

  test('is of the people whom the keyed order chose, whatever their zones, and none of its ranges has two zones', async () => {
    const zones = [zoneWhereItIs(3), zoneWhereItIs(13), null, zoneWhereItIs(22), zoneWhereItIs(5)];
    const accounts = zones.flatMap((zone) => holders(14, zone));
    const batches = [await world.addBatch(accounts)];
    const plan = await world.draft(batches, byDay({ tellWaveSizes: [10, 30], holderHours: null }));
    expect(plan.header.waves.tellEnds).toEqual([10, 40, 70]);
    const holderHours = { from: 8, to: 21, fromWaveSize: 30, defaultZone: 'UTC' };
    const held = await world.draft(batches, byDay({ tellWaveSizes: [10, 30], holderHours }));
    for (const [frozen, isZoned] of [
      [plan, false],
      [held, true],
    ] as const) {
      const targets = await world.store.transact((tx) => tx.plans.targets(frozen.id, 0, 1_000));
      const keyed = targets.map((target) => target.accountId);
      const told = targets.toSorted((a, b) => (a.tellOrdinal ?? 0) - (b.tellOrdinal ?? 0));
      expect(told.map((target) => target.tellOrdinal)).toEqual(targets.map((_, at) => at));
      for (const [from, to] of [
        [0, 10],
        [10, 40],
        [40, 70],
      ] as const) {
        const wave = told.slice(from, to);
        expect(new Set(wave.map((target) => target.accountId))).toEqual(new Set(keyed.slice(from, to)));
        const changes = wave.filter(
          (target, at) => at > 0 && (target.timeZone ?? 'UTC') !== (wave[at - 1]?.timeZone ?? 'UTC'),
        );
        if (isZoned && from >= 10) expect(changes.length).toBeLessThanOrEqual(zones.length - 1);
      }
      expect(told.slice(0, 10).map((target) => target.accountId)).toEqual(keyed.slice(0, 10));
      if (!isZoned) expect(told.map((target) => target.accountId)).toEqual(keyed);
    }

    const more = [zoneWhereItIs(3), zoneWhereItIs(5), zoneWhereItIs(13)].flatMap((zone) => holders(8, zone));
    const started = await world.startedPlan(more, byDay({ tellWaveSizes: [24] }));
    await world.work(started.rolloutNo);
    const targets = await world.store.transact((tx) => tx.plans.targets(started.plan.id, 0, 1_000));
    for (const permit of await world.permits(started.rolloutNo, 'tell')) {
      const inRange = targets.filter(
        ({ tellOrdinal: at }) => at !== null && at >= permit.fromOrdinal && at < permit.fromOrdinal + permit.size,
      );
      expect(new Set(inRange.map((target) => target.timeZone)).size).toBe(1);
    }
  });

  test('holds nobody beyond the deadline of contained and untold: then a mail at night is the lesser harm', async () => {
    const asleep = holders(25, zoneWhereItIs(3));
    const { plan, rolloutNo } = await world.startedPlan(asleep, byDay({ tellWaveSizes: [25] }));
    await world.work(rolloutNo);
    expect((await tellStatus(plan.id)).heldForHours?.people).toBe(25);
    // One who was contained 20 hours ago is untold for 25 when day breaks; the range that holds this one goes now.
    await world.pool.query(
      `UPDATE restore_point SET contained_at = contained_at - interval '20 hours' WHERE account_id = $1`,
      [asleep[0]],
    );
    await world.makeDue();
    await world.work(rolloutNo);
    const tell = await tellStatus(plan.id);
    expect(tell.counts).toEqual({ accepted: 5, created: 20 });
    const told = await world.store.transact((tx) => tx.plans.targetsOf(plan.id, asleep.slice(0, 1)));
    const outcome = await world.store.transact((tx) =>
      tx.rollouts.permitAt(rolloutNo, 'tell', told[0]?.tellOrdinal ?? -1),
    );
    expect(outcome?.state).toBe('settled');
  });

  test('is told to nobody by a worker whose clock and the database’s disagree, whichever of the two has jumped', async () => {
    const { rolloutNo } = await world.startedPlan(holders(24, zoneWhereItIs(3)), byDay({ tellWaveSizes: [24] }));
    await world.work(rolloutNo, { clock: world.clock }, 200);
    await world.makeDue();
    await world.hearSensor();
    for (const clocks of [
      { databaseHours: 9, workerHours: 0 },
      { databaseHours: 0, workerHours: 9 },
      { databaseHours: 9, workerHours: -9 },
    ]) {
      const run = await world.run(rolloutNo, 'tell', ahead(clocks));
      expect(run).toMatchObject({ heldBy: expect.stringContaining('clocks') });
    }
    expect((await world.outcomes(rolloutNo, 'tell')).every((byte) => byte === deliveryByte('created'))).toBe(true);
  });

  test('is told to nobody by a worker on whose machine all clocks jumped together, the database’s too', async () => {
    const { rolloutNo } = await world.startedPlan(holders(24, zoneWhereItIs(3)), byDay({ tellWaveSizes: [24] }));
    const { hourClock } = world;
    await world.work(rolloutNo);
    await world.makeDue();
    await world.hearSensor();
    // To the day of its people, and to after the deadline of contained and untold.
    for (const databaseHours of [9, 24 * 9]) {
      await world.run(rolloutNo, 'tell', { ...ahead({ databaseHours }), hourClock });
      await world.makeDue();
    }
    expect((await world.outcomes(rolloutNo, 'tell')).every((byte) => byte === deliveryByte('created'))).toBe(true);
    // And it is not the wait that does it: a worker that begins by those clocks tells them.
    expect(await world.run(rolloutNo, 'tell', ahead({ databaseHours: 9 }))).toBe('settled');
  });

  test('that is due while nobody may be told is put off without a turn of the workers: it is not tried, and not spun', async () => {
    const { plan, rolloutNo } = await world.startedPlan(holders(24, zoneWhereItIs(3)), byDay({ tellWaveSizes: [24] }));
    await world.work(rolloutNo);
    const entries = async (): Promise<number> =>
      (await world.pool.query(`SELECT FROM ledger_entry WHERE event = 'permit.held'`)).rowCount ?? 0;
    const before = await entries();
    await world.work(rolloutNo);
    await world.work(rolloutNo);
    expect(await entries()).toBe(before);
    expect(await tellStatus(plan.id)).toMatchObject({ phase: 'running', inFlight: 0 });
    expect((await world.permits(rolloutNo, 'tell')).every((permit) => permit.attempt === 0)).toBe(true);

    // Halted, they wait for people; resumed in the same night, for the morning again.
    await world.halt(plan.id);
    expect(await tellStatus(plan.id)).toMatchObject({ phase: 'halted', inFlight: 0, heldForHours: null });
    await world.agreeToResume(plan);
    await world.resume(plan.id);
    await world.work(rolloutNo);
    expect(await tellStatus(plan.id)).toMatchObject({ phase: 'running', heldForHours: { people: 24 } });
    expect((await world.outcomes(rolloutNo, 'tell')).every((byte) => byte === deliveryByte('created'))).toBe(true);
  });
});

describe('at any hour', () => {
  test('whoever was told something wrong is told that we check it, in the middle of the night', async () => {
    const asleep = holders(30, zoneWhereItIs(3));
    const { plan, rolloutNo } = await world.startedPlan(asleep, byDay({ tellWaveSizes: [10, 20] }));
    const { sink, sendPermit } = await aSender();
    await world.work(rolloutNo, { sendPermit });
    expect(sink.taken).toHaveLength(10);
    await world.halt(plan.id);
    await sendCorrection(world, plan.id, 'holding', 10, world.author.id);
    await world.work(rolloutNo, { sendPermit });
    expect(sink.taken).toHaveLength(20);
    expect(toldOf(sink, asleep)).toBe(20);
  });

  test('accounts are contained: no thief is left inside until it is morning', async () => {
    const asleep = holders(24, zoneWhereItIs(3));
    const { rolloutNo } = await world.startedPlan(
      asleep,
      byDay({ order: 'interlocked', tellWaveSizes: [24], containWaveSizes: [24] }),
    );
    await world.work(rolloutNo);
    expect(asleep.every((id) => world.directory.signIn(id, oldPassword) === null)).toBe(true);
    expect((await world.track(rolloutNo, 'contain')).phase).toBe('finished');
  });
});

test('the plan says by its digest where everybody lives', async () => {
  const accounts = [...holders(2, 'Europe/Berlin'), ...holders(1, null)];
  const plan = await world.draft([await world.addBatch(accounts)], { budgetFloor: 10_000 });
  const lines = (await world.export(plan)).flatMap((line) => (line.kind === 'target' ? [line.target] : []));
  expect(lines.map((line) => line.timeZone ?? 'unsaid').toSorted()).toEqual([
    'Europe/Berlin',
    'Europe/Berlin',
    'unsaid',
  ]);
  const hash = digests.sha256Stream();
  for (const line of lines) hash.update(`${digests.canonical(line)}\n`);
  expect(hash.digest()).toBe(plan.header.targets.digest);
  // A line without a zone is as it was before there were zones: plans that were frozen then keep their digest.
  expect(lines.filter((line) => 'timeZone' in line)).toHaveLength(2);
  await world.pool.query(`UPDATE plan_target SET time_zone = 'Asia/Tokyo' WHERE account_id = $1`, [accounts[0]]);
  await world.approve(plan);
  await expect(world.start(plan)).rejects.toMatchObject({ code: 'digest-mismatch' });
});

test('the hour of the day is the one that another reader of the zone data finds', async () => {
  const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Pacific/Kiritimati'];
  const { rows } = await world.pool.query<{ zone: string; at: Date; hour: number }>(
    `SELECT zone, at, extract(hour FROM at AT TIME ZONE zone)::int AS hour
     FROM unnest($1::text[]) zone, generate_series(timestamptz '2026-01-01', '2026-12-31', interval '7 hours 13 minutes') at`,
    [zones],
  );
  expect(rows.length).toBeGreaterThan(5_000);
  const differing = rows.filter((row) => localHour(row.zone, row.at) !== row.hour);
  expect(differing).toEqual([]);
});
