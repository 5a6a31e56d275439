import { afterEach, describe, expect, test, vi } from 'vitest';
import { readRolloutEvents } from '../../src/app/rollout/read-events.ts';
import type { RolloutEvent } from '../../src/app/rollout/read-events.ts';
import { readEvents } from '../../src/cli/read-events.ts';
import type { ServerEvent } from '../../src/cli/read-events.ts';
import { problem } from '../../src/contract/problem.ts';
import { makeEventStreams } from '../../src/http/events/event-streams.ts';
import type { Services } from '../../src/http/services.ts';
import type { RolloutStatus } from '../../src/app/rollout/read-status.ts';
import { fakeServices, rememberingLog } from './fake-services.ts';
import { withServedCampaign } from './served-campaign.ts';
import type { ServedCampaign } from './served-campaign.ts';

const served = withServedCampaign();
const open: AbortController[] = [];

afterEach(() => {
  for (const one of open.splice(0)) one.abort();
});

interface Listening {
  readonly events: ServerEvent[];
  readonly ended: Promise<void>;
  /** Resolves when so many of a kind were heard. */
  heard(isOne: (event: ServerEvent) => boolean, count?: number): Promise<void>;
  cut(): void;
}

async function listen({ ask }: ServedCampaign, subject: string, last?: string): Promise<Listening> {
  const controller = new AbortController();
  open.push(controller);
  const headers = last === undefined ? {} : { 'last-event-id': last };
  const answer = await ask(`/api/v1/rollouts/${subject}/events`, { headers, signal: controller.signal });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('text/event-stream');
  const events: ServerEvent[] = [];
  let changed: () => void = () => undefined;
  const ended = (async () => {
    for await (const event of readEvents(answer.body!)) {
      events.push(event);
      changed();
    }
  })().catch(() => undefined);
  return {
    events,
    ended,
    async heard(isOne, count = 1) {
      while (events.filter(isOne).length < count) await new Promise<void>((resolve) => (changed = resolve));
    },
    cut: () => controller.abort(),
  };
}

const isLedger = (event: ServerEvent): boolean => event.event === 'ledger';
const statusOf = (event: ServerEvent): Partial<RolloutStatus> => event.data as Partial<RolloutStatus>;

function named(events: readonly ServerEvent[]): string[] {
  return events.filter(isLedger).map((event) => {
    const { chain, seq, event: name } = event.data as RolloutEvent;
    return `${chain} ${seq} ${name}`;
  });
}

/** What the ledger itself holds about a rollout. */
async function entriesOf(rollout: number, subject: string): Promise<string[]> {
  const { rows } = await served().campaign.pool.query<{ chain: string; seq: number; event: string }>(
    `SELECT chain, seq, event FROM ledger_entry WHERE chain = $1
       OR (chain = 'installation' AND $2 IN (body::jsonb ->> 'plan', body::jsonb ->> 'subject', body::jsonb ->> 'retraction'))`,
    [`rollout:${rollout}`, subject],
  );
  return rows.map(({ chain, seq, event }) => `${chain === 'installation' ? chain : 'rollout'} ${seq} ${event}`);
}

describe('the events of a rollout', () => {
  test('a reader whose connection was cut goes on after the last event: every entry once, none missing', async () => {
    const { campaign } = served();
    const { plan, rollout } = await campaign.begun([await campaign.leaked(campaign.holders(6))]);
    const first = await listen(served(), plan.id, '0-0');
    await first.heard(isLedger, 2);
    await campaign.contain(plan.id, rollout);
    await first.heard((event) => (event.data as RolloutEvent).event === 'permit.settled');
    first.cut();
    await first.ended;
    // Also of what the reader was sent and had not worked on yet, it gets only what follows the last it kept.
    const kept = first.events.slice(0, -1);
    await campaign.tell(rollout, ['accepted', 'refused', 'unknown']);
    await campaign.halt(plan.id);
    await campaign.leaked(campaign.holders(1));
    const second = await listen(served(), plan.id, kept.at(-1)!.id);
    await second.heard((event) => (event.data as RolloutEvent).event === 'rollout.halted');
    const all = named([...kept, ...second.events]);
    expect(new Set(all).size).toBe(all.length);
    expect(all.toSorted()).toEqual((await entriesOf(rollout, plan.id)).toSorted());
  });

  test('a halt is told without being asked for, with who did it, and no address or reason of a person with it', async () => {
    const { campaign } = served();
    const { plan } = await campaign.begun([await campaign.leaked(campaign.holders(3))]);
    const heard = await listen(served(), plan.id);
    await heard.heard((event) => statusOf(event).phase === 'running');
    await campaign.halt(plan.id);
    await heard.heard((event) => statusOf(event).phase === 'halted');
    expect(named(heard.events)).toHaveLength(1);
    expect(heard.events.find(isLedger)?.data).toMatchObject({
      event: 'rollout.halted',
      body: { subject: plan.id, by: campaign.author },
    });
    expect(JSON.stringify(heard.events.filter(isLedger))).not.toMatch(/a test|@/);
  });

  test('ends when the rollout is finished, after everything was told, and says so to whoever comes back', async () => {
    const { campaign, ask } = served();
    const { plan, rollout } = await campaign.begun([await campaign.leaked(campaign.holders(2))]);
    const heard = await listen(served(), plan.id, '0-0');
    await heard.heard((event) => statusOf(event).phase === 'running');
    await campaign.store.transact(async (tx) => {
      for (const track of ['contain', 'tell'] as const) await tx.rollouts.setPhase(rollout, track, 'finished', []);
      await tx.ledger.append({ chain: `rollout:${rollout}`, event: 'rollout.finished', body: { subject: plan.id } });
    });
    await heard.ended;
    expect(heard.events.slice(-3).map((event) => event.event)).toEqual(['ledger', 'status', 'end']);
    expect(named(heard.events).toSorted()).toEqual((await entriesOf(rollout, plan.id)).toSorted());
    const headers = { 'last-event-id': heard.events.at(-1)!.id };
    expect((await ask(`/api/v1/rollouts/${plan.id}/events`, { headers })).status).toBe(204);
  });

  test('however small the pages are in which it is read, every entry is told once and in the order of its chain', async () => {
    const { campaign } = served();
    const { plan, rollout } = await campaign.begun([await campaign.leaked(campaign.holders(4))]);
    await campaign.contain(plan.id, rollout);
    await campaign.begun([await campaign.leaked(campaign.holders(1))]);
    await campaign.tell(rollout, []);
    await campaign.halt(plan.id);
    const wanted = await entriesOf(rollout, plan.id);
    for (const limit of [1, 2, 3, 100]) {
      const told: RolloutEvent[] = [];
      let place = { rollout: 0, installation: 0 };
      for (let isWhole = false; !isWhole;) {
        const page = await readRolloutEvents(campaign.deps, plan.id, place, limit);
        told.push(...page.events);
        ({ place, isWhole } = page);
      }
      const names = told.map(({ chain, seq, event }) => `${chain} ${seq} ${event}`);
      expect(names.toSorted()).toEqual(wanted.toSorted());
      for (const chain of ['rollout', 'installation'] as const) {
        const seqs = told.filter((one) => one.chain === chain).map((one) => one.seq);
        expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
      }
      expect(told.map((one) => one.at)).toEqual(
        told.map((one) => one.at).toSorted((a, b) => a.getTime() - b.getTime()),
      );
    }
  });

  test('a plan that was never started has no events, and an id of nobody is refused', async () => {
    const { campaign, ask } = served();
    const { plan } = await campaign.begun([await campaign.leaked(campaign.holders(1))]);
    const path = `/api/v1/rollouts/${plan.id}/events`;
    expect((await ask('/api/v1/rollouts/plan_999/events')).status).toBe(404);
    for (const last of ['x', '1', '-1-2', '999999-1', '0-999999']) {
      const answer = await ask(path, { headers: { 'last-event-id': last } });
      expect([last, answer.status, problem.parse(await answer.json()).code]).toEqual([last, 400, 'usage']);
    }
  });

  test('one caller opens ten streams and no more, and one that is closed makes room', async () => {
    const { campaign, ask } = served();
    const { plan } = await campaign.begun([await campaign.leaked(campaign.holders(1))]);
    const streams = [];
    for (let one = 0; one < 10; one += 1) streams.push(await listen(served(), plan.id));
    const path = `/api/v1/rollouts/${plan.id}/events`;
    const refused = await ask(path);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5']);
    const other = await ask(path, { as: 1 });
    expect(other.status).toBe(200);
    await other.body?.cancel();
    streams[0]!.cut();
    await expect
      .poll(async () => {
        const answer = await ask(path);
        await answer.body?.cancel();
        return answer.status;
      })
      .toBe(200);
  });
});

describe('what it costs', () => {
  afterEach(() => void vi.useRealTimers());

  function countedServices(statusMs: number): {
    services: Services;
    reads: { status: number; entries: number };
    add(count: number): void;
  } {
    const reads = { status: 0, entries: 0 };
    const log: RolloutEvent[] = [];
    const services = fakeServices({
      readEventPlace: async () => ({ rollout: log.length, installation: 0 }),
      async readRolloutEvents(_subject, after, limit) {
        reads.entries += 1;
        const events = log.slice(after.rollout, after.rollout + limit);
        const place = { rollout: after.rollout + events.length, installation: 0 };
        return { events, place, isWhole: events.length < limit };
      },
      async readRolloutStatus() {
        reads.status += 1;
        await new Promise((resolve) => setTimeout(resolve, statusMs));
        return { phase: 'running' } as RolloutStatus;
      },
    });
    return {
      services,
      reads,
      add(count) {
        for (let one = 0; one < count; one += 1)
          log.push({ chain: 'rollout', seq: log.length + 1, at: new Date(), event: 'permit.settled', body: {} });
      },
    };
  }

  test('many readers of one rollout cost as much as one, and a status that is long to count is counted seldom', async () => {
    vi.useFakeTimers();
    const { services, reads, add } = countedServices(1_900);
    const streams = makeEventStreams(services, rememberingLog(), undefined);
    const opening = Promise.all(
      (['operator_1', 'operator_2', 'operator_3'] as const).flatMap((caller) =>
        Array.from({ length: 8 }, () => streams.open(caller, 'plan_1', null)),
      ),
    );
    await vi.advanceTimersByTimeAsync(2_000);
    const opened = await opening;
    const readers = opened.map((stream) => stream!.getReader());
    const reading = readers.map(async (reader) => {
      while (!(await reader.read()).done);
    });
    for (let second = 0; second < 120; second += 1) {
      add(1);
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(reads.entries).toBeLessThanOrEqual(130);
    expect(reads.status).toBeLessThanOrEqual(8);
    for (const reader of readers) await reader.cancel();
    await Promise.all(reading);
    const { entries } = reads;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(reads.entries, 'it is read on while nobody listens').toBe(entries);
  });

  test('a reader that takes nothing is given nothing more, and then reads on without a gap', async () => {
    vi.useFakeTimers();
    const { services, add } = countedServices(0);
    const streams = makeEventStreams(services, rememberingLog(), undefined);
    const opening = streams.open('operator_1', 'plan_1', { rollout: 0, installation: 0 });
    await vi.advanceTimersByTimeAsync(10);
    const stream = (await opening)!;
    // A fast reader beside it keeps the feed going.
    const fast = (await streams.open('operator_2', 'plan_1', null))!.getReader();
    const draining = (async () => {
      while (!(await fast.read()).done);
    })();
    for (let second = 0; second < 30; second += 1) {
      add(100);
      await vi.advanceTimersByTimeAsync(1_000);
    }
    let text = '';
    const reader = stream.getReader();
    const isAll = () => text.split('event: ledger').length > 3_000;
    while (!isAll()) {
      const chunk = reader.read();
      await vi.advanceTimersByTimeAsync(1_000);
      const { value } = await chunk;
      text += new TextDecoder().decode(value);
    }
    const seqs = [...text.matchAll(/"seq":(\d+)/g)].map((match) => Number(match[1]));
    expect(seqs).toEqual(Array.from({ length: 3_000 }, (_, at) => at + 1));
    await reader.cancel();
    await fast.cancel();
    await draining;
  });

  test('while nothing happens something is said every 15 seconds', async () => {
    vi.useFakeTimers();
    const { services } = countedServices(0);
    const opening = makeEventStreams(services, rememberingLog(), undefined).open('operator_1', 'plan_1', null);
    await vi.advanceTimersByTimeAsync(10);
    const reader = (await opening)!.getReader();
    let text = '';
    const reading = (async () => {
      for (let read = await reader.read(); !read.done; read = await reader.read())
        text += new TextDecoder().decode(read.value);
    })();
    await vi.advanceTimersByTimeAsync(46_000);
    expect(text.split(': still here').length - 1).toBe(3);
    await reader.cancel();
    await reading;
  });

  test('a server that is told to stop ends every stream, and one that cannot read its database lets its readers go', async () => {
    vi.useFakeTimers();
    const stopping = new AbortController();
    const { services } = countedServices(0);
    const streams = makeEventStreams(services, rememberingLog(), stopping.signal);
    const opening = streams.open('operator_1', 'plan_1', null);
    await vi.advanceTimersByTimeAsync(10);
    const reader = (await opening)!.getReader();
    stopping.abort();
    let read = await reader.read();
    while (!read.done) read = await reader.read();
    expect(read.done).toBe(true);

    const broken = countedServices(0);
    const opened = makeEventStreams(broken.services, rememberingLog(), undefined).open('operator_1', 'plan_1', null);
    await vi.advanceTimersByTimeAsync(10);
    const left = (await opened)!.getReader();
    broken.services.readRolloutEvents = () => Promise.reject(new Error('the database went away'));
    const ending = (async () => {
      while (!(await left.read()).done);
    })();
    await vi.advanceTimersByTimeAsync(30_000);
    await ending;
  });
});
