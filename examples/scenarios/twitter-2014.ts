import { setTimeout as delay } from 'node:timers/promises';
import type { PlanId } from '../../src/domain/shared/ids.ts';
import type { Person } from '../chirp/population/ground-truth.ts';
import { makeRandom } from '../chirp/random.ts';
import { generateCredentialList } from '../generator/generate-credential-list.ts';
import { generateObservedList } from '../generator/generate-observed-list.ts';
import {
  approvedPlan,
  importList,
  runRetraction,
  tracksOf,
  untilDrained,
  untilPhase,
  withdrawAll,
} from './campaign.ts';
import { canSignIn, mailKindsOf, readCredentials } from './observe-world.ts';
import { startReaders } from './readers.ts';
import type { World } from './world.ts';

/** Accounts that the wrong rule names, and how many of them a thief is really inside of. */
const namedAccounts = 1_000;
const trueShare = 0.1;
/** Sign-ins tried at the end: each costs Chirp a scrypt. All passwords are compared byte for byte besides. */
const signInsTried = 30;
const hourMs = 3_600_000;
/** Of the list that comes in meanwhile; most of its lines are strangers. */
const leakedLines = 2_000;

export interface Twitter2014Counts {
  /** People who got the wrong or right notice. */
  readonly told: number;
  /** Of those wrongly told, who got the final correction. */
  readonly corrected: number;
  /** Accounts whose password is the old one again, byte for byte. */
  readonly restored: number;
  /** Accounts of the plan that stay protected, because a leaked password works on them. */
  readonly kept: number;
  /** People of whom anything in the world is not as it has to be. */
  readonly wrong: number;
}

/**
 * The accident of 3 March 2014: a rule of the service is wrong, the plan that rests on it was approved, passwords are
 * really reset and people really told. What the service did not have then: a gate that hears the first readers, a
 * letter that is ready, and the way back, person by person.
 */
export async function replayTwitter2014(
  world: World,
  say: (line: string) => void,
  seed = 2014,
): Promise<{ readonly counts: Twitter2014Counts; readonly findings: readonly string[] }> {
  const { services, crew, chirp } = world;
  const before = await readCredentials(chirp.databaseUrl);

  const observed = generateObservedList({
    seed,
    people: chirp.truth.people,
    accounts: namedAccounts,
    trueShare,
    rule: 'sign-in-from-known-bad-network',
    from: new Date(Date.now() - 2 * hourMs),
    until: new Date(Date.now() - hourMs),
  });
  say(
    `A rule of the service names ${namedAccounts} accounts. It is wrong for ${observed.truth.innocent.size} of them; nobody knows that yet.`,
  );
  const batch = await importList(world, {
    stream: oneChunk(observed.csv),
    source: 'sign-in-rule',
    class: 'observed',
    own: true,
  });
  const plan = await approvedPlan(world, [batch], { budget: 'attack' });
  say(`${plan.id}: ${plan.total} accounts, digest ${plan.digest.slice(0, 12)}..., approved by two people. It starts.`);

  const readers = startReaders({
    mailbox: world.mailbox,
    serverUrl: world.serverUrl,
    isRight: (address) => isCompromised(address),
    seed,
  });
  const byAddress = new Map(chirp.truth.people.map((person) => [person.address, person]));
  function isCompromised(address: string): boolean {
    return observed.truth.compromised.has(byAddress.get(address)?.accountId ?? '');
  }
  await services.startRollout(plan.id, plan.total, crew.author.id);
  try {
    await untilPhase(world, plan.id, ['contain', 'tell'], ['halted'], 120_000);
  } finally {
    await readers.stop();
  }
  await untilDrained(world, plan.id, 30_000);
  const atHalt = await readCredentials(chirp.databaseUrl);
  const told = world.mailbox.count();
  const [halted] = await tracksOf(world, plan.id);
  say(`HALT after ${told} mails: ${halted?.reasons.join('; ') ?? ''}`);

  const holding = await services.previewCorrection(plan.id, 'holding');
  await services.sendCorrection(plan.id, 'holding', holding.recipients, crew.approvers[0].id);
  await untilPhase(world, plan.id, ['holding'], ['finished'], 60_000);
  say(`One person sent the holding correction to ${holding.recipients} people: "we are checking".`);

  await findTheTrulyStolen(world, seed, observed.truth.compromised);
  const withdrawal = await withdrawAll(world, batch, 'rule-wrong', 'The rule took an office network for a thief.');
  say(
    `The evidence of the rule is withdrawn (${withdrawal.evidence} events). ${withdrawal.heldByOther} accounts stay protected by a leaked list.`,
  );

  await retractByTwo(world, plan.id, say);
  return checkWorld(world, { before, atHalt, compromised: observed.truth.compromised }, say);
}

/** A leaked list comes in meanwhile: it holds working passwords of those whom a thief was really inside of. */
async function findTheTrulyStolen(world: World, seed: number, compromised: ReadonlySet<string>): Promise<void> {
  const people = world.chirp.truth.people.filter(
    (person) => compromised.has(person.accountId) && person.passwordIndex !== null,
  );
  const shares = { right: 1, former: 0, wrong: 0, passwordless: 0, trap: 0 };
  const list = generateCredentialList({ lines: leakedLines, seed, people, shares });
  await importList(world, { stream: list.chunks, source: 'leaked-list', class: 'credentials' });
}

async function retractByTwo(world: World, plan: PlanId, say: (line: string) => void): Promise<void> {
  const { services, crew } = world;
  const retraction = await services.draftRetraction(plan, crew.author.id);
  const { decisions } = retraction.header.targets;
  say(
    `${retraction.id}: ${Object.entries(decisions)
      .map(([word, count]) => `${word} ${count}`)
      .join(', ')}. Two people say yes.`,
  );
  await runRetraction(world, retraction);
}

/** What Chirp's own rows were, and who a thief is really inside of. */
interface KnownTruth {
  readonly before: ReadonlyMap<string, string | null>;
  readonly atHalt: ReadonlyMap<string, string | null>;
  readonly compromised: ReadonlySet<string>;
}

/** Holds the world against the ground truth: Chirp's own rows, every mailbox, and real sign-ins. */
async function checkWorld(
  world: World,
  { before, atHalt, compromised }: KnownTruth,
  say: (line: string) => void,
): Promise<{ readonly counts: Twitter2014Counts; readonly findings: readonly string[] }> {
  const { chirp, mailbox } = world;
  const after = await readCredentials(chirp.databaseUrl);
  const findings: string[] = [];
  const counts = { told: 0, corrected: 0, restored: 0, kept: 0 };
  for (const { accountId, address } of chirp.truth.people) {
    const kinds = mailKindsOf(mailbox, address);
    const hashIsBack = after.get(accountId) === before.get(accountId);
    const wasTaken = atHalt.get(accountId) !== before.get(accountId);
    if (kinds.includes('notice')) counts.told += 1;
    if (kinds.includes('final')) counts.corrected += 1;
    if (wasTaken && hashIsBack) counts.restored += 1;
    if (wasTaken && !hashIsBack) counts.kept += 1;
    const problem = problemOf({ kinds, wasTaken, hashIsBack, isCompromised: compromised.has(accountId) });
    if (problem !== null) findings.push(`${accountId}: ${problem}`);
  }
  for (const [person, works] of await trySignIns(world, compromised)) {
    if (works === compromised.has(person.accountId)) {
      findings.push(`${person.accountId}: sign-in with the old password ${works ? 'works' : 'fails'}`);
    }
  }
  say(
    `The world: ${counts.told} told, ${counts.corrected} corrected, ${counts.restored} passwords given back, ` +
      `${counts.kept} kept protected, ${findings.length} wrong.`,
  );
  return { counts: { ...counts, wrong: findings.length }, findings };
}

/** Null where everything is as it has to be for this person: letters in their order, and the password where it belongs. */
function problemOf(seen: {
  readonly kinds: readonly string[];
  readonly wasTaken: boolean;
  readonly hashIsBack: boolean;
  readonly isCompromised: boolean;
}): string | null {
  const letters = seen.kinds.join(' ');
  const wasTold = seen.kinds.includes('notice');
  const due = !wasTold ? '' : seen.isCompromised ? 'notice holding confirmed' : 'notice holding final';
  if (letters !== due) return `got "${letters}" and was due "${due}"`;
  if (seen.isCompromised && seen.wasTaken)
    return seen.hashIsBack ? 'is compromised and has the old password back' : null;
  return seen.hashIsBack ? null : 'lacks the old password';
}

async function trySignIns(
  world: World,
  compromised: ReadonlySet<string>,
): Promise<readonly (readonly [Person, boolean])[]> {
  const random = makeRandom(7, 'sign-ins');
  const told = world.chirp.truth.people.filter(
    (person) => person.passwordIndex !== null && mailKindsOf(world.mailbox, person.address).includes('notice'),
  );
  const chosen = [
    ...random.shuffle(told.filter((person) => compromised.has(person.accountId))).slice(0, signInsTried / 3),
    ...random
      .shuffle(told.filter((person) => !compromised.has(person.accountId)))
      .slice(0, signInsTried - signInsTried / 3),
  ];
  const results: [Person, boolean][] = [];
  for (const person of chosen) {
    results.push([person, await canSignIn(world.chirp.url, person)]);
    await delay(0);
  }
  return results;
}

async function* oneChunk(text: string): AsyncIterable<Uint8Array> {
  yield Buffer.from(text, 'utf8');
}
