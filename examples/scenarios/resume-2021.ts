import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from '../../src/domain/shared/failure.ts';
import { makeRandom } from '../chirp/random.ts';
import { generateObservedList } from '../generator/generate-observed-list.ts';
import { approvedPlan, importList, resumeByTwo, tracksOf } from './campaign.ts';
import { startProcess } from './processes.ts';
import type { Victim } from './processes.ts';
import type { World } from './world.ts';

/** Short, small permits: many moments at which a kill matters, and little waiting for what a killed worker held. */
export const resumeSettings = {
  ALLCLEAR_LIMIT_TELL_WAVE_SIZES: '10,50,1000',
  ALLCLEAR_LIMIT_TELL_SOAK_SECONDS: '0',
  ALLCLEAR_LIMIT_SMALL_PERMIT_SIZE: '5',
  ALLCLEAR_LIMIT_SMALL_PERMIT_SECONDS: '3',
  ALLCLEAR_LIMIT_PERMIT_SIZE: '5',
  ALLCLEAR_LIMIT_PERMIT_SECONDS: '3',
} as const;

/** Accounts that the list names: enough that mail is under way for as long as the kills take. */
const namedAccounts = 900;
const hourMs = 3_600_000;
const processes = ['worker-a', 'worker-b', 'server'] as const;
type ProcessName = (typeof processes)[number];
/** Of five kills one is the server's. */
const victims: readonly ProcessName[] = ['worker-a', 'worker-b', 'worker-a', 'worker-b', 'server'];
/** A kill comes after this many more mails at most, or after this time, whichever is first. */
const mailsBetweenKills = 4;
const longestWaitMs = 4_000;
/** Between the mail and the kill: some kills hit the reply, some the settling, some the next wave. */
const laterAtMostMs = 40;
const resumeTries = 60;

export interface ResumeReport {
  readonly plan: { readonly id: `plan_${number}`; readonly digest: string; readonly total: number };
  readonly kills: number;
  /** Kills that came before the last mail was out. */
  readonly killsWhileRunning: number;
}

/**
 * A mailer that crashes and is resumed: workers and the server are killed without warning at random moments, the server
 * comes up halted each time, and two people resume it. At the end everything has run to its end without kills.
 */
export async function runResume2021(world: World, kills: number, seed: number): Promise<ResumeReport> {
  const random = makeRandom(seed, 'kills');
  const observed = generateObservedList({
    seed,
    people: world.chirp.truth.people,
    accounts: namedAccounts,
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

  const running = new Map<ProcessName, Victim>();
  const start = async (name: ProcessName): Promise<void> => {
    running.set(name, await startProcess(name === 'server' ? 'server' : 'worker', world.env));
  };
  for (const name of processes) await start(name);
  try {
    await world.services.startRollout(plan.id, plan.total, world.crew.author.id);
    let killsWhileRunning = 0;
    for (let kill = 0; kill < kills; kill += 1) {
      await untilMails(world, world.mailbox.count() + 1 + random.below(mailsBetweenKills), longestWaitMs);
      await delay(random.below(laterAtMostMs));
      const name = victims[random.below(victims.length)] ?? 'worker-a';
      await running.get(name)?.kill();
      if (!(await isFinished(world, plan.id))) killsWhileRunning += 1;
      await start(name);
      if (name === 'server') await resumeWhenDrained(world, plan);
    }
    await resumeWhenDrained(world, plan);
    await untilFinished(world, plan.id, 120_000);
    return { plan, kills, killsWhileRunning };
  } finally {
    for (const victim of running.values()) await victim.kill();
  }
}

async function untilMails(world: World, count: number, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (world.mailbox.count() < count && performance.now() < deadline) await delay(5);
}

async function isFinished(world: World, plan: `plan_${number}`): Promise<boolean> {
  return (await tracksOf(world, plan)).every((track) => track.phase === 'finished');
}

/** Waits until both tracks have run to their end; throws with what they wait for when time is up. */
export async function untilFinished(world: World, plan: `plan_${number}`, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await isFinished(world, plan))) {
    if (performance.now() > deadline) {
      const seen = (await tracksOf(world, plan)).map(
        (track) => `${track.track} ${track.phase} ${track.reasons.join('; ')}`,
      );
      throw new Error(`${plan} did not finish in ${withinMs / 1_000} s: ${seen.join(', ')}`);
    }
    await delay(100);
  }
}

/** What two people do who see "halted": wait until nothing is in flight, and resume. */
export async function resumeWhenDrained(world: World, plan: ResumeReport['plan']): Promise<void> {
  for (let tries = 0; tries < resumeTries; tries += 1) {
    if (!(await tracksOf(world, plan.id)).some((track) => track.phase === 'halted')) return;
    try {
      await resumeByTwo(world, plan);
      return;
    } catch (error) {
      const isWaiting = error instanceof Failure && error.code === 'not-drained';
      const isAgreed = error instanceof Error && error.message.includes('already-approved');
      if (!isWaiting && !isAgreed) throw error;
      if (isAgreed) await world.services.resumeRollout(plan.id, world.crew.approvers[0].id).catch(() => undefined);
      await delay(250);
    }
  }
  throw new Error(`${plan.id} could not be resumed: it did not drain`);
}
