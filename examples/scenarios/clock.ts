import { setTimeout as delay } from 'node:timers/promises';
import { makeRandom } from '../chirp/random.ts';
import type { Random } from '../chirp/random.ts';
import { approvedPlan, importObserved, plainPeople, tracksOf } from './campaign.ts';
import { judgeHalts, planOf, proveHaltJudge } from './halt-judge.ts';
import { mostInFlight } from './halt-denied.ts';
import { countOf, judgeMail, proveJudge, seeMail } from './mail-judge.ts';
import { startProcess } from './processes.ts';
import type { Victim } from './processes.ts';
import { resumeWhenDrained, untilFinished } from './resume-2021.ts';
import type { Rig } from './rig.ts';
import { rigWaves } from './rig-waves.ts';
import { untilMails } from './until-mails.ts';

const people = 150;
const waveSizes = [10, 20, 40];
const soakSeconds = 3;
const jumpEveryMs = 400;
const finishMs = 120_000;
/** In which wave one person halts, and for how long nobody resumes. */
const haltAfterMails = 40;
const watchMs = 3_000;
const workers = 2;

/**
 * The server and both workers live by wall clocks of their own, each wrong and each jumping back and forth, while the
 * database's is right. No wave comes before its soak is over, a halt holds, and nobody is told twice.
 */
export const clock: Rig = {
  counted: 'jumps',
  perWorld: 50,
  planted: ['no-soak', 'no-halt'],
  world: (planted) => ({
    isServed: false,
    mailDelayMs: 20,
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
    const jumping = jumpClocks(running, random, times);
    const findings: string[] = [];
    let haltedAt = 0;
    let resumedAt = Infinity;
    try {
      for (const entry of ['server', 'worker', 'worker'] as const) {
        running.push(
          await startProcess(entry, {
            ...world.env,
            NODE_OPTIONS: `--import=${new URL('skewed-clock.ts', import.meta.url).href}`,
            RIG_CLOCK_SEED: String(random.below(1_000)),
          }),
        );
      }
      await world.services.startRollout(plan.id, plan.total, world.crew.author.id);
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
      resumedAt = Date.now();
      await resumeWhenDrained(world, plan);
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
    say(`${jumping.count()} jumps of three clocks, ${seen.arrived.length} mails`);
    return {
      findings,
      counts: {
        jumps: jumping.count(),
        mails: seen.arrived.length,
        unknown: countOf(seen, 'unknown'),
        wrong: findings.length,
      },
    };
  },
};

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

/** Lets one clock after another jump, until told to end or `times` jumps were made. */
function jumpClocks(
  running: readonly Victim[],
  random: Random,
  times: number,
): { readonly count: () => number; readonly stop: () => void } {
  let count = 0;
  const timer = setInterval(() => {
    if (running.length === 0 || count >= times) return;
    process.kill(random.pick(running).pid, 'SIGWINCH');
    count += 1;
  }, jumpEveryMs);
  return { count: () => count, stop: () => clearInterval(timer) };
}
