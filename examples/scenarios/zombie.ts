import { closeSync, openSync, readFileSync, readdirSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { PlanId } from '../../src/domain/shared/ids.ts';
import { makeRandom } from '../chirp/random.ts';
import { approvedPlan, importObserved, plainPeople } from './campaign.ts';
import { judgeMail, proveJudge, seeMail, countOf } from './mail-judge.ts';
import { startProcess } from './processes.ts';
import type { Victim } from './processes.ts';
import { untilFinished } from './resume-2021.ts';
import type { Rig } from './rig.ts';
import { rigWaves } from './rig-waves.ts';
import { untilMails } from './until-mails.ts';
import type { World } from './world.ts';

const peoplePerPlan = 30;
const finishMs = 60_000;
/** After it goes on: enough for dozens of mails. */
const watchMs = 1_500;
/** Where in the work of its permit a worker is stopped: after one mail of the wave or a few, and so much later. */
const mailsAtMost = 8;
const laterAtMostMs = 150;

/**
 * A worker is stopped in the middle of a permit for longer than the permit lives. The other takes its range back and tells
 * everybody else; then the first goes on, with a permit in hand that is no longer its own, and has nothing left to say.
 */
export const zombie: Rig = {
  counted: 'zombies',
  perWorld: 5,
  planted: ['undead'],
  world: () => ({
    isServed: false,
    mailDelayMs: 100,
    settings: {
      ...rigWaves,
      ALLCLEAR_LIMIT_TELL_WAVE_SIZES: '1000',
      ALLCLEAR_LIMIT_CONTAIN_WAVE_SIZES: '1000',
      LOG_LEVEL: 'silent',
    },
  }),
  async run(world, { times, seed, planted }, say) {
    const random = makeRandom(seed, 'zombie');
    const chosen = plainPeople(world, seed);
    // The fault: its clocks stand still while it is stopped, and whoever took its permits back left no mark on them.
    const faulty = { NODE_OPTIONS: `--import=${new URL('frozen-clock.ts', import.meta.url).href}` };
    const running = [
      await startProcess('server', world.env),
      await startProcess('worker', { ...world.env, ...(planted === null ? {} : faulty) }),
      await startProcess('worker', world.env),
    ] as const;
    const findings: string[] = [];
    let mails = 0;
    let unknown = 0;
    /** Zombies that held a permit of mail when they were stopped: the others prove nothing. */
    let inHand = 0;
    const known = new Set<string>();
    try {
      for (let round = 0; round < times; round += 1) {
        const people = chosen.slice(round * peoplePerPlan, (round + 1) * peoplePerPlan);
        const batch = await importObserved(world, people, `session-in-a-dump-${round}`);
        const plan = await approvedPlan(world, [batch], { budget: 'attack', order: 'contain-first' });
        const before = world.mailbox.count();
        await world.services.startRollout(plan.id, plan.total, world.crew.author.id);
        if (!(await untilMails(world, before + 1 + random.below(mailsAtMost), finishMs)))
          throw new Error('no mail went out: there is nothing to try');
        await delay(random.below(laterAtMostMs));
        // With the fault it is always the same; else either.
        const stopped: Victim = planted === null ? random.pick([running[1], running[2]]) : running[1];
        process.kill(stopped.pid, 'SIGSTOP');
        try {
          const stuck = await isStuck(world, plan.id);
          if (stuck !== null) findings.push(stuck);
          const lost = takenBack(world, known);
          if (lost.length > 0) inHand += 1;
          for (const path of lost) known.add(path);
          if (planted !== null) forgetTakenBack(lost);
        } finally {
          process.kill(stopped.pid, 'SIGCONT');
        }
        await untilFinished(world, plan.id, finishMs);
        const told = world.mailbox.count();
        await delay(watchMs);
        const late = world.mailbox.count() - told;
        if (late > 0) findings.push(`${plan.id}: ${late} mails of a worker that had been given up`);
        const seen = await seeMail(world, plan.id);
        findings.push(...judgeMail(seen));
        if (planted === null) proveJudge(seen);
        mails += seen.arrived.length;
        unknown += countOf(seen, 'unknown');
        say(`${plan.id}: ${seen.arrived.length} mails, ${late} of them after it went on`);
        world.mailbox.clear();
      }
    } finally {
      for (const one of running) await one.kill();
    }
    return { findings, counts: { zombies: inHand, mails, unknown, wrong: findings.length } };
  },
};

/** What the others wait for that cannot tell the rest of the plan while one is stopped; null when they could. */
async function isStuck(world: World, plan: PlanId): Promise<string | null> {
  try {
    await untilFinished(world, plan, finishMs);
    return null;
  } catch (error) {
    const client = new pg.Client({ connectionString: world.env['DATABASE_URL'] });
    await client.connect();
    const { rows } = await client.query<{ sessions: string }>(
      `SELECT count(*) AS sessions FROM pg_stat_activity WHERE state = 'idle in transaction'`,
    );
    await client.end();
    const why = error instanceof Error ? error.message : String(error);
    return `${why}; ${rows[0]?.sessions ?? 0} sessions are idle in a transaction`;
  }
}

const mark = { open: 0x30, takenBack: 0x31 } as const;

function dotFiles(world: World): readonly string[] {
  const folder = join(world.installation.config.stateDir, 'dots');
  return readdirSync(folder)
    .filter((name) => /-tell-\d+-\d+$/.test(name))
    .map((name) => join(folder, name));
}

/** Permits of mail that were taken back from whoever held them, by their dot files, whose first byte says so. */
function takenBack(world: World, after: ReadonlySet<string>): readonly string[] {
  return dotFiles(world).filter((path) => !after.has(path) && readFileSync(path)[0] === mark.takenBack);
}

function forgetTakenBack(paths: readonly string[]): void {
  for (const path of paths) {
    const fd = openSync(path, 'r+');
    writeSync(fd, Buffer.of(mark.open), 0, 1, 0);
    closeSync(fd);
  }
}
