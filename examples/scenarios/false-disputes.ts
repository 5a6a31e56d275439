import { passwordOf } from '../chirp/population/ground-truth.ts';
import type { Person } from '../chirp/population/ground-truth.ts';
import { findWrong, untouched } from './check-world.ts';
import {
  approvedPlan,
  importObserved,
  plainPeople,
  runRetraction,
  tracksOf,
  untilDrained,
  untilPhase,
} from './campaign.ts';
import { makeChirpClient } from './chirp-client.ts';
import { mailKindsOf, readCredentials } from './observe-world.ts';
import { startReaders } from './readers.ts';
import type { Replay } from './replay.ts';
import { shortWaves } from './replay.ts';
import type { World } from './world.ts';

const stolenAccounts = 120;
/** Thieves who try the password that they have, once they have pressed; each costs Chirp a scrypt. */
const thievesWhoTry = 20;

/**
 * Thieves read the mail of the accounts that they are inside of, and press "this is not right" on every one. It may stop
 * the plan, which costs the thieves nothing; it must not open a single account.
 */
export const falseDisputes: Replay = {
  // A press counts from 5 s after the mail; the soak has to be longer.
  world: { keep: 250, settings: { ...shortWaves, ALLCLEAR_LIMIT_TELL_SOAK_SECONDS: '30' } },
  async run(world, say) {
    const { services, crew } = world;
    const before = await readCredentials(world.chirp.databaseUrl);
    const stolen = plainPeople(world, 99).slice(0, stolenAccounts);
    const batch = await importObserved(world, stolen, 'session-in-a-dump');
    const plan = await approvedPlan(world, [batch], { budget: 'attack' });
    say(`${plan.id}: ${plan.total} accounts, every one of them really stolen. Whoever reads the mail presses.`);
    const thieves = startReaders({
      mailbox: world.mailbox,
      serverUrl: world.serverUrl,
      isRight: () => true,
      rates: { wronglyTold: 1, rightlyTold: 1 },
      seed: 99,
    });
    try {
      await services.startRollout(plan.id, plan.total, crew.author.id);
      await untilPhase(world, plan.id, ['contain', 'tell'], ['halted'], 60_000);
    } finally {
      await thieves.stop();
    }
    await untilDrained(world, plan.id, 30_000);
    const [track] = await tracksOf(world, plan.id);
    say(`HALT: ${track?.reasons.join('; ') ?? ''}. ${thieves.presses()} presses.`);

    const told = stolen.filter((person) => mailKindsOf(world.mailbox, person.address).length > 0);
    const opened = await tryStolenPasswords(world, told);
    say(
      `${Math.min(told.length, thievesWhoTry)} thieves try the password that they have: it opens ${opened} accounts.`,
    );

    const { recipients } = await services.previewCorrection(plan.id, 'holding');
    await services.sendCorrection(plan.id, 'holding', recipients, crew.approvers[0].id);
    await untilPhase(world, plan.id, ['holding'], ['finished'], 60_000);
    // Somebody looks, and finds the evidence sound: nothing is withdrawn. All that can follow is a letter that says so.
    const retraction = await services.draftRetraction(plan.id, crew.author.id);
    const restores = retraction.header.targets.restore;
    say(`Looked at by people, with the evidence as it is: ${restores} passwords to give back.`);
    await runRetraction(world, retraction);

    const contained = new Set(
      [...(await readCredentials(world.chirp.databaseUrl))]
        .filter(([id, hash]) => hash !== before.get(id))
        .map(([id]) => id),
    );
    const findings = await findWrong(world, before, ({ accountId, address }) => {
      const letters = told.some((person) => person.address === address) ? 'notice holding confirmed' : '';
      if (letters === '' && !contained.has(accountId)) return untouched;
      return { letters, password: 'taken', isSignedOut: true };
    });
    const outside = [...contained].filter((id) => !stolen.some((person) => person.accountId === id)).length;
    const counts = {
      stolen: stolen.length,
      told: told.length,
      contained: contained.size,
      opened,
      restores,
      wrong: findings.length + outside,
    };
    say(`The world: ${contained.size} contained, ${told.length} told, ${opened} opened, ${counts.wrong} wrong.`);
    return { counts, findings };
  },
};

async function tryStolenPasswords(world: World, told: readonly Person[]): Promise<number> {
  let opened = 0;
  for (const person of told.slice(0, thievesWhoTry)) {
    const answer = await makeChirpClient(world.chirp.url).signIn(person.address, passwordOf(person) ?? '');
    await answer.body?.cancel();
    if (answer.status === 200) opened += 1;
  }
  return opened;
}
