import pg from 'pg';
import { findWrong, lettersOf, untouched } from './check-world.ts';
import { agreeToRetract, approvedPlan, importObserved, plainPeople, untilPhase, withdrawAll } from './campaign.ts';
import { readCredentials } from './observe-world.ts';
import { shortWaves } from './replay.ts';
import type { Replay } from './replay.ts';
import type { World } from './world.ts';

const usualRecipients = 190;

/**
 * The accident of 13 January 2018: a drill was taken for real. That it was false was known after 3 minutes and said
 * after 38, for want of a correction that was ready and of somebody who could send it.
 */
export const hawaii2018 = hawaii2018Over(usualRecipients, { keep: 250 });

/** The same with another number of people; `size` and `keep` have to leave room for them in the budget. */
export function hawaii2018Over(recipients: number, room: { readonly keep?: number; readonly size?: number }): Replay {
  return {
    world: { ...room, settings: shortWaves },
    async run(world, say) {
      const before = await readCredentials(world.chirp.databaseUrl);
      const people = plainPeople(world, 2018).slice(0, recipients);
      const drill = await importObserved(world, people, 'drill');
      const plan = await approvedPlan(world, [drill], { budget: 'attack' });
      await world.services.startRollout(plan.id, plan.total, world.crew.author.id);
      await untilPhase(world, plan.id, ['contain', 'tell'], ['finished'], 900_000);
      say(`It was a drill, and ${lettersOf(world, 'notice')} people were told that it is real. Now it is known.`);

      const { author, approvers } = world.crew;
      const yesesBefore = await countYeses(world);
      const knownAt = performance.now();
      const { recipients: due } = await world.services.previewCorrection(plan.id, 'holding');
      await world.services.sendCorrection(plan.id, 'holding', due, approvers[0].id);
      await untilPhase(world, plan.id, ['holding'], ['finished'], 300_000);
      const holdingSeconds = secondsSince(knownAt);
      const newYeses = (await countYeses(world)) - yesesBefore;
      const holding = lettersOf(world, 'holding');
      say(
        `One person, ${newYeses} new approvals: ${holding} holding letters handed over ${holdingSeconds} s after "we know".`,
      );

      await withdrawAll(world, drill, 'rule-wrong', 'It was a drill.');
      const retraction = await world.services.draftRetraction(plan.id, author.id);
      await agreeToRetract(world, retraction, approvers[0]);
      const early = await world.services.startRetraction(retraction.id, approvers[0].id);
      const finalsBeforeSecondYes = early.kind === 'waiting' ? lettersOf(world, 'final') : -1;
      say(`One yes to putting it right: ${early.kind}, ${finalsBeforeSecondYes} final letters.`);
      const agreedAt = performance.now();
      await agreeToRetract(world, retraction, approvers[1]);
      await world.services.startRetraction(retraction.id, approvers[1].id);
      await untilPhase(world, retraction.id, ['restore', 'correct'], ['finished'], 900_000);
      const finalSeconds = secondsSince(agreedAt);
      say(`${lettersOf(world, 'final')} final letters and their passwords ${finalSeconds} s after the second yes.`);

      const told = new Set(people.map((person) => person.accountId));
      const findings = await findWrong(world, before, ({ accountId }) =>
        told.has(accountId) ? { letters: 'notice holding final', password: 'old', isSignedOut: true } : untouched,
      );
      const counts = {
        told: told.size,
        holding,
        newYeses,
        finalsBeforeSecondYes,
        holdingSeconds,
        finalSeconds,
        wrong: findings.length,
      };
      return { counts, findings };
    },
  };
}

function secondsSince(startedAt: number): number {
  return Math.round((performance.now() - startedAt) / 100) / 10;
}

/** Every yes that anybody ever gave here. */
export async function countYeses(world: World): Promise<number> {
  const client = new pg.Client({ connectionString: world.env['DATABASE_URL'] });
  await client.connect();
  try {
    const { rows } = await client.query<{ count: string }>('SELECT count(*) FROM allclear.approval');
    return Number(rows[0]?.count);
  } finally {
    await client.end();
  }
}
