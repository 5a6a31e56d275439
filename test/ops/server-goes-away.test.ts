import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { approvedPlan, importObserved, plainPeople } from '../../examples/scenarios/campaign.ts';
import { tokenOf } from '../../examples/scenarios/people.ts';
import { startProcess } from '../../examples/scenarios/processes.ts';
import type { Victim } from '../../examples/scenarios/processes.ts';
import { openWorld } from '../../examples/scenarios/world.ts';
import type { World } from '../../examples/scenarios/world.ts';
import { makePool } from '../../src/adapters/postgres/database.ts';
import { readEvents } from '../../src/cli/read-events.ts';
import type { PlanId } from '../../src/domain/shared/ids.ts';

let world: World;
let url: string;
let plan: { readonly id: PlanId; readonly total: number };
let authorization: { readonly authorization: string };
const processes: Victim[] = [];

beforeAll(async () => {
  // Each answer of the mail server takes a while, so that the server is killed between two mails.
  world = await openWorld({ keep: 40, isServed: false, mailDelayMs: 60 });
  authorization = { authorization: `Bearer ${await tokenOf(world.services, world.crew.author)}` };
  plan = await approvedPlan(world, [await importObserved(world, plainPeople(world, 3).slice(0, 5), 'rule')]);
}, 120_000);

afterAll(async () => {
  for (const process of processes) await process.kill();
  await world.close();
});

async function startServer(): Promise<Victim> {
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  const process = await startProcess('server', { ...world.env, PORT: String(port) });
  processes.push(process);
  return process;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

function rehearse(): Promise<Response> {
  return fetch(`${url}/api/v1/plans/${plan.id}/rehearsals`, {
    method: 'POST',
    headers: { ...authorization, 'content-type': 'application/json', 'idempotency-key': '"rehearsal-1"' },
    body: JSON.stringify({ to: 'ann@chirp.example' }),
  });
}

test('a server that is killed in the middle of a rehearsal sends no mail of it again, and says that it does not know', async () => {
  const first = await startServer();
  const before = world.mailbox.count();
  const cut = rehearse().catch(() => 'cut off');
  await expect.poll(() => world.mailbox.count(), { timeout: 30_000, interval: 5 }).toBeGreaterThan(before);
  await first.kill();
  expect(await cut).toBe('cut off');
  const sent = world.mailbox.count();

  await startServer();
  // The silence of the killed server, without waiting for it.
  const pool = makePool({ url: world.installation.databaseUrl, applicationName: 'test', onIdleError: () => undefined });
  await pool.query(`UPDATE request_key SET alive_at = alive_at - interval '1 minute'`);
  await pool.end();
  for (let time = 0; time < 2; time += 1) {
    const answer = await rehearse();
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([409, 'outcome-unknown']);
  }
  expect(world.mailbox.count()).toBe(sent);
}, 120_000);

test('a server that is told to stop ends the streams of events as whole, and is not held up by them', async () => {
  const server = processes.at(-1)!;
  await world.services.startRollout(plan.id, plan.total, world.crew.author.id);
  const answer = await fetch(`${url}/api/v1/rollouts/${plan.id}/events`, { headers: authorization });
  const heard: string[] = [];
  let stopped: Promise<number | null> | undefined;
  // A connection that is cut throws here.
  for await (const { event } of readEvents(answer.body!)) {
    heard.push(event);
    stopped ??= server.stop();
  }
  expect(heard[0]).toBe('status');
  expect(heard).not.toContain('end');
  expect(await stopped).toBe(0);
}, 120_000);
