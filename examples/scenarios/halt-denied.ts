import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import type { PlanId } from '../../src/domain/shared/ids.ts';
import { approvedPlan, importObserved, plainPeople, tracksOf, untilPhase } from './campaign.ts';
import { freePort } from './free-port.ts';
import { tokenOf } from './people.ts';
import type { PostgresPids } from './postgres-pids.ts';
import { postgresPids } from './postgres-pids.ts';
import { startProcess } from './processes.ts';
import type { Victim } from './processes.ts';
import { stopInTransaction } from './stop-in-transaction.ts';
import type { World } from './world.ts';

/** Mail goes slowly and in one wave, so that each halt meets a rollout in full run. */
export const haltDeniedWorld = {
  isServed: false,
  mailDelayMs: 60,
  settings: {
    ALLCLEAR_LIMIT_TELL_WAVE_SIZES: '1000',
    ALLCLEAR_LIMIT_TELL_SOAK_SECONDS: '0',
    ALLCLEAR_LIMIT_CONTAIN_WAVE_SIZES: '1000',
    ALLCLEAR_LIMIT_CONTAIN_SOAK_SECONDS: '0',
    // As large as they get: whoever does not hear of the halt has much left to send.
    ALLCLEAR_LIMIT_SMALL_PERMIT_SIZE: '100',
    ALLCLEAR_LIMIT_SMALL_PERMIT_SECONDS: '10',
  },
} as const;

export type Denial =
  | 'row-locked'
  | 'flooded'
  | 'worker-stopped'
  | 'server-stopped'
  | 'database-hangs'
  | 'database-killed';

export interface HaltUnderDenial {
  readonly denial: Denial;
  readonly plan: PlanId;
  /** People whom the plan would still have told. */
  readonly members: number;
  /** Exit code of the person's `allclear halt`: 0, or 5 while the database could not be told. */
  readonly exit: number;
  /** Mails that arrived between the denial and the halt, where the denial is one that mail has to outlive. */
  readonly mailsMeanwhile: number | null;
  /** Mails that arrived after the halt was announced on its host: those whose dot was written by then. */
  readonly mailsAfter: number;
  /** Whether the database says halted once it can. Null where it was killed for good. */
  readonly isHalted: boolean | null;
}

/** One worker's hands send at most so many mails at a time: the most that is in flight at any instant. */
export const mostInFlight = 8;

const peoplePerPlan = 200;
/** Long enough that whoever sends on is seen: some forty mails in this world. */
const watchMs = 4_000;
const floodRequests = 64;
const root = fileURLToPath(new URL('../../', import.meta.url));

/** Halts a running rollout under each denial, as a person would from a shell, and counts what the world got afterwards. */
export async function runHaltDenied(
  world: World,
  denials: readonly Denial[],
  say: (line: string) => void,
): Promise<readonly HaltUnderDenial[]> {
  const port = await freePort();
  const env: Readonly<Record<string, string>> = {
    ...world.env,
    PORT: String(port),
    ALLCLEAR_URL: `http://127.0.0.1:${port}`,
    ALLCLEAR_TOKEN: await tokenOf(world.services, world.crew.author),
  };
  const people = plainPeople(world, 2021);
  // One of two: the other says that the page for readers is there while this one is stopped.
  const server = await startProcess('server', env);
  const other = await startProcess('server', world.env);
  const worker = await startProcess('worker', env);
  const results: HaltUnderDenial[] = [];
  try {
    for (const [index, denial] of denials.entries()) {
      const batch = await importObserved(
        world,
        people.slice(index * peoplePerPlan, (index + 1) * peoplePerPlan),
        `rule-${denial}`,
      );
      const plan = await approvedPlan(world, [batch], { budget: 'attack', order: 'contain-first' });
      const before = world.mailbox.count();
      await world.services.startRollout(plan.id, plan.total, world.crew.author.id);
      await untilMails(world, before + 10);
      results.push(await haltUnder(world, denial, plan, env, { server, worker }));
      say(`${denial}: ${JSON.stringify(results.at(-1))}`);
    }
    return results;
  } finally {
    await worker.kill();
    await server.kill();
    await other.kill();
  }
}

async function haltUnder(
  world: World,
  denial: Denial,
  plan: { readonly id: PlanId; readonly total: number },
  env: Readonly<Record<string, string>>,
  running: Running,
): Promise<HaltUnderDenial> {
  const undo = await deny(world, denial, plan.id, env, running);
  const mailsMeanwhile = denial === 'server-stopped' ? await mailsWhileStopped(world) : null;
  const halting = halt(plan.id, env);
  const atHalt = await countWhenAnnounced(world, halting);
  const exit = await halting;
  // A worker that was stopped goes on here, long after the halt.
  if (denial === 'worker-stopped') await undo();
  await delay(watchMs);
  const mailsAfter = world.mailbox.count() - atHalt;
  if (denial !== 'worker-stopped') await undo();
  const isHalted = denial === 'database-killed' ? null : await becomesHalted(world, plan.id);
  return { denial, plan: plan.id, members: plan.total, exit, mailsMeanwhile, mailsAfter, isHalted };
}

interface Running {
  readonly server: Victim;
  readonly worker: Victim;
}

/** Who is told although a server stands still inside a transaction, before somebody halts. */
const toldMeanwhile = 20;

/** Waits for mails that go out although the chain's lock stands still with its server, and counts them. */
async function mailsWhileStopped(world: World): Promise<number> {
  const before = world.mailbox.count();
  await untilMails(world, before + toldMeanwhile);
  return world.mailbox.count() - before;
}

/** Makes the denial, and answers with what ends it. */
async function deny(
  world: World,
  denial: Denial,
  plan: PlanId,
  env: Readonly<Record<string, string>>,
  { server, worker }: Running,
): Promise<() => Promise<void>> {
  switch (denial) {
    case 'row-locked':
      return lockTracks(world, plan);
    case 'flooded':
      return flood(env);
    case 'worker-stopped':
      process.kill(worker.pid, 'SIGSTOP');
      return async () => void process.kill(worker.pid, 'SIGCONT');
    case 'server-stopped':
      await stopInTransaction(world, server, env, plan);
      return async () => void process.kill(server.pid, 'SIGCONT');
    case 'database-hangs': {
      const pids = all(postgresPids(world));
      for (const pid of pids) process.kill(pid, 'SIGSTOP');
      return async () => {
        for (const pid of pids) process.kill(pid, 'SIGCONT');
      };
    }
    case 'database-killed':
      for (const pid of all(postgresPids(world))) process.kill(pid, 'SIGKILL');
      return async () => undefined;
  }
}

function all({ postmaster, children }: PostgresPids): readonly number[] {
  return [postmaster, ...children];
}

/** An open transaction of somebody's console, that holds the rows which a halt writes. */
async function lockTracks(world: World, plan: PlanId): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: world.env['DATABASE_URL'] });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('BEGIN');
  await client.query(
    `SELECT FROM allclear.track t JOIN allclear.rollout r ON r.no = t.rollout_no
     WHERE r.kind = 'plan' AND r.subject_no = $1 FOR UPDATE OF t`,
    [Number(plan.slice('plan_'.length))],
  );
  return async () => client.end().catch(() => undefined);
}

/** Callers who ask for the most expensive answers as fast as they get them, until told to end. */
async function flood(env: Readonly<Record<string, string>>): Promise<() => Promise<void>> {
  let flooding = true;
  const url = `${env['ALLCLEAR_URL']}/api/v1/plans`;
  const headers = { authorization: `Bearer ${env['ALLCLEAR_TOKEN']}` };
  const callers = Array.from({ length: floodRequests }, async () => {
    while (flooding) {
      const answer = await fetch(url, { headers }).catch(() => null);
      await answer?.text();
    }
  });
  await delay(500);
  return async () => {
    flooding = false;
    await Promise.all(callers);
  };
}

/** Mails that had arrived when the halt stood on this host: the instant that I10 counts from. */
async function countWhenAnnounced(world: World, halting: Promise<number>): Promise<number> {
  const folder = join(world.installation.config.stateDir, 'halting');
  let over = false;
  void halting.then(() => (over = true));
  while (!over && !(existsSync(folder) && readdirSync(folder).some((name) => name.endsWith('.json')))) await delay(2);
  return world.mailbox.count();
}

function halt(plan: PlanId, env: Readonly<Record<string, string>>): Promise<number> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [`${root}src/main/cli.ts`, 'halt', plan, '--reason', 'a drill'],
      { env: { PATH: process.env['PATH'] ?? '', ...env }, cwd: root },
      (error) => resolve(error === null ? 0 : Number(error.code)),
    );
  });
}

async function becomesHalted(world: World, plan: PlanId): Promise<boolean> {
  await untilPhase(world, plan, ['tell'], ['halted', 'finished'], 30_000);
  return (await tracksOf(world, plan)).every((track) => track.phase !== 'running');
}

async function untilMails(world: World, count: number): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (world.mailbox.count() < count) {
    if (performance.now() > deadline) throw new Error('no mail went out: there is nothing to halt');
    await delay(10);
  }
}
