import { afterAll, beforeAll, expect, test } from 'vitest';
import { approvedPlan, importList, tracksOf, untilPhase } from '../../examples/scenarios/campaign.ts';
import { mailsTo } from '../../examples/scenarios/observe-world.ts';
import { startProcess } from '../../examples/scenarios/processes.ts';
import type { Victim } from '../../examples/scenarios/processes.ts';
import { resumeSettings } from '../../examples/scenarios/resume-2021.ts';
import { openWorld } from '../../examples/scenarios/world.ts';
import type { World } from '../../examples/scenarios/world.ts';
import { generateObservedList } from '../../examples/generator/generate-observed-list.ts';
import type { PermitRow } from '../../src/app/ports/rollout-store.ts';
import { deliveryByte } from '../../src/domain/notice/delivery-state.ts';
import { numberOf } from '../../src/domain/shared/ids.ts';
import type { PlanId } from '../../src/domain/shared/ids.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { runDoctor } from '../../src/main/doctor/run-doctor.ts';

const seed = 11;
const hourMs = 3_600_000;
let world: World;
const processes: Victim[] = [];

beforeAll(async () => {
  // Each answer of the mail server takes a while, so that a stop finds mails under way.
  world = await openWorld({ keep: 150, isServed: false, mailDelayMs: 15, settings: resumeSettings });
}, 120_000);

afterAll(async () => {
  for (const process of processes) await process.kill();
  await world.close();
});

async function start(entry: 'server' | 'worker'): Promise<Victim> {
  const process = await startProcess(entry, world.env);
  processes.push(process);
  return process;
}

async function permitsOf(plan: PlanId): Promise<readonly PermitRow[]> {
  return world.installation.store.transact(async (tx) => {
    const rollout = await tx.rollouts.find('plan', numberOf(plan));
    const rows = [];
    for (const track of ['contain', 'tell'] as const) rows.push(...(await tx.rollouts.permits(rollout!.no, track)));
    return rows;
  });
}

async function acceptedOf(plan: PlanId): Promise<number> {
  const told = (await permitsOf(plan)).filter((permit) => permit.track === 'tell');
  return told.flatMap((permit) => [...permit.outcome]).filter((byte) => byte === deliveryByte('accepted')).length;
}

test('a worker that is told to stop settles what it holds: nothing is left open, unknown or sent twice', async () => {
  const { people } = world.chirp.truth;
  const observed = generateObservedList({
    seed,
    people,
    accounts: 100,
    trueShare: 1,
    rule: 'session-in-a-dump',
    from: new Date(Date.now() - 2 * hourMs),
    until: new Date(Date.now() - hourMs),
  });
  async function* stream(): AsyncIterable<Uint8Array> {
    yield Buffer.from(observed.csv, 'utf8');
  }
  const batch = await importList(world, { stream: stream(), source: 'session-dump', class: 'observed', own: true });
  const plan = await approvedPlan(world, [batch], { budget: 'attack' });
  const server = await start('server');
  const first = await start('worker');
  await world.services.startRollout(plan.id, plan.total, world.crew.author.id);
  await expect.poll(() => world.mailbox.count(), { timeout: 60_000, interval: 5 }).toBeGreaterThan(12);

  expect(await first.stop()).toBe(0);
  const mails = world.mailbox.count();
  expect(mails).toBeLessThan(100);
  expect((await permitsOf(plan.id)).filter((permit) => permit.state === 'open')).toEqual([]);
  // What the world got is exactly what the ledger side says was accepted.
  expect(await acceptedOf(plan.id)).toBe(mails);
  expect((await tracksOf(world, plan.id)).some((track) => track.phase === 'running')).toBe(true);

  // Nothing was halted by it, so another worker simply goes on where it ended.
  await start('worker');
  await untilPhase(world, plan.id, ['tell'], ['finished'], 60_000);
  for (const person of people) expect(mailsTo(world.mailbox, person.address).length).toBeLessThanOrEqual(1);
  expect(await acceptedOf(plan.id)).toBe(world.mailbox.count());

  // A stopped server leaves a last checkpoint behind that covers everything.
  expect(await server.stop()).toBe(0);
  const { config } = loadConfig({
    env: { ...world.env, ALLCLEAR_URL: 'http://127.0.0.1:1' },
    flags: {},
    cwd: world.folder,
  });
  const found = await runDoctor(config);
  expect(found.filter((one) => one.verdict === 'fail' && !one.check.startsWith('disk'))).toEqual([]);
  expect(found.find((one) => one.check === 'ledger')?.verdict).toBe('ok');
  expect((await world.services.verifyLedger()).findings).toEqual([]);
}, 240_000);
