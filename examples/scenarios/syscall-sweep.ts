import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PlanId } from '../../src/domain/shared/ids.ts';
import { again } from './again.ts';
import { approvedPlan, importObserved, plainPeople, tracksOf } from './campaign.ts';
import { planOf } from './halt-judge.ts';
import { judgeMail, membersOf, proveJudge } from './mail-judge.ts';
import type { SeenMail } from './mail-judge.ts';
import { startProcess } from './processes.ts';
import type { Victim } from './processes.ts';
import { resumeWhenDrained, untilFinished } from './resume-2021.ts';
import { firstSeed } from './rig.ts';
import type { Rig } from './rig.ts';
import { rigWaves } from './rig-waves.ts';
import type { World } from './world.ts';
import { callsIn, underStrace } from './write-syscalls.ts';
import type { WriteCall } from './write-syscalls.ts';

const peoplePerPlan = 6;
/** Of so many kills one is the server's: each costs two people a resumption. */
const serverEvery = 5;
const perWorld = 80;
/** A worker whose count is beyond what it had to do is ended here instead, and does not count. */
const reachMs = 8_000;
const finishMs = 120_000;

type Plan = Awaited<ReturnType<typeof approvedPlan>>;
type Entry = 'worker' | 'server';

/**
 * A worker, now and then the server, is killed right before its n-th write, send, rename, unlink or sync, for one n after the
 * other out of those that a small rollout takes. The next victim finds what it left, until at the end one is let live.
 */
export const syscallSweep: Rig = {
  counted: 'syscalls',
  perWorld,
  planted: ['no-intent'],
  world: () => ({
    isServed: false,
    isDurable: true,
    settings: {
      ...rigWaves,
      ALLCLEAR_LIMIT_SMALL_PERMIT_SECONDS: '1',
      ALLCLEAR_LIMIT_PERMIT_SECONDS: '1',
      ALLCLEAR_LIMIT_CONTAIN_WAVE_SIZES: '1000',
      ALLCLEAR_LIMIT_TELL_WAVE_SIZES: '1000',
      LOG_LEVEL: 'silent',
    },
  }),
  async run(world, { times, seed, planted }, say) {
    const faulty = { NODE_OPTIONS: `--import=${new URL('forget-intents.ts', import.meta.url).href}` };
    const sweep = new Sweep(world, seed, planted === null ? {} : faulty);
    try {
      const calls = await sweep.count();
      say(
        `a rollout over ${peoplePerPlan} people takes ${calls.worker.length} such calls of a worker that is up, ${calls.worker.filter(isOfOurFiles).length} of them to our own files; the server makes ${calls.server.length}`,
      );
      // Each goes on in the next world where it ended in this one.
      const worlds = Math.abs(seed - firstSeed);
      const turns = { worker: worlds * (perWorld - perWorld / serverEvery), server: worlds * (perWorld / serverEvery) };
      // A fault in the dot files is met there.
      const among = planted === null ? calls : { ...calls, worker: calls.worker.filter(isOfDots) };
      for (let kill = 0; kill < times; kill += 1) {
        const entry = planted === null && kill % serverEvery === serverEvery - 1 ? 'server' : 'worker';
        const at = chosen(among[entry], turns[entry]);
        turns[entry] += 1;
        if (at !== null) await sweep.killOnce(entry, at);
      }
      for (const entry of ['worker', 'server'] as const)
        say(`${entry}: ${reachedIn(among[entry], turns[entry])} of ${among[entry].length} calls, in order`);
      await sweep.letLive();
    } finally {
      await sweep.end();
    }
    const findings: string[] = [];
    const counts = { syscalls: sweep.kills, mails: 0, unknown: 0, wrong: 0 };
    for (const plan of sweep.plans) {
      const seen = await seeMailOf(world, plan.id);
      findings.push(...judgeMail(seen));
      if (seen.arrived.length > 0) proveJudge(seen);
      counts.mails += seen.arrived.length;
      counts.unknown += [...seen.members.values()].filter(({ state }) => state === 'unknown').length;
    }
    say(`killed before: ${JSON.stringify(Object.fromEntries(sweep.places))}`);
    return { findings, counts: { ...counts, wrong: findings.length } };
  },
};

/** Few of the calls, and the ones that matter most: what is written down before a dot and after it. */
function isOfOurFiles({ place }: WriteCall): boolean {
  return place !== 'socket' && place !== 'inner' && place !== 'other';
}

function isOfDots({ place }: WriteCall): boolean {
  return place === 'dot file';
}

/** Close to the golden ratio: what comes one after another lies far apart. */
const stride = 0.618;

/**
 * The so many-th of a sweep; null when it is over. It begins by turns with one to our own files and one from anywhere, until each
 * to our own files was met once: few kills see the most. Then it goes through all of them in order, so that every one of them is met,
 * however many they are in the next world.
 */
function chosen(calls: readonly WriteCall[], turn: number): WriteCall | null {
  if (calls.length === 0) throw new Error('the dry run made no such call: there is nothing to sweep');
  const ours = calls.filter(isOfOurFiles);
  if (turn >= ours.length * 2) return calls[turn - ours.length * 2] ?? null;
  const among = turn % 2 === 0 ? ours : calls;
  const step = coprime(Math.max(1, Math.floor(among.length * stride)), among.length);
  return among[(Math.floor(turn / 2) * step) % among.length] ?? null;
}

/** How many calls, from the first on, were killed before at this turn of the sweep. */
function reachedIn(calls: readonly WriteCall[], turn: number): number {
  return Math.min(calls.length, Math.max(0, turn - calls.filter(isOfOurFiles).length * 2));
}

function coprime(near: number, to: number): number {
  const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));
  let step = near;
  while (gcd(step, to) !== 1) step += 1;
  return step;
}

class Sweep {
  readonly plans: Plan[] = [];
  readonly places = new Map<string, number>();
  kills = 0;
  readonly #world: World;
  readonly #seed: number;
  readonly #env: Readonly<Record<string, string>>;
  readonly #running = new Map<Entry, Victim>();
  #traces = 0;

  constructor(world: World, seed: number, more: Readonly<Record<string, string>>) {
    this.#world = world;
    this.#seed = seed;
    this.#env = { ...world.env, NODE_COMPILE_CACHE: join(world.folder, 'compiled'), ...more };
  }

  /** The calls of each to the end of one rollout: the server's from its start on, which halts; a worker's once it is up. */
  async count(): Promise<Readonly<Record<Entry, readonly WriteCall[]>>> {
    const server = await this.#startTraced('server', null);
    const worker = await this.#startTraced('worker', null);
    const from = (await callsOf(worker.trace)).length;
    await this.#startPlan();
    await this.#finishAll();
    const calls = { worker: (await callsOf(worker.trace)).slice(from), server: await callsOf(server.trace) };
    // Let go in peace they leave what they compiled, with which each victim is up in half the time.
    await worker.victim.stop();
    await server.victim.stop();
    await this.#start('server');
    await again(() => this.#resumeAll());
    return calls;
  }

  async killOnce(entry: Entry, at: WriteCall): Promise<void> {
    if (entry === 'server') {
      await this.#running.get('server')?.kill();
      await this.#start('worker');
    }
    const { victim, isUp } = await this.#startTraced(entry, at);
    await this.#startPlan();
    if (isUp && entry === 'server') await again(() => this.#resumeAll());
    const isReached = await within(victim.gone, reachMs);
    if (!isReached) await victim.kill();
    else {
      this.kills += 1;
      const place = `${entry}: ${at.place}`;
      this.places.set(place, (this.places.get(place) ?? 0) + 1);
    }
    if (entry === 'server') {
      // The worker lives until all are drained: what it holds, only a worker of its host settles.
      await this.#start('server');
      await again(() => this.#resumeAll());
      await this.#running.get('worker')?.kill();
    }
  }

  /** A worker that nobody kills finishes what the others left. */
  async letLive(): Promise<void> {
    await this.#start('worker');
    await again(() => this.#resumeAll());
    await this.#finishAll();
  }

  async end(): Promise<void> {
    for (const one of this.#running.values()) await one.kill();
  }

  async #start(entry: Entry): Promise<void> {
    this.#running.set(entry, await startProcess(entry, this.#env));
  }

  /** Under strace; one that is killed while it comes up was never up. */
  async #startTraced(
    entry: Entry,
    killAt: WriteCall | null,
  ): Promise<{ readonly victim: Victim; readonly trace: string; readonly isUp: boolean }> {
    this.#traces += 1;
    const trace = join(this.#world.folder, `trace-${this.#traces}`);
    try {
      const victim = await startProcess(entry, this.#env, underStrace(trace, killAt));
      return { victim, trace, isUp: true };
    } catch (error) {
      if (killAt === null) throw error;
      const gone: Victim = { pid: 0, gone: Promise.resolve(), kill: async () => undefined, stop: async () => null };
      return { victim: gone, trace, isUp: false };
    }
  }

  async #startPlan(): Promise<void> {
    const world = this.#world;
    const from = this.plans.length * peoplePerPlan;
    const people = plainPeople(world, this.#seed).slice(from, from + peoplePerPlan);
    const batch = await importObserved(world, people, `session-in-a-dump-${from}`);
    const plan = await approvedPlan(world, [batch], { budget: 'attack', order: 'contain-first' });
    await world.services.startRollout(plan.id, plan.total, world.crew.author.id);
    this.plans.push(plan);
  }

  async #resumeAll(): Promise<void> {
    for (const plan of this.plans) {
      const isHalted = (await tracksOf(this.#world, plan.id)).some((track) => track.phase === 'halted');
      if (isHalted) await resumeWhenDrained(this.#world, plan);
    }
  }

  async #finishAll(): Promise<void> {
    for (const plan of this.plans) await untilFinished(this.#world, plan.id, finishMs);
  }
}

async function callsOf(trace: string): Promise<readonly WriteCall[]> {
  return callsIn(await readFile(trace, 'utf8'));
}

async function within(work: Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), ms)));
  const done = await Promise.race([work.then(() => true), late]);
  clearTimeout(timer);
  return done;
}

/** The mails of one plan among many, beside what we say of its members. */
async function seeMailOf(world: World, plan: PlanId): Promise<SeenMail> {
  const arrived = world.mailbox
    .all()
    .filter((mail) => planOf(mail.raw.toString('latin1')) === plan)
    .flatMap((mail) => mail.to);
  return { arrived, members: await membersOf(world, plan) };
}
