import { afterEach, expect, test } from 'vitest';
import type { RolloutEvent } from '../../src/app/rollout/read-events.ts';
import type { RolloutStatus } from '../../src/app/rollout/read-status.ts';
import { Failure } from '../../src/domain/shared/failure.ts';
import { makeHttpApp } from '../../src/http/app.ts';
import type { Services } from '../../src/http/services.ts';
import { fakeServices, rememberingLog } from '../http/fake-services.ts';
import { openTestCli } from './cli-world.ts';
import type { TestCli } from './cli-world.ts';

const open: TestCli[] = [];

afterEach(async () => {
  for (const cli of open.splice(0)) await cli.close();
});

const running: RolloutStatus = {
  subject: 'plan_1',
  digest: '00' as RolloutStatus['digest'],
  kind: 'plan',
  startedAt: new Date(0),
  readAt: new Date(0),
  phase: 'running',
  epoch: 2,
  tracks: [],
  handedOver: { mails: 0, withinHours: 120, onHold: 0, queues: [] },
  disputes: { counted: 0, scanners: 0 },
  drillWarning: null,
  containedUntold: null,
  mailRate: null,
  recoveries: [],
  goOn: null,
};

/** A rollout whose ledger grows by one with each look, and that is halted once it holds `until` entries. */
function growing(until: number): Partial<Services> {
  const ledger: RolloutEvent[] = [];
  const grow = (): void => {
    if (ledger.length < until)
      ledger.push({ chain: 'rollout', seq: ledger.length + 1, at: new Date(0), event: 'permit.settled', body: {} });
  };
  return {
    readEventPlace: async () => ({ rollout: ledger.length, installation: 0 }),
    async readRolloutEvents(_subject, after, limit) {
      grow();
      const events = ledger.slice(after.rollout, after.rollout + limit);
      return { events, place: { rollout: after.rollout + events.length, installation: 0 }, isWhole: true };
    },
    readRolloutStatus: async () => (ledger.length < until ? running : { ...running, phase: 'halted' }),
  };
}

interface Line {
  readonly event: string;
  readonly id: string;
  readonly data: { readonly seq?: number; readonly phase?: string };
}

test('a watch whose connection is cut again and again hears every entry once, and ends with the halt', async () => {
  const app = makeHttpApp(fakeServices(growing(3)), { log: rememberingLog() });
  const asked: (string | null)[] = [];
  const cli = await openTestCli(
    {},
    {
      async fetch(input, init) {
        const answer = await app.request(String(input), init);
        asked.push(new Headers(init?.headers).get('last-event-id'));
        if (asked.length > 2) return answer;
        // The first chunk says when to come back, the second is the status; the third, an entry, is cut off.
        const reader = answer.body!.getReader();
        let chunks = 0;
        const cut = new ReadableStream<Uint8Array>({
          async pull(controller) {
            chunks += 1;
            if (chunks > 2) {
              await reader.cancel();
              throw new TypeError('terminated');
            }
            const { value } = await reader.read();
            controller.enqueue(value!);
          },
        });
        return new Response(cut, { headers: answer.headers });
      },
    },
  );
  open.push(cli);
  const run = await cli.run('rollout', 'watch', 'plan_1', '--ndjson');
  const lines = run.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
  const seqs = lines.filter((line) => line.event === 'ledger').map((line) => line.data.seq);
  expect(seqs).toEqual([1, 2, 3]);
  expect(lines.at(-1)).toMatchObject({ event: 'status', data: { phase: 'halted' } });
  expect(run.exit).toBe(4);
  expect(asked[0]).toBeNull();
  expect(asked.slice(1)).not.toContain(null);
  expect(run.stderr).toContain('The connection was lost');
});

test('a rollout that was never started is said to be none at once, and not watched for', async () => {
  const cli = await openTestCli({
    readRolloutStatus: () => Promise.reject(new Failure('not-found', 'plan_7 was never started.')),
  });
  open.push(cli);
  const run = await cli.run('rollout', 'watch', 'plan_7');
  expect(run.exit).toBe(1);
  expect(run.stderr).toContain('plan_7 was never started.');
  expect(run.stderr).not.toContain('asked every second');
});

test('where the server gives no stream, the watch says so and asks for the status instead', async () => {
  let asked = 0;
  const cli = await openTestCli({
    readRolloutStatus: async () => ((asked += 1) < 2 ? running : { ...running, phase: 'halted' }),
  });
  open.push(cli);
  const run = await cli.run('rollout', 'watch', 'plan_1', '--json');
  expect(run.exit).toBe(4);
  expect(JSON.parse(run.stdout)).toMatchObject({ phase: 'halted' });
  expect(run.stderr).toContain('asked every second instead');
});
