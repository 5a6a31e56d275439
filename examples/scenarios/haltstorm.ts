import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { PlanId } from '../../src/domain/shared/ids.ts';
import { makeRandom } from '../chirp/random.ts';
import { approvedPlan, importObserved, plainPeople, tracksOf } from './campaign.ts';
import { judgeHalts, planOf, proveHaltJudge } from './halt-judge.ts';
import type { Halted } from './halt-judge.ts';
import { mostInFlight } from './halt-denied.ts';
import { startProcess } from './processes.ts';
import type { Rig } from './rig.ts';
import { rigWaves } from './rig-waves.ts';
import { untilMails } from './until-mails.ts';
import type { World } from './world.ts';

const peoplePerPlan = 24;
const workers = 2;
/** A halt comes after so many mails of its plan at most, and so much later: also between two permits, and in none. */
const mailsAtMost = 10;
const laterAtMostMs = 30;
const finishMs = 60_000;
/** After the last halt: whoever goes on is seen. */
const watchMs = 2_000;

/**
 * Plan after plan is started, and halted by one person at full speed at a random moment. One worker shares the host on
 * which the halt is said, the other has a host of its own and hears of it by the database alone.
 */
export const haltstorm: Rig = {
  counted: 'halts',
  perWorld: 25,
  planted: ['no-halt'],
  world: () => ({
    isServed: false,
    mailDelayMs: 15,
    settings: {
      ...rigWaves,
      ALLCLEAR_LIMIT_TELL_WAVE_SIZES: '1000',
      ALLCLEAR_LIMIT_CONTAIN_WAVE_SIZES: '1000',
      ALLCLEAR_LIMIT_SMALL_PERMIT_SIZE: '12',
      LOG_LEVEL: 'silent',
    },
  }),
  async run(world, { times, seed, planted }, say) {
    const random = makeRandom(seed, 'haltstorm');
    const chosen = plainPeople(world, seed);
    const elsewhere = { ALLCLEAR_STATE_DIR: join(world.folder, 'other-host') };
    const running = [
      await startProcess('server', world.env),
      await startProcess('worker', world.env),
      await startProcess('worker', { ...world.env, ...elsewhere }),
    ];
    const halts: Halted[] = [];
    const findings: string[] = [];
    let early = 0;
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
        if (planted === null) await halt(world, plan.id, random.pick(['tell', 'all']));
        halts.push({ plan: plan.id, at: Date.now(), inFlightAtMost: workers * mostInFlight });
        const tell = (await tracksOf(world, plan.id)).find((track) => track.track === 'tell');
        if (tell?.phase === 'finished') early += 1;
        else if (tell?.phase !== 'halted') findings.push(`${plan.id}: ${tell?.phase} after its halt`);
      }
      await delay(watchMs);
    } finally {
      for (const one of running) await one.kill();
    }
    const arrived = world.mailbox
      .all()
      .map((mail) => ({ plan: planOf(mail.raw.toString('latin1')), at: mail.arrivedAt.getTime() }));
    findings.push(...judgeHalts(halts, arrived));
    proveHaltJudge(halts, arrived);
    const after = halts.map(({ plan, at }) => arrived.filter((mail) => mail.plan === plan && mail.at > at).length);
    say(`dots after a halt: ${after.reduce((sum, one) => sum + one, 0)} in all, ${Math.max(...after)} at most`);
    return {
      findings,
      // A halt that came after the last mail proves nothing.
      counts: {
        halts: halts.length - early,
        mails: arrived.length,
        dotsAfter: after.reduce((a, b) => a + b, 0),
        wrong: findings.length,
      },
    };
  },
};

async function halt(world: World, subject: PlanId, scope: 'tell' | 'all'): Promise<void> {
  await world.services.haltRollout({ subject, scope, by: world.crew.author.id, reason: 'a drill' });
}
