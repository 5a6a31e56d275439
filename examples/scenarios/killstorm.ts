import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../chirp/random.ts';
import { makeRandom } from '../chirp/random.ts';
import { again } from './again.ts';
import { approvedPlan, importObserved, plainPeople, tracksOf } from './campaign.ts';
import { loseDots } from './lose-dots.ts';
import { countOf, judgeMail, proveJudge, seeMail } from './mail-judge.ts';
import { postgresPids } from './postgres-pids.ts';
import { superviseProcess } from './supervise-process.ts';
import type { SupervisedProcess } from './supervise-process.ts';
import { resumeWhenDrained, untilFinished } from './resume-2021.ts';
import type { Rig } from './rig.ts';
import { rigWaves } from './rig-waves.ts';
import { untilMails } from './until-mails.ts';
import type { World } from './world.ts';

const people = 600;
type Target = 'worker-a' | 'worker-b' | 'backend' | 'server' | 'postgres';
/** Of twenty kills: a server has to be resumed by two people, and a whole Postgres recovers first, so those are rarer. */
const deck: readonly Target[] = [
  ...Array.from({ length: 7 }, () => 'worker-a' as const),
  ...Array.from({ length: 7 }, () => 'worker-b' as const),
  ...Array.from({ length: 4 }, () => 'backend' as const),
  'server',
  'postgres',
];
/** A kill comes after this many more mails at most, or after this time, whichever is first. */
const mailsBetweenKills = 3;
const longestWaitMs = 3_000;
/** Between the mail and the kill: some kills hit the reply, some the settling, some the next wave. */
const laterAtMostMs = 60;
const finishMs = 180_000;

/**
 * Workers, the server, single backends of Postgres and all of Postgres are killed without warning at random moments while
 * people are being told; each is started again as a service manager would, and two people resume what came up halted.
 */
export const killstorm: Rig = {
  counted: 'kills',
  perWorld: 40,
  planted: ['dots-lost', 'commits-lost'],
  // Commits that Postgres may forget are the fault of `commits-lost`.
  world: (planted) => ({
    isServed: false,
    isDurable: planted !== 'commits-lost',
    mailDelayMs: 60,
    settings: { ...rigWaves, LOG_LEVEL: 'silent' },
  }),
  async run(world, { times, seed, planted }, say) {
    const random = makeRandom(seed, 'killstorm');
    const batch = await importObserved(world, plainPeople(world, seed).slice(0, people), 'session-in-a-dump');
    const plan = await approvedPlan(world, [batch], { budget: 'attack' });
    const running = {
      server: superviseProcess('server', world.env),
      'worker-a': superviseProcess('worker', world.env),
      'worker-b': superviseProcess('worker', world.env),
    };
    const kills: Record<Target, number> = { 'worker-a': 0, 'worker-b': 0, backend: 0, server: 0, postgres: 0 };
    let whileRunning = 0;
    try {
      for (const one of Object.values(running)) await one.isUp();
      await world.services.startRollout(plan.id, plan.total, world.crew.author.id);
      for (const drawn of order(random, times, planted)) {
        await untilMails(world, world.mailbox.count() + 1 + random.below(mailsBetweenKills), longestWaitMs);
        await delay(random.below(laterAtMostMs));
        const target = standIn(drawn, running);
        if (target === 'backend') {
          const { backends } = postgresPids(world);
          if (backends.length > 0) end(random.pick(backends));
        } else if (target === 'postgres') {
          const { postmaster, children } = postgresPids(world);
          for (const pid of [postmaster, ...random.shuffle(children)]) end(pid);
          await world.restartPostgres();
        } else {
          await running[target].kill();
          if (planted === 'dots-lost') loseDots(world);
        }
        kills[target] += 1;
        if (!(await again(() => isFinished(world, plan.id)))) whileRunning += 1;
        if (target === 'server') {
          await running.server.isUp();
          await again(() => resumeWhenDrained(world, plan));
        }
      }
      for (const one of Object.values(running)) await one.isUp();
      await again(() => resumeWhenDrained(world, plan));
      await untilFinished(world, plan.id, finishMs);
    } finally {
      for (const one of Object.values(running)) await one.stop();
    }
    const seen = await seeMail(world, plan.id);
    const findings = judgeMail(seen);
    proveJudge(seen);
    say(`killed: ${JSON.stringify(kills)}, ${whileRunning} of them while people were being told`);
    return {
      findings,
      counts: {
        kills: whileRunning,
        mails: seen.arrived.length,
        unknown: countOf(seen, 'unknown'),
        wrong: findings.length,
      },
    };
  },
};

/** Deck after deck, each shuffled. To forget commits Postgres has to be killed often. */
function order(random: Random, times: number, planted: string | null): readonly Target[] {
  if (planted === 'commits-lost') return Array.from({ length: times }, () => 'postgres');
  return Array.from({ length: Math.ceil(times / deck.length) }, () => random.shuffle(deck))
    .flat()
    .slice(0, times);
}

/** Of the two workers one is usually still coming up: the other one is killed then, and mail waits for neither. */
function standIn(drawn: Target, running: Readonly<Record<'worker-a' | 'worker-b', SupervisedProcess>>): Target {
  if (drawn !== 'worker-a' && drawn !== 'worker-b') return drawn;
  const other = drawn === 'worker-a' ? 'worker-b' : 'worker-a';
  return !running[drawn].isRunning() && running[other].isRunning() ? other : drawn;
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself meanwhile.
  }
}

async function isFinished(world: World, plan: `plan_${number}`): Promise<boolean> {
  return (await tracksOf(world, plan)).every((track) => track.phase === 'finished');
}
