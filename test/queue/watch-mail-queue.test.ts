import { beforeAll, describe, expect, test } from 'vitest';
import { makeMailQueueWatch } from '../../src/app/notice/watch-mail-queue.ts';
import type { MailQueueWatch } from '../../src/app/notice/watch-mail-queue.ts';
import type { MailQueue, QueuedMail, QueueReading } from '../../src/app/ports/mail-queue.ts';
import { haltAfterRestart } from '../../src/app/rollout/halt-after-restart.ts';
import { readRolloutStatus } from '../../src/app/rollout/read-status.ts';
import { isQueueFull, queueGoesOnAt } from '../../src/domain/notice/queue-depth.ts';
import type { FrozenPlan } from '../../src/domain/plan/frozen-plan.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { withRolloutWorlds } from '../support/rollout-world.ts';
import type { RolloutWorld } from '../support/rollout-world.ts';

const openWorld = withRolloutWorlds(withTestPostgres());
let world: RolloutWorld;
let made = 0;

beforeAll(async () => {
  world = await openWorld();
  return () => world.close();
});

/** A mail server of our own: what lies in it, and what it was told. */
class FakeServer implements MailQueue {
  readonly mails = new Map<string, QueuedMail>();
  readonly told: string[] = [];
  unreadable: string | null = null;
  refuses: string | null = null;
  /** Nothing comes of an order, as when the machine goes down over it. */
  forgets = false;
  /** What the test does while an order is under way. */
  meanwhile: () => Promise<void> = () => Promise.resolve();

  read(): Promise<QueueReading> {
    if (this.unreadable !== null) return Promise.resolve({ kind: 'unreadable', why: this.unreadable });
    return Promise.resolve({ kind: 'read', own: [...this.mails.values()], others: 2 });
  }

  readonly command = {
    hold: (ids: readonly string[]) => this.#move(ids, 'on-hold'),
    release: (ids: readonly string[]) => this.#move(ids, 'deferred'),
  };

  put(reference: string, place: QueuedMail['place'] = 'deferred'): string {
    made += 1;
    const queueId = `Q${String(made).padStart(6, '0')}`;
    this.mails.set(queueId, { queueId, place, reference });
    return queueId;
  }

  count(place: QueuedMail['place']): number {
    return [...this.mails.values()].filter((mail) => mail.place === place).length;
  }

  async #move(ids: readonly string[], place: QueuedMail['place']): Promise<string | null> {
    this.told.push(`${place} ${ids.length}`);
    await this.meanwhile();
    if (this.refuses !== null) return this.refuses;
    if (this.forgets) return null;
    for (const queueId of ids) {
      const mail = this.mails.get(queueId);
      if (mail !== undefined) this.mails.set(queueId, { ...mail, place });
    }
    return null;
  }
}

interface Watched {
  readonly server: FakeServer;
  readonly watch: MailQueueWatch;
  readonly host: string;
  pass(ms: number): void;
}

function watched(cap = 10, server = new FakeServer()): Watched {
  let nowMs = 1_000;
  made += 1;
  const host = `host_${made}`;
  const clock = { monotonicMs: () => nowMs };
  const watch = makeMailQueueWatch({ queue: server, store: world.store, clock, host, hostName: host, cap });
  return { server, watch, host, pass: (ms) => (nowMs += ms) };
}

/** A plan that was told in full, its mails all in the queue of `server`. */
async function toldInto(
  server: FakeServer,
  count: number,
  tellSoakSeconds: readonly number[] = [3_600],
): Promise<{ readonly plan: FrozenPlan; readonly rolloutNo: number }> {
  const { plan, rolloutNo } = await world.startedPlan(world.addHolders(count), {
    order: 'contain-first',
    containWaveSizes: [1_000],
    tellWaveSizes: [1_000],
    tellSoakSeconds,
  });
  await world.work(rolloutNo);
  const members = await world.store.transact((tx) => tx.rollouts.mailMembers(rolloutNo, 'tell', 0, count));
  for (const { noticeNumber } of members) server.put(noticeNumber.replaceAll('-', '').slice(0, 16).toLowerCase());
  return { plan, rolloutNo };
}

async function handedOver(plan: FrozenPlan) {
  return (await readRolloutStatus(world, plan.id)).handedOver;
}

async function eventsOf(rolloutNo: number): Promise<readonly string[]> {
  const { rows } = await world.pool.query<{ event: string; body: string }>(
    `SELECT event, body FROM ledger_entry WHERE chain = $1 AND event LIKE 'queue.%' ORDER BY seq`,
    [`rollout:${rolloutNo}`],
  );
  return rows.map(({ event, body }) => `${event} ${(JSON.parse(body) as { mails: number }).mails}`);
}

describe('the cap', () => {
  test('is met by the mail that fills it, and left only far below it', () => {
    expect(queueGoesOnAt(10)).toBe(8);
    expect([9, 10, 11].map((leaving) => isQueueFull(leaving, 10, false))).toEqual([false, true, true]);
    expect([10, 9, 8].map((leaving) => isQueueFull(leaving, 10, true))).toEqual([true, true, false]);
    expect([isQueueFull(0, 1, true), isQueueFull(1, 1, false)]).toEqual([false, true]);
  });

  test('holds before the first look, when the queue cannot be read, and when that was too long ago', async () => {
    const { server, watch, pass } = watched();
    expect(watch.heldBy()).toMatch(/cannot be read: it was not looked at yet/);
    await watch.look();
    expect(watch.heldBy()).toBeNull();
    pass(60_001);
    expect(watch.heldBy()).toMatch(/was not read for more than 60 s/);
    await watch.look();
    expect(watch.heldBy()).toBeNull();
    server.unreadable = 'there is no postqueue on this machine';
    await watch.look();
    expect(watch.heldBy()).toBe(
      'what the mail server still holds cannot be read: there is no postqueue on this machine',
    );
  });

  test('counts what this worker handed over since, until a look has counted it', async () => {
    const { server, watch } = watched(3);
    await watch.look();
    watch.noteHandedOver();
    watch.noteHandedOver();
    expect(watch.heldBy()).toBeNull();
    watch.noteHandedOver();
    expect(watch.heldBy()).toMatch(/3 of our mails, its cap; it goes on at 2/);
    server.put('0000000000000001');
    server.put('0000000000000002', 'on-hold');
    await watch.look();
    expect(watch.heldBy()).toBeNull();
  });
});

describe('what is known of a queue', () => {
  test('stays as it was read, with its time and with why it cannot be read now, and is no zero', async () => {
    const { server, watch, host } = watched();
    server.put('0000000000000001');
    await watch.look();
    server.unreadable = 'it hangs';
    await watch.look();
    const [level] = (await world.store.transact((tx) => tx.mailQueue.levels(60))).filter((one) => one.host === host);
    expect(level).toMatchObject({
      deferred: 1,
      others: 2,
      readError: 'it hangs',
      holdReason: expect.any(String) as string,
    });
    expect(level?.readAt).toBeInstanceOf(Date);
  });

  test('that was never read is unknown', async () => {
    const { server, watch, host } = watched();
    server.unreadable = 'permission denied';
    await watch.look();
    const [level] = (await world.store.transact((tx) => tx.mailQueue.levels(60))).filter((one) => one.host === host);
    expect(level).toMatchObject({ readAt: null, readError: 'permission denied' });
  });
});

describe('mails handed over before a halt', () => {
  test('that the mail server refuses to hold are told as such, and tried at every look', async () => {
    const { server, watch, host } = watched();
    const { plan, rolloutNo } = await toldInto(server, 4);
    server.refuses = 'postsuper ended with 1: this is for root';
    await world.halt(plan.id);
    await watch.look();
    await watch.look();
    const facts = await handedOver(plan);
    expect(facts).toMatchObject({ mails: 4, onHold: 0 });
    expect(facts.queues.find((one) => one.host === host)?.commandError).toMatch(/this is for root/);
    server.refuses = null;
    await watch.look();
    expect(await handedOver(plan)).toMatchObject({ mails: 4, onHold: 4 });
    expect((await handedOver(plan)).queues.find((one) => one.host === host)?.commandError).toBeNull();
    expect(await eventsOf(rolloutNo)).toEqual(['queue.held 4']);
  });

  test('are in figures of before the halt until they are held: whoever halts is not told that none are', async () => {
    const { server, watch, host } = watched();
    const { plan } = await toldInto(server, 3);
    await watch.look();
    await world.halt(plan.id);
    const haltedAt = (await readRolloutStatus(world, plan.id)).readAt;
    const level = async () => (await handedOver(plan)).queues.find((one) => one.host === host);
    let during = await level();
    server.meanwhile = async () => void (during = await level());
    await watch.look();
    expect(during?.readAt?.getTime()).toBeLessThan(haltedAt.getTime());
    const after = await level();
    expect(after).toMatchObject({ onHold: 3, deferred: 0 });
    expect(after?.readAt?.getTime()).toBeGreaterThan(haltedAt.getTime());
  });

  test('are held though a worker died between the order and its outcome', async () => {
    const { server, watch } = watched();
    const { plan, rolloutNo } = await toldInto(server, 3);
    await world.halt(plan.id);
    server.forgets = true;
    await watch.look();
    expect((await handedOver(plan)).onHold).toBe(0);
    server.forgets = false;
    await watch.look();
    expect([server.count('on-hold'), (await handedOver(plan)).onHold]).toEqual([3, 3]);
    expect(await eventsOf(rolloutNo)).toEqual(['queue.held 3']);
  });

  test('that somebody lets go by hand are held again: a halt ends by its quorum', async () => {
    const { server, watch } = watched();
    const { plan, rolloutNo } = await toldInto(server, 2);
    await world.halt(plan.id);
    await watch.look();
    for (const mail of server.mails.values()) server.mails.set(mail.queueId, { ...mail, place: 'waiting' });
    await watch.look();
    expect(server.count('on-hold')).toBe(2);
    expect(await eventsOf(rolloutNo)).toEqual(['queue.held 2']);
  });

  test('of a rollout that was not halted, and of no rollout, are left alone', async () => {
    const { server, watch } = watched(100);
    const halted = await toldInto(server, 2);
    await toldInto(server, 3);
    server.put('zzzzzzzzzzzzzzzz');
    server.put('complaints');
    await world.halt(halted.plan.id);
    await watch.look();
    expect([server.count('on-hold'), server.count('deferred')]).toEqual([2, 5]);
    expect(server.told).toEqual(['on-hold 2']);
  });

  test('are not let go by a database that may be older than the world', async () => {
    const { server, watch } = watched();
    const { plan } = await toldInto(server, 2);
    await world.halt(plan.id);
    await watch.look();
    await world.agreeToResume(plan);
    await world.resume(plan.id);
    const lost = { kind: 'lost', reason: 'a test', foundOn: 'host' } as const;
    await world.store.transact((tx) => tx.standing.noteBehind(lost));
    await watch.look();
    expect(server.count('on-hold')).toBe(2);
    await world.store.transact((tx) => tx.standing.clearBehind());
    await watch.look();
    expect(server.count('on-hold')).toBe(0);
  });

  test('count as perhaps still there for five days, and until they are known to have arrived', async () => {
    const { server, watch } = watched();
    const { plan, rolloutNo } = await toldInto(server, 4);
    await watch.look();
    await world.store.transact((tx) =>
      tx.feedback.add({
        noticeNumber: 'a number',
        rolloutNo,
        track: 'tell',
        ordinal: 1,
        kind: 'auto-replied',
        class: null,
        status: null,
        source: 'report',
        providerId: null,
        eventAt: null,
      }),
    );
    expect((await handedOver(plan)).mails).toBe(3);
    expect((await world.halt(plan.id)).rollouts[0]?.handedOver).toBe(4);
    await world.pool.query(
      `UPDATE permit SET settled_at = settled_at - interval '5 days' WHERE rollout_no = $1 AND from_ordinal = 0`,
      [rolloutNo],
    );
    expect((await handedOver(plan)).mails).toBeLessThan(3);
  });
});

describe('mails of a rollout that is over, still in the queue', () => {
  async function finishedInto(server: FakeServer, count: number): Promise<FrozenPlan> {
    const { plan } = await toldInto(server, count, [0]);
    expect((await readRolloutStatus(world, plan.id)).phase).toBe('finished');
    return plan;
  }

  test('are held by a halt of their plan, shown as such, and let go by two', async () => {
    const { server, watch } = watched(100);
    await watch.look();
    const plan = await finishedInto(server, 3);
    const other = await finishedInto(server, 2);
    const { rollouts, alreadyHalted } = await world.halt(plan.id);
    expect([alreadyHalted, rollouts]).toEqual([
      false,
      [{ subject: plan.id, halted: [], queues: ['tell'], inFlight: 0, handedOver: 3 }],
    ]);
    await watch.look();
    expect([server.count('on-hold'), server.count('deferred')]).toEqual([3, 2]);
    const status = await readRolloutStatus(world, plan.id);
    expect([status.phase, status.handedOver.onHold]).toEqual(['finished', 3]);
    const tell = status.tracks.find((track) => track.track === 'tell');
    expect(tell?.reasons.join()).toContain('are held there until two resume it');
    expect((await readRolloutStatus(world, other.id)).tracks.flatMap((track) => track.reasons)).toEqual([]);

    expect((await world.resume(plan.id)).kind).toBe('waiting');
    await watch.look();
    expect(server.count('on-hold')).toBe(3);
    await world.agreeToResume(plan);
    expect(await world.resume(plan.id)).toMatchObject({ kind: 'resumed', tracks: ['tell'] });
    await watch.look();
    expect(server.count('on-hold')).toBe(0);
    expect((await readRolloutStatus(world, plan.id)).tracks.flatMap((track) => track.reasons)).toEqual([]);
    await expect(world.resume(plan.id)).rejects.toMatchObject({ code: 'not-halted' });
  });

  test('are held by a halt of everything, and not by that of a server that starts', async () => {
    const { server, watch } = watched(100);
    await watch.look();
    const plan = await finishedInto(server, 2);
    await haltAfterRestart(world.haltDeps);
    await watch.look();
    expect(server.count('on-hold')).toBe(0);
    await world.halt(null);
    await watch.look();
    expect(server.count('on-hold')).toBe(2);
    // A yes to one halt lets nothing go after the next.
    await world.agreeToResume(plan);
    await world.halt(null);
    expect((await world.resume(plan.id)).kind).toBe('waiting');
  });

  test('of more than five days ago are in no queue any more: their rollout is left alone', async () => {
    const { server, watch } = watched(100);
    await watch.look();
    const plan = await finishedInto(server, 2);
    await world.pool.query(`UPDATE track SET wave_settled_at = wave_settled_at - interval '121 hours'`);
    expect((await world.halt(plan.id)).rollouts[0]?.queues).toBeUndefined();
  });

  test('cannot keep a halt from committing, whoever has their tables locked', async () => {
    const { server, watch } = watched(100);
    await watch.look();
    await finishedInto(server, 1);
    const { plan } = await toldInto(server, 2);
    const client = await world.pool.connect();
    try {
      await client.query('BEGIN; LOCK TABLE mail_queue IN ACCESS EXCLUSIVE MODE');
      expect((await world.halt(plan.id)).rollouts).toMatchObject([{ subject: plan.id, halted: ['tell'] }]);
      expect(world.warnings.join()).toContain('are not held');
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  });
});
