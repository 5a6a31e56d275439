import { makeRandom } from '../chirp/random.ts';
import { approvedPlan, importObserved, plainPeople } from './campaign.ts';
import { startCommitCutter } from './commit-cutter.ts';
import { loseDots } from './lose-dots.ts';
import { countOf, judgeMail, proveJudge, seeMail } from './mail-judge.ts';
import { startProcess } from './processes.ts';
import { untilFinished } from './resume-2021.ts';
import type { Rig } from './rig.ts';
import { rigWaves } from './rig-waves.ts';

const people = 120;
const workers = 2;
/** Of transactions that take, settle or take back a permit, so many are cut until enough were. */
const share = 1 / 3;
/** Half of the cuts come after the server has committed: only then does it know what we do not. */
const kinds = ['after', 'after', 'before', 'blind'] as const;
const events = ['permit.taken', 'permit.settled', 'permit.recovered'] as const;
const finishMs = 180_000;

/**
 * Connections are cut around the COMMIT of a permit that is taken, settled or taken back, so that the worker cannot know
 * whether it has one, or whether what it did was written down.
 */
export const commitLost: Rig = {
  counted: 'cuts',
  perWorld: 40,
  planted: ['dots-lost'],
  world: () => ({ isServed: false, mailDelayMs: 20, settings: { ...rigWaves, LOG_LEVEL: 'silent' } }),
  async run(world, { times, seed, planted }, say) {
    const random = makeRandom(seed, 'commit-lost');
    const met = new Map<string, number>();
    let left = times;
    const cutter = await startCommitCutter({
      databaseUrl: world.env['DATABASE_URL'] ?? '',
      folder: world.folder,
      decide(words) {
        const event = events.find((one) => words.includes(one));
        if (event === undefined || left <= 0 || !random.chance(share)) return null;
        left -= 1;
        met.set(event, (met.get(event) ?? 0) + 1);
        if (planted === null) return random.pick(kinds);
        // What was done is not written down, and what was noted on the way is gone.
        loseDots(world);
        return 'before';
      },
    });
    const batch = await importObserved(world, plainPeople(world, seed).slice(0, people), 'session-in-a-dump');
    const plan = await approvedPlan(world, [batch], { budget: 'attack' });
    const running = [await startProcess('server', world.env)];
    try {
      for (let worker = 0; worker < workers; worker += 1)
        running.push(await startProcess('worker', { ...world.env, DATABASE_URL: cutter.url }));
      await world.services.startRollout(plan.id, plan.total, world.crew.author.id);
      await untilFinished(world, plan.id, finishMs);
    } finally {
      for (const one of running) await one.kill();
      await cutter.stop();
    }
    const seen = await seeMail(world, plan.id);
    const findings = judgeMail(seen);
    proveJudge(seen);
    const { before, after, blind } = cutter.cuts();
    say(
      `${before} cuts before the commit, ${after} after it, ${blind} unseen: ${JSON.stringify(Object.fromEntries(met))}`,
    );
    return {
      findings,
      counts: {
        cuts: before + after + blind,
        mails: seen.arrived.length,
        unknown: countOf(seen, 'unknown'),
        wrong: findings.length,
      },
    };
  },
};
