import { findWrong, untouched } from './check-world.ts';
import {
  agreeToRetract,
  approvedPlan,
  importLeaked,
  importObserved,
  plainPeople,
  untilPhase,
  withdrawAll,
} from './campaign.ts';
import { readCredentials } from './observe-world.ts';
import { shortWaves } from './replay.ts';
import type { Replay } from './replay.ts';

const groups = { innocent: 40, leakedBefore: 12, leakedAfterApproval: 12 } as const;

/**
 * The reversal itself is the mistake: a sound rule is withdrawn in good faith, and two people agree. Every account of
 * which something else says that its password is known stays closed, also where that comes after their yes.
 */
export const wrongReversal: Replay = {
  world: { keep: 250, settings: shortWaves },
  async run(world, say) {
    const { services, crew } = world;
    const before = await readCredentials(world.chirp.databaseUrl);
    const people = plainPeople(world, 77);
    const innocent = people.slice(0, groups.innocent);
    const leakedBefore = people.slice(innocent.length, innocent.length + groups.leakedBefore);
    const leakedAfter = people.slice(
      innocent.length + leakedBefore.length,
      innocent.length + leakedBefore.length + groups.leakedAfterApproval,
    );
    const batch = await importObserved(world, [...innocent, ...leakedBefore, ...leakedAfter], 'sign-in-rule');
    const plan = await approvedPlan(world, [batch], { budget: 'attack' });
    await services.startRollout(plan.id, plan.total, crew.author.id);
    await untilPhase(world, plan.id, ['contain', 'tell'], ['finished'], 60_000);

    await importLeaked(world, leakedBefore, 'first-list');
    const withdrawal = await withdrawAll(world, batch, 'rule-wrong', 'Somebody thinks that the whole rule is wrong.');
    say(`The whole rule is withdrawn; ${withdrawal.heldByOther} of its ${plan.total} accounts are in a leaked list.`);
    const retraction = await services.draftRetraction(plan.id, crew.author.id);
    const { decisions } = retraction.header.targets;
    say(`${retraction.id}: restore ${decisions['restore'] ?? 0}, keep ${decisions['keep'] ?? 0}. Two people agree.`);
    for (const person of crew.approvers) await agreeToRetract(world, retraction, person);

    const late = await importLeaked(world, leakedAfter, 'second-list');
    say(`Before it starts, another list comes in: ${leakedAfter.length} of those to be given back are in it.`);
    const started = await services.startRetraction(retraction.id, crew.approvers[0].id);
    if (started.kind !== 'started') throw new Error('the retraction waits for another yes');
    await untilPhase(world, retraction.id, ['restore', 'correct'], ['finished'], 60_000);

    // And again: a source that is only doubted does not un-leak a password that was verified.
    await withdrawAll(world, late, 'source-doubted', 'Somebody thinks that the list was made up.');
    const second = await services.draftRetraction(plan.id, crew.author.id).then(
      (drafted) => drafted.header.targets.restore,
      () => 0,
    );
    say(`With the second list doubted, a further retraction would give back ${second}.`);

    const restored = new Set(innocent.map((person) => person.accountId));
    const kept = new Set([...leakedBefore, ...leakedAfter].map((person) => person.accountId));
    const findings = await findWrong(world, before, ({ accountId }) => {
      if (restored.has(accountId)) return { letters: 'notice final', password: 'old', isSignedOut: true };
      return kept.has(accountId) ? { letters: 'notice', password: 'taken', isSignedOut: true } : untouched;
    });
    const counts = {
      restored: restored.size,
      keptAtDraft: decisions['keep'] ?? 0,
      keptAtRestore: leakedAfter.length,
      restoredWhenDoubted: second,
      wrong: findings.length + second,
    };
    say(`The world: ${restored.size} given back, ${kept.size} kept, ${findings.length} wrong.`);
    return { counts, findings };
  },
};
