import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { beforeAll, afterEach, describe, expect, test } from 'vitest';
import { makeHostClock } from '../../src/adapters/fence/host-clock.ts';
import { compileMessage } from '../../src/adapters/mail/compile-message.ts';
import { inspectMail } from '../../src/adapters/mail/inspect-mail.ts';
import { makeDatabase } from '../../src/adapters/postgres/database.ts';
import { makeRateStore } from '../../src/adapters/postgres/rate-store.ts';
import { makeMailPauses } from '../../src/app/notice/mail-pauses.ts';
import { makeMailRates } from '../../src/app/notice/mail-rates.ts';
import type { MailRateLeases } from '../../src/app/notice/mail-rates.ts';
import { makePermitSender } from '../../src/app/notice/send-permit.ts';
import type { SendPermitDeps } from '../../src/app/notice/send-permit.ts';
import type { Directory } from '../../src/app/ports/directory.ts';
import type { DotLog } from '../../src/app/ports/dot-log.ts';
import type { HolderTransport } from '../../src/app/ports/holder-transport.ts';
import type { MailMember } from '../../src/app/ports/rollout-store.ts';
import { settlePermit } from '../../src/app/rollout/settle-permit.ts';
import type { PermitFindings } from '../../src/app/rollout/settle-permit.ts';
import { takePermit } from '../../src/app/rollout/take-permit.ts';
import type { TakenPermit } from '../../src/app/rollout/take-permit.ts';
import { claimedByte, releasedByte } from '../../src/app/rollout/track-outcomes.ts';
import { deliveryByte, deliveryStateOf } from '../../src/domain/notice/delivery-state.ts';
import type { FrozenPlan } from '../../src/domain/plan/frozen-plan.ts';
import type { MailRates } from '../../src/domain/rate/mail-rates.ts';
import type { PlanLimits } from '../../src/domain/plan/limits.ts';
import type { AccountId } from '../../src/domain/shared/ids.ts';
import { makeMailIdentity } from '../../src/main/mail-identity.ts';
import { aSink, aTransport, patientLimits } from '../mail/fixture.ts';
import { Faults } from '../fakes/faults.ts';
import { checkNotice } from '../support/notice-checker.ts';
import { templateDigests } from '../support/shipped-templates.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { withRolloutWorlds } from '../support/rollout-world.ts';
import type { RolloutWorld } from '../support/rollout-world.ts';
import type { SinkOptions, SmtpSink } from '../support/smtp-sink.ts';
import { whatIsTrue } from '../support/what-is-true.ts';
import { noRates } from '../support/no-rates.ts';

const openWorld = withRolloutWorlds(withTestPostgres());
const languages = ['en', 'de', 'es', 'ja'] as const;
/** Everybody in one wave and one permit. */
const onePermit: Partial<PlanLimits> = {
  order: 'contain-first',
  containWaveSizes: [1_000],
  tellWaveSizes: [1_000],
  smallPermitSize: 100,
  retrySeconds: 300,
};

let world: RolloutWorld;

beforeAll(async () => {
  world = await openWorld();
  return () => world.close();
});

afterEach(() => world.setAsideRollouts());

interface Told {
  readonly plan: FrozenPlan;
  readonly rolloutNo: number;
  readonly sink: SmtpSink;
  readonly members: readonly MailMember[];
  send(changes?: Partial<SendPermitDeps>): ReturnType<typeof makePermitSender>;
}

/** A plan over `count` contained holders of four languages, whose notices go to a sink of its own. */
async function readyToTell(
  count: number,
  sinkOptions: SinkOptions = {},
  afterDotMs = 20_000,
  domains: readonly string[] = ['mail.test'],
): Promise<Told> {
  const holders = Array.from(
    { length: count },
    (_, index) => world.addHolders(1, languages[index % 4], domains[index % domains.length])[0] as AccountId,
  );
  const { plan, rolloutNo } = await world.startedPlan(holders, onePermit);
  await world.hearSensor();
  await world.advance(rolloutNo);
  await world.run(rolloutNo, 'contain');
  await world.advance(rolloutNo);
  await world.advance(rolloutNo);
  const sink = await aSink(sinkOptions);
  const transport = aTransport(sink, { connections: 4, limits: { ...patientLimits, afterDotMs } });
  const members = await world.store.transact((tx) => tx.rollouts.mailMembers(rolloutNo, 'tell', 0, count));
  expect(members).toHaveLength(count);
  return {
    plan,
    rolloutNo,
    sink,
    members,
    send: (changes) => makePermitSender({ ...senderDeps(transport), ...changes }),
  };
}

function senderDeps(transport: HolderTransport): SendPermitDeps {
  return {
    store: world.store,
    directory: world.directory,
    transport,
    templates: world.templates,
    compileMessage,
    inspectMail,
    noticeNumbers: world.noticeNumbers,
    dotLog: world.dotLog,
    identity: makeMailIdentity({
      returnPathDomain: null,
      mailFrom: 'Chirp <notices@chirp.test>',
      publicUrl: 'https://accounts.chirp.test',
      deployment: world.deploymentId,
      keys: world.keys,
    }),
    addressKey: (address) => `key of ${address}`,
    now: () => new Date('2026-11-03T04:05:06Z'),
    mailPauses: makeMailPauses({ monotonicMs: () => 0 }),
    mailRates: noRates,
  };
}

async function take(rolloutNo: number): Promise<TakenPermit> {
  await world.hearSensor();
  const taken = await takePermit(world.runDeps(), rolloutNo, 'tell');
  if (taken.kind !== 'permit') throw new Error(`no permit: ${JSON.stringify(taken)}`);
  return taken;
}

async function settle({ permit, limits }: TakenPermit, findings: PermitFindings): Promise<void> {
  await settlePermit({ store: world.store, digests: templateDigests }, permit, limits, findings);
}

/** One whole try, settled: what a worker does. */
async function tell(told: Told, changes: Partial<SendPermitDeps> = {}): Promise<readonly string[]> {
  await world.hearSensor();
  await world.makeDue();
  const run = await world.run(told.rolloutNo, 'tell', { sendPermit: told.send(changes) });
  expect(run).toBe('settled');
  return (await world.outcomes(told.rolloutNo, 'tell')).map(deliveryStateOf);
}

function counted(words: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

/** The accounts of `told` as the directory would answer, with some of them changed. */
function directoryThat(changes: Partial<Pick<Directory, 'readAccounts'>>): Directory {
  return { ...new Faults(null).directory(world.directory), ...changes };
}

function recipients(sink: SmtpSink): readonly string[] {
  return sink.taken.flatMap((message) => message.to).toSorted();
}

function addressesOf(members: readonly MailMember[]): readonly string[] {
  return members.map((member) => member.address ?? '').toSorted();
}

describe('a server that refuses us and not the person', () => {
  test.each([
    ['rcpt', '554 5.7.1 <x@mail.test>: Relay access denied', 'deferred', 1],
    ['mail', '550 Sender rejected', 'released', 0],
  ] as const)(
    'marks nobody refused or dead at %s: they wait, and are told once it is mended',
    async (at, say, word, held) => {
      const told = await readyToTell(1, { rules: [{ at, message: 0, say: `${say}\r\n` }] });
      let now = 0;
      const mailPauses = makeMailPauses({ monotonicMs: () => now });
      const heldByPolicy = (): Promise<number> =>
        world.store.transact((tx) => tx.feedback.heldByPolicy(told.rolloutNo, 'tell'));
      expect(counted(await tell(told, { mailPauses }))).toEqual({ [word]: 1 });
      expect(mailPauses.heldBy() ?? mailPauses.refusedBy()).toContain(say.slice(0, 3));
      expect(await heldByPolicy()).toBe(held);
      expect((await world.pool.query(`SELECT FROM suppression WHERE reason = 'refused'`)).rowCount).toBe(0);
      now += 600_000;
      expect(counted(await tell(told, { mailPauses }))).toEqual({ accepted: 1 });
      expect([recipients(told.sink), await heldByPolicy()]).toEqual([addressesOf(told.members), 0]);
    },
  );
});

describe('the mails of a permit', () => {
  test('go to each member once, at the frozen address, and every word of each is true of its reader', async () => {
    const told = await readyToTell(12);
    expect(counted(await tell(told))).toEqual({ accepted: 12 });
    expect(recipients(told.sink)).toEqual(addressesOf(told.members));
    for (const message of told.sink.taken) {
      const member = told.members.find((one) => one.address === message.to[0]);
      const findings = await checkNotice(message.raw, {
        address: message.to[0] ?? '',
        language: member?.language ?? '',
        trueMeanings: whatIsTrue({
          oldPasswordWorks: false,
          choseNewPassword: false,
          sessionsEnded: true,
          passwordInList: true,
          observed: false,
          reported: false,
          earlierNotice: 'none',
          beingChecked: false,
          verdict: 'none',
        }),
        requiredMeanings: new Set(['old-password-works-no-more']),
        linkOrigins: ['https://accounts.chirp.test'],
        serviceAddresses: ['help@chirp.test', 'notices@chirp.test'],
        noticeNumber: member?.noticeNumber ?? '',
      });
      expect(findings).toEqual([]);
    }
    const ids = await Promise.all(told.sink.taken.map(async (one) => (await simpleParser(one.raw)).messageId));
    expect(new Set(ids).size).toBe(12);
  });

  test('are withheld from whoever changed their address since, at the old address and at the new', async () => {
    const told = await readyToTell(5);
    const moved = told.members[2] as MailMember;
    const directory = directoryThat({
      readAccounts: async (ids) =>
        new Map(
          [...(await world.directory.readAccounts(ids))].map(([id, account]) =>
            id === moved.accountId ? [id, { ...account, address: `${moved.address?.toUpperCase()}` }] : [id, account],
          ),
        ),
    });
    const words = await tell(told, { directory });
    expect(words[moved.ordinal]).toBe('withheld');
    expect(counted(words)).toEqual({ accepted: 4, withheld: 1 });
    expect(recipients(told.sink)).toEqual(addressesOf(told.members.filter((one) => one !== moved)));
  });

  test('are withheld from whoever has no receipt of what the mail would say was done', async () => {
    const told = await readyToTell(4);
    await world.pool.query('DELETE FROM restore_point WHERE account_id = ANY($1)', [
      told.members.map((member) => member.accountId),
    ]);
    expect(counted(await tell(told))).toEqual({ withheld: 4 });
    expect(told.sink.taken).toEqual([]);
    expect(told.sink.wholeMessages()).toBe(0);
  });

  test('are withheld where the evidence that they speak of was withdrawn', async () => {
    const told = await readyToTell(3);
    await world.withdraw(told.plan.header.evidence.batches[0] as `batch_${number}`, 'rule-wrong');
    expect(counted(await tell(told))).toEqual({ withheld: 3 });
    expect(told.sink.wholeMessages()).toBe(0);
  });

  test('wait while the directory does not say where its holders are, and then go out: nobody is given up for it', async () => {
    const told = await readyToTell(4);
    const away = directoryThat({ readAccounts: () => Promise.reject(new Error('away')) });
    expect(counted(await tell(told, { directory: away }))).toEqual({ released: 4 });
    expect(told.sink.wholeMessages()).toBe(0);
    expect(counted(await tell(told))).toEqual({ accepted: 4 });
    expect(recipients(told.sink)).toEqual(addressesOf(told.members));
  });

  test('stop between two of them once the fence is closed; the rest is released and goes out once under a later permit', async () => {
    const told = await readyToTell(20);
    const taken = await take(told.rolloutNo);
    let looks = 0;
    const findings = await told.send()(told.plan, taken, () => {
      looks += 1;
      if (looks === 12) world.fence.close(told.rolloutNo, 'tell', 1);
      return world.fence.mayAct(told.rolloutNo, 'tell', taken.permit.epoch);
    });
    const sent = told.sink.wholeMessages();
    expect(sent).toBeLessThan(12);
    const counts = counted([...findings.outcome].map(deliveryStateOf));
    expect(counts['accepted']).toBe(sent);
    // Those that no mail was begun for are still claimed: settling releases them.
    expect((counts['released'] ?? 0) + (counts['claimed'] ?? 0)).toBe(20 - sent);
    await world.expirePermits();
    await world.recover();
    await world.halt(told.plan.id, 'tell');
    await world.agreeToResume(told.plan);
    expect((await world.resume(told.plan.id)).kind).toBe('resumed');
    expect(counted(await tell(told))).toEqual({ accepted: 20 });
    expect(recipients(told.sink)).toEqual(addressesOf(told.members));
  });

  test('do not begin once the permit has run out', async () => {
    const told = await readyToTell(5);
    const taken = await take(told.rolloutNo);
    const findings = await told.send()(told.plan, taken, () => false);
    expect([...findings.outcome]).toEqual(Array.from({ length: 5 }, () => claimedByte));
    expect(told.sink.connections()).toBe(0);
  });

  test('do not end with a dot when the permit runs out during the very last wait', async () => {
    const told = await readyToTell(3);
    const taken = await take(told.rolloutNo);
    let looks = 0;
    // One look before the mails are begun; each look after that is the one before a dot.
    const findings = await told.send()(told.plan, taken, () => (looks += 1) <= 1);
    expect([...findings.outcome]).toEqual([releasedByte, releasedByte, releasedByte]);
    expect(told.sink.wholeMessages()).toBe(0);
  });

  test('that were answered by silence after the dot are unknown, and no later try sends them again', async () => {
    const told = await readyToTell(
      6,
      {
        rules: [
          { at: 'dot', message: 1, say: '', then: 'silence', takes: true },
          { at: 'rcpt', message: 3, say: '451 4.3.0 later\r\n' },
        ],
      },
      300,
    );
    expect(counted(await tell(told))).toEqual({ accepted: 4, unknown: 1, deferred: 1 });
    expect(counted(await tell(told))).toEqual({ accepted: 5, unknown: 1 });
    expect(recipients(told.sink)).toEqual(addressesOf(told.members));
  });
});

describe('a mail server that wants to be left alone', () => {
  /** Seconds until the one range of a track may be claimed again. */
  async function dueIn(rolloutNo: number): Promise<number> {
    const { rows } = await world.pool.query<{ seconds: number }>(
      `SELECT extract(epoch FROM due_at - clock_timestamp())::float8 AS seconds FROM permit WHERE rollout_no = $1 AND track = 'tell'`,
      [rolloutNo],
    );
    return rows[0]?.seconds ?? 0;
  }

  test('for one domain: the mails of the others leave, those of this one later, and each person gets one', async () => {
    const told = await readyToTell(
      16,
      { rules: [{ at: 'rcpt', recipient: '@busy.test', say: '421 4.7.28 too many\r\n', then: 'fin', times: 4 }] },
      20_000,
      ['mail.test', 'busy.test'],
    );
    let nowMs = 0;
    const mailPauses = makeMailPauses({ monotonicMs: () => nowMs });
    const first = counted(await tell(told, { mailPauses }));
    expect(first['accepted']).toBe(8);
    expect((first['deferred'] ?? 0) + (first['released'] ?? 0)).toBe(8);
    // Four at once at most were under way when the first of them heard it.
    expect(first['deferred']).toBeLessThanOrEqual(4);
    expect(await dueIn(told.rolloutNo)).toBeGreaterThan(290);
    expect(counted(await tell(told, { mailPauses }))['accepted']).toBe(8);
    nowMs += 3_600_000;
    for (let turn = 0; turn < 4; turn += 1) {
      if ((await world.outcomes(told.rolloutNo, 'tell')).every((byte) => deliveryStateOf(byte) === 'accepted')) break;
      await tell(told, { mailPauses });
      nowMs += 3_600_000;
    }
    expect(recipients(told.sink)).toEqual(addressesOf(told.members));
  });

  test('by greylisting is asked again no sooner than in five minutes', async () => {
    const told = await readyToTell(3, { rules: [{ at: 'rcpt', message: 1, say: '450 4.7.1 greylisted\r\n' }] });
    expect(counted(await tell(told))).toEqual({ accepted: 2, deferred: 1 });
    expect(await dueIn(told.rolloutNo)).toBeGreaterThan(290);
    expect(counted(await tell(told))).toEqual({ accepted: 3 });
  });

  test('and tries that were none cost nobody their turn: a mail is given up after its own tries alone', async () => {
    const told = await readyToTell(2, {
      rules: [{ at: 'rcpt', message: 0, say: '451 4.3.0 later\r\n' }],
    });
    // As if forty claims had found the server away.
    const taken = await take(told.rolloutNo);
    await settle(taken, { outcome: taken.permit.outcome, notes: [], peerAway: true });
    await world.pool.query(`UPDATE permit SET attempt = 40 WHERE rollout_no = $1 AND track = 'tell'`, [told.rolloutNo]);
    expect(counted(await tell(told))).toEqual({ accepted: 1, deferred: 1 });
    expect(await dueIn(told.rolloutNo)).toBeLessThan(400);
    expect(counted(await tell(told))).toEqual({ accepted: 2 });
  });

  test('for one person is given up after as many tries as the plan says, and its note says so with the last answer', async () => {
    const told = await readyToTell(1, { rules: [{ at: 'rcpt', say: '452 4.2.2 mailbox full\r\n' }] });
    // Eight are the standard.
    for (let turn = 1; turn < 8; turn += 1) expect(await tell(told)).toEqual(['deferred']);
    expect(await tell(told)).toEqual(['withheld']);
    const notes = await world.store.transact((tx) => tx.rollouts.notesOf(told.rolloutNo, 'tell', 0));
    expect(notes.map(({ state }) => state)).toEqual([...Array<string>(7).fill('deferred'), 'withheld']);
    expect(notes.at(-1)?.note).toBe('gave up: tried too often; last: 452 4.2.2 at envelope');
    expect(told.sink.wholeMessages()).toBe(0);
  });

  test('that turns us away holds everyone: nothing is taken meanwhile, and then each gets one', async () => {
    // All four that may be under way at a time.
    const told = await readyToTell(5, {
      rules: [0, 1, 2, 3].map((connection) => ({ at: 'connect', connection, say: '554 5.7.1 not you\r\n' })),
    });
    let nowMs = 0;
    const mailPauses = makeMailPauses({ monotonicMs: () => nowMs });
    const one = aTransport(told.sink, { connections: 1 });
    expect(counted(await tell(told, { mailPauses, transport: one }))['released']).toBeGreaterThan(0);
    const heldBy = mailPauses.heldBy();
    expect(heldBy).toMatch(/until somebody mends it.*554/);
    const sendPermit = told.send({ mailPauses, transport: one });
    await world.makeDue();
    const run = { sendPermit, mailHeldBy: mailPauses.heldBy };
    expect(await world.run(told.rolloutNo, 'tell', run)).toEqual({ heldBy });
    nowMs += 30_000;
    expect(await world.run(told.rolloutNo, 'tell', run)).toBe('settled');
    expect(recipients(told.sink)).toEqual(addressesOf(told.members));
  });
});

describe('a worker that is lost', () => {
  test('after some dots: what the world answered is kept, and only the others are sent, once, under the next attempt', async () => {
    const told = await readyToTell(12);
    const taken = await take(told.rolloutNo);
    let looks = 0;
    // What it found out is lost with it; the dot file is what is left.
    await told.send()(told.plan, taken, () => (looks += 1) <= 9);
    const sentBefore = recipients(told.sink);
    expect(sentBefore.length).toBeGreaterThan(0);
    await world.expirePermits();
    expect(await world.recover()).toBe(1);
    expect(counted((await world.outcomes(told.rolloutNo, 'tell')).map(deliveryStateOf))).toEqual({
      accepted: sentBefore.length,
      released: 12 - sentBefore.length,
    });
    expect(counted(await tell(told))).toEqual({ accepted: 12 });
    expect(recipients(told.sink)).toEqual(addressesOf(told.members));
  });

  test('between a dot and its reply: that one is unknown, perhaps corrected one day, never sent again', async () => {
    const told = await readyToTell(8);
    const taken = await take(told.rolloutNo);
    const real = aTransport(told.sink, { connections: 4 });
    const victim = told.members[5]?.address;
    const dying: HolderTransport = {
      environment: real.environment,
      close: () => real.close(),
      send: async (message, mayWriteDot) => {
        const outcome = await real.send(message, mayWriteDot);
        if (message.envelopeTo === victim) throw new Error('the process is gone');
        return outcome;
      },
    };
    await expect(told.send({ transport: dying })(told.plan, taken, () => true)).rejects.toThrow('the process is gone');
    await world.expirePermits();
    await world.recover();
    const words = (await world.outcomes(told.rolloutNo, 'tell')).map(deliveryStateOf);
    expect(words[5]).toBe('unknown');
    await world.makeDue();
    await world.hearSensor();
    await world.run(told.rolloutNo, 'tell', { sendPermit: told.send() });
    expect(counted((await world.outcomes(told.rolloutNo, 'tell')).map(deliveryStateOf))).toEqual({
      accepted: 7,
      unknown: 1,
    });
    expect(recipients(told.sink)).toEqual(addressesOf(told.members));
  });

  test('and comes back when its permit was given on sends nothing', async () => {
    const told = await readyToTell(4);
    const zombie = await take(told.rolloutNo);
    await world.expirePermits();
    await world.recover();
    await world.makeDue();
    expect(counted(await tell(told))).toEqual({ accepted: 4 });
    await expect(told.send()(told.plan, zombie, () => true)).rejects.toThrow(/taken back/);
    expect(recipients(told.sink)).toEqual(addressesOf(told.members));
  });

  test('of another host leaves a whole permit unknown, and nobody of it is mailed again', async () => {
    const told = await readyToTell(3);
    await world.hearSensor();
    await takePermit(world.runDeps({ worker: { id: 'w', host: 'host_x:boot' } }), told.rolloutNo, 'tell');
    await world.expirePermits(120);
    await world.recover();
    expect(counted((await world.outcomes(told.rolloutNo, 'tell')).map(deliveryStateOf))).toEqual({ unknown: 3 });
    await world.makeDue();
    await world.hearSensor();
    expect(await world.run(told.rolloutNo, 'tell', { sendPermit: told.send() })).toBe('idle');
    expect(told.sink.connections()).toBe(0);
  });
});

test('the bytes for one person are the same whoever else is in the permit', async () => {
  const told = await readyToTell(9);
  const captured = new Map<string, string>();
  const memory: HolderTransport = {
    environment: 'test',
    close: () => Promise.resolve(),
    send: (message, mayWriteDot) => {
      captured.set(message.envelopeTo, Buffer.from(message.content).toString('latin1'));
      return Promise.resolve(
        mayWriteDot()
          ? { kind: 'accepted', code: 250, reply: 'Ok' }
          : { kind: 'released', phase: 'data', why: 'not permitted' },
      );
    },
  };
  const anyDots: DotLog = {
    host: 'here',
    begin: () => ({ intend: () => true, settle: () => undefined, close: () => undefined }),
    takeBack: () => null,
    discard: () => undefined,
  };
  const taken = await take(told.rolloutNo);
  const whole = told.send({ transport: memory, dotLog: anyDots });
  await whole(told.plan, taken, () => true);
  const reference = new Map(captured);
  expect(reference.size).toBe(9);
  await fc.assert(
    fc.asyncProperty(fc.subarray([...Array(9).keys()], { minLength: 1 }), fc.boolean(), async (chosen, fresh) => {
      captured.clear();
      const outcome = taken.permit.outcome.map((_, index) =>
        chosen.includes(index) ? claimedByte : deliveryByte('accepted'),
      );
      // With what a sender remembers of earlier permits, and without.
      const send = fresh ? told.send({ transport: memory, dotLog: anyDots }) : whole;
      await send(told.plan, { ...taken, permit: { ...taken.permit, outcome } }, () => true);
      expect(captured.size).toBe(chosen.length);
      for (const [address, bytes] of captured) expect(bytes).toBe(reference.get(address));
    }),
    { seed: 2014, numRuns: 40 },
  );
});

describe('a rate of mail', () => {
  const reserve = 0.2;
  const named: MailRates = { all: [], eachDomain: [], domains: [], providers: [], reserve };

  function ratesOf(rates: Partial<MailRates>): MailRateLeases {
    return makeMailRates({
      rates: { ...named, ...rates },
      store: makeRateStore(makeDatabase(world.pool)),
      clock: makeHostClock(),
      standingMax: 4,
      holder: `worker ${performance.now()}`,
      nameOf: (domain) => domain,
      wait: (ms) => delay(ms),
      onFailed: (error) => {
        throw error;
      },
    });
  }

  afterEach(() => world.pool.query('TRUNCATE mail_rate'));

  test('that is used up keeps the others back, and gives nobody up, however often their turn comes', async () => {
    const told = await readyToTell(10);
    const mailRates = ratesOf({ all: [{ messages: 5, windowSeconds: 86_400 }] });
    expect(counted(await tell(told, { mailRates }))).toEqual({ accepted: 4, released: 6 });
    expect(mailRates.heldBy('tell')).toBe(
      'notices wait: the rate of all mail is used up for now (5 per day); it goes on by itself',
    );
    // A worker is asked for nothing that only costs a try: for corrections one is left.
    expect(mailRates.heldBy('correct')).toBeNull();
    await world.pool.query('UPDATE permit SET attempt = 300 WHERE rollout_no = $1', [told.rolloutNo]);
    expect(counted(await tell(told, { mailRates }))).toEqual({ accepted: 4, released: 6 });
    // The same for a worker that starts now: what was sent is known to the database.
    expect(
      counted(await tell(told, { mailRates: ratesOf({ all: [{ messages: 5, windowSeconds: 86_400 }] }) })),
    ).toEqual({
      accepted: 4,
      released: 6,
    });
    expect(told.sink.wholeMessages()).toBe(4);
    await world.pool.query('TRUNCATE mail_rate');
    expect(counted(await tell(told, { mailRates: ratesOf({}) }))).toEqual({ accepted: 10 });
    expect(recipients(told.sink)).toEqual(addressesOf(told.members));
  });

  test('of one domain holds nobody of another', async () => {
    const told = await readyToTell(12, {}, 20_000, ['mail.test', 'slow.test']);
    const mailRates = ratesOf({ domains: [{ domain: 'slow.test', limits: [{ messages: 3, windowSeconds: 3_600 }] }] });
    expect(counted(await tell(told, { mailRates }))).toEqual({ accepted: 8, released: 4 });
    expect(mailRates.heldBy('tell')).toBeNull();
    expect(recipients(told.sink).filter((one) => one.endsWith('@slow.test'))).toHaveLength(2);
  });

  test('that a mail waits for before its dot does not outlast a halt', async () => {
    const told = await readyToTell(3);
    const mailRates = ratesOf({ all: [{ messages: 1, windowSeconds: 1 }] });
    const taken = await take(told.rolloutNo);
    const mayAct = (): boolean => world.fence.mayAct(told.rolloutNo, 'tell', taken.permit.epoch);
    const sending = told.send({ mailRates })(told.plan, taken, mayAct);
    await expect.poll(() => told.sink.wholeMessages()).toBe(1);
    world.fence.close(told.rolloutNo, 'tell', taken.permit.epoch);
    const findings = await sending;
    expect(told.sink.wholeMessages()).toBe(1);
    expect(counted([...findings.outcome].map(deliveryStateOf))['accepted']).toBe(1);
    await settle(taken, findings);
  });
});
