import { findWrong, untouched } from './check-world.ts';
import {
  approvedPlan,
  importLeaked,
  importObserved,
  plainPeople,
  runRetraction,
  untilPhase,
  withdrawAll,
} from './campaign.ts';
import { readCredentials } from './observe-world.ts';
import { shortWaves } from './replay.ts';
import type { Replay } from './replay.ts';

/** How many people of each kind the plan mixes. */
const groups = {
  falselyNamed: 60,
  falselyNamedAndLeaked: 8,
  falselyNamedAndStolen: 8,
  stolen: 20,
  leaked: 20,
} as const;

/**
 * The accident of November 2012: a justified reset reached "a larger number of accounts, beyond those that we believed
 * compromised". The plan is a mixture; withdrawing the bad part of its evidence gives back exactly the false ones.
 */
export const twitter2012: Replay = {
  world: { keep: 300, settings: shortWaves },
  async run(world, say) {
    const before = await readCredentials(world.chirp.databaseUrl);
    const people = plainPeople(world, 2012).values();
    const take = (count: number) => Array.from({ length: count }, () => people.next().value!);
    const falselyNamed = take(groups.falselyNamed);
    const both = { leaked: take(groups.falselyNamedAndLeaked), stolen: take(groups.falselyNamedAndStolen) };
    const stolen = take(groups.stolen);
    const leaked = take(groups.leaked);

    const bad = await importObserved(world, [...falselyNamed, ...both.leaked, ...both.stolen], 'office-network');
    const good = await importObserved(world, [...stolen, ...both.stolen], 'session-in-a-dump');
    const list = await importLeaked(world, [...leaked, ...both.leaked], 'leaked-list');
    const plan = await approvedPlan(world, [bad, good, list], { budget: 'attack' });
    say(
      `${plan.id}: ${plan.total} accounts from three batches. One rule is wrong: it alone names ${falselyNamed.length} of them.`,
    );
    await world.services.startRollout(plan.id, plan.total, world.crew.author.id);
    await untilPhase(world, plan.id, ['contain', 'tell'], ['finished'], 60_000);
    say('All are contained and told, as approved. Then it is found out.');

    const withdrawal = await withdrawAll(world, bad, 'rule-wrong', 'The rule took an office network for a thief.');
    say(
      `The rule is withdrawn (${withdrawal.evidence} events); ${withdrawal.heldByOther} accounts have other evidence.`,
    );
    const retraction = await world.services.draftRetraction(plan.id, world.crew.author.id);
    await runRetraction(world, retraction);

    const restored = new Set(falselyNamed.map((person) => person.accountId));
    const kept = new Set([...stolen, ...leaked, ...both.leaked, ...both.stolen].map((person) => person.accountId));
    const findings = await findWrong(world, before, ({ accountId }) => {
      if (restored.has(accountId)) return { letters: 'notice final', password: 'old', isSignedOut: true };
      return kept.has(accountId) ? { letters: 'notice', password: 'taken', isSignedOut: true } : untouched;
    });
    say(`The world: ${restored.size} to be given back, ${kept.size} to be kept, ${findings.length} people wrong.`);
    return { counts: { restored: restored.size, kept: kept.size, wrong: findings.length }, findings };
  },
};
