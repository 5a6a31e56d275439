import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { makeRandom } from '../chirp/random.ts';
import type { Random } from '../chirp/random.ts';
import { again } from './again.ts';
import { approvedPlan, importObserved, plainPeople, tracksOf } from './campaign.ts';
import { findDebianPostgres, initPrimary } from './debian-postgres.ts';
import { findFaketime, makeFakedClock } from './faketime.ts';
import type { FakedClock } from './faketime.ts';
import { judgeHalts, planOf, proveHaltJudge } from './halt-judge.ts';
import { mostInFlight } from './halt-denied.ts';
import { countOf, judgeMail, proveJudge, seeMail } from './mail-judge.ts';
import { startProcess } from './processes.ts';
import type { Victim } from './processes.ts';
import { resumeWhenDrained, untilFinished } from './resume-2021.ts';
import type { Rig } from './rig.ts';
import { rigWaves } from './rig-waves.ts';
import { untilMails } from './until-mails.ts';
import type { World, WorldOptions } from './world.ts';

const people = 150;
const waveSizes = [10, 20, 40];
const soakSeconds = 3;
const jumpEveryMs = 400;
const finishMs = 120_000;
/** In which wave one person halts, and for how long nobody resumes. */
const haltAfterMails = 40;
const watchMs = 3_000;
const processes = ['server', 'worker', 'worker'] as const;
const workers = 2;

/** One clock that can be set wrong. */
interface Clock {
  jump(): void;
}

/** The clocks of one world: how its processes come by them, and how they jump. */
interface Clocks {
  /** What the next process is started with. */
  envOf(index: number): Readonly<Record<string, string>>;
  /** The process that was started with it. */
  started(index: number, victim: Victim): void;
  /** All that can jump now. */
  all(): readonly Clock[];
  /** Nothing stands in the way of a person, or of the end, any more. */
  calm(): void;
}

/**
 * The server and both workers live by wall clocks of their own, each wrong and each jumping back and forth, while the
 * database's is right. No wave comes before its soak is over, a halt holds, and nobody is told twice.
 */
export const skewedClock: Rig = makeClockRig({
  world: {},
  clocksOf: (_, random) => skewedClocks(random),
  says: 'the wall clocks of server and workers, as JavaScript sees them',
});

/** The same with libfaketime, under all four: server, both workers and Postgres. Clocks also stand still. */
export const fakedClock: Rig = makeFakedClockRig();

/** What this machine can do. */
export const clock: Rig = canFakeClocks() ? fakedClock : skewedClock;

export function canFakeClocks(): boolean {
  return findFaketime() !== null && findDebianPostgres() !== null;
}

interface ClockRigOptions {
  readonly world: Pick<WorldOptions, 'database'>;
  readonly clocksOf: (world: World, random: Random) => Clocks;
  readonly says: string;
}

function makeClockRig({ world: more, clocksOf, says }: ClockRigOptions): Rig {
  return {
    counted: 'jumps',
    perWorld: 50,
    planted: ['no-soak', 'no-halt'],
    world: (planted) => ({
      isServed: false,
      mailDelayMs: 20,
      ...more,
      settings: {
        ...rigWaves,
        ALLCLEAR_LIMIT_TELL_WAVE_SIZES: waveSizes.join(','),
        ALLCLEAR_LIMIT_TELL_SOAK_SECONDS: String(planted === 'no-soak' ? 0 : soakSeconds),
        ALLCLEAR_LIMIT_GROWTH: '2',
        LOG_LEVEL: 'silent',
      },
    }),
    async run(world, { times, seed, planted }, say) {
      const random = makeRandom(seed, 'clock');
      const batch = await importObserved(world, plainPeople(world, seed).slice(0, people), 'session-in-a-dump');
      const plan = await approvedPlan(world, [batch], { budget: 'attack', order: 'contain-first' });
      const running: Victim[] = [];
      const clocks = clocksOf(world, random);
      say(`These jump: ${says}.`);
      let jumping = jumpClocks(clocks, random, times);
      const findings: string[] = [];
      let haltedAt = 0;
      let resumedAt = Infinity;
      let jumps = 0;
      try {
        for (const [index, entry] of processes.entries()) {
          running.push(await startProcess(entry, { ...world.env, ...clocks.envOf(index) }));
          clocks.started(index, running[index] as Victim);
        }
        await again(() => world.services.startRollout(plan.id, plan.total, world.crew.author.id));
        if (!(await untilMails(world, haltAfterMails, finishMs)))
          throw new Error('no mail went out: there is nothing to try');
        if (planted !== 'no-halt')
          await world.services.haltRollout({
            subject: plan.id,
            scope: 'all',
            by: world.crew.author.id,
            reason: 'a drill',
          });
        haltedAt = Date.now();
        await delay(watchMs);
        if (planted !== 'no-halt' && (await tracksOf(world, plan.id)).some((track) => track.phase === 'running'))
          findings.push('a halted track runs');
        jumps = jumping.stop();
        clocks.calm();
        resumedAt = Date.now();
        await again(() => resumeWhenDrained(world, plan));
        jumping = jumpClocks(clocks, random, times - jumps);
        await untilMails(world, people, finishMs / 4);
        jumps += jumping.stop();
        clocks.calm();
        await untilFinished(world, plan.id, finishMs);
      } finally {
        jumping.stop();
        for (const one of running) await one.kill();
      }
      const seen = await seeMail(world, plan.id);
      const arrivals = world.mailbox.all().map((mail) => mail.arrivedAt.getTime());
      const halts = [{ plan: plan.id, at: haltedAt, inFlightAtMost: workers * mostInFlight }];
      const whileHalted = world.mailbox
        .all()
        .filter((mail) => mail.arrivedAt.getTime() < resumedAt)
        .map((mail) => ({ plan: planOf(mail.raw.toString('latin1')), at: mail.arrivedAt.getTime() }));
      findings.push(...judgeMail(seen), ...judgeHalts(halts, whileHalted), ...judgeSoaks(arrivals));
      proveJudge(seen);
      proveHaltJudge(halts, whileHalted);
      if (judgeSoaks(arrivals.map((at) => at / 10)).length === 0) throw new Error('the judge does not see early waves');
      say(`${jumps} jumps of ${clocks.all().length} clocks, ${seen.arrived.length} mails`);
      return {
        findings,
        counts: { jumps, mails: seen.arrived.length, unknown: countOf(seen, 'unknown'), wrong: findings.length },
      };
    },
  };
}

/** Between the last mail of a wave and the first of the next lies at least the soak: by the clock of whoever gets them. */
function judgeSoaks(arrivals: readonly number[]): readonly string[] {
  const sorted = arrivals.toSorted((a, b) => a - b);
  let end = 0;
  return waveSizes.flatMap((size, wave) => {
    end += size;
    const last = sorted[end - 1];
    const next = sorted[end];
    if (last === undefined || next === undefined || next - last >= soakSeconds * 1_000) return [];
    return [`wave ${wave + 2} began ${next - last} ms after the one before it`];
  });
}

/** Lets one clock after another jump, until told to end or `times` jumps were made; `stop` says how many were. */
function jumpClocks(clocks: Clocks, random: Random, times: number): { readonly stop: () => number } {
  let count = 0;
  const timer = setInterval(() => {
    const all = clocks.all();
    if (all.length === 0 || count >= times) return;
    random.pick(all).jump();
    count += 1;
    if (count === times) clocks.calm();
  }, jumpEveryMs);
  return {
    stop() {
      clearInterval(timer);
      return count;
    },
  };
}

function skewedClocks(random: Random): Clocks {
  const victims: Victim[] = [];
  return {
    envOf: () => ({
      NODE_OPTIONS: `--import=${new URL('skewed-clock.ts', import.meta.url).href}`,
      RIG_CLOCK_SEED: String(random.below(1_000)),
    }),
    started: (_, victim) => void victims.push(victim),
    all: () => victims.map(({ pid }) => ({ jump: () => void process.kill(pid, 'SIGWINCH') })),
    calm: () => undefined,
  };
}

/** Wrong by so much: less and more than a permit, a soak, an hour live. Null stands still. */
const processOffsets = [-2_592_000, -7_200, -300, -3, 0, 1, 3, 300, 7_200, 2_592_000, null] as const;
/**
 * Of the database: an approval lasts a day by its clock, and has to be good still at the end. Every other jump is to the
 * last of these, ahead of all others, as if somebody had set it right: a wave that was settled by a clock that is ahead waits until
 * the clock is there again.
 */
const databaseOffsets = [-7_200, -300, -3, 0, 3, null] as const;
const databaseAhead = 300;

function makeFakedClockRig(): Rig {
  let database: FakedClock | undefined;
  return makeClockRig({
    world: {
      database: async (folder: string) => {
        const made = makeFakedClock(findFaketime() ?? '', join(folder, 'clock-postgres'));
        database = made;
        const cluster = await initPrimary(folder, 'postgres-faked', made.env);
        await cluster.start();
        return { url: cluster.url, stop: () => cluster.end('SIGKILL') };
      },
    },
    clocksOf(world, random) {
      const faked = processes.map((_, index) =>
        makeFakedClock(findFaketime() ?? '', join(world.folder, `clock-${index}`)),
      );
      const set = (one: FakedClock, offset: number | null): void => {
        if (offset === null) one.freeze();
        else one.shift(offset);
      };
      const ofDatabase = database;
      let isAhead = true;
      const clocks: Clock[] = faked.map((one) => ({ jump: () => set(one, random.pick(processOffsets)) }));
      if (ofDatabase !== undefined)
        clocks.push({
          jump() {
            isAhead = !isAhead;
            set(ofDatabase, isAhead ? databaseAhead : random.pick(databaseOffsets));
          },
        });
      return {
        envOf: (index) => faked[index]?.env ?? {},
        started: () => undefined,
        all: () => clocks,
        calm() {
          isAhead = true;
          ofDatabase?.shift(databaseAhead);
        },
      };
    },
    says: 'CLOCK_REALTIME of the server, of two workers and of Postgres by libfaketime; not CLOCK_MONOTONIC and CLOCK_BOOTTIME',
  });
}
