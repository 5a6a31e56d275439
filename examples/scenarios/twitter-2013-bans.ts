import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { PlanId } from '../../src/domain/shared/ids.ts';
import type { Person } from '../chirp/population/ground-truth.ts';
import { passwordOf } from '../chirp/population/ground-truth.ts';
import { makeRandom } from '../chirp/random.ts';
import { importObserved, runRetraction, tracksOf, untilDrained, untilPhase, withdrawAll } from './campaign.ts';
import { makeChirpClient } from './chirp-client.ts';
import { mailKindsOf, mailsTo } from './observe-world.ts';
import { sayYes } from './people.ts';
import type { World } from './world.ts';

/** Whom each rule of the sweep names: the first takes people who share a link for spammers, the second is right. */
const namedWrongly = 120;
const namedRightly = 40;
/** Spammers whom the wrong rule names as well: withdrawing it must not let them in. */
const namedByBoth = 10;
const businesses = 6;
/**
 * Who writes an appeal, of those told so far: the page takes no more than six from one address at once. Four granted halt the
 * rollout whatever becomes of the two.
 */
const appealsOfOthers = 4;
const appealsOfSpammers = 2;
const pollMs = 100;
const haltedWithinMs = 120_000;

export interface Bans2013Counts {
  readonly suspendedAtHalt: number;
  readonly granted: number;
  readonly reinstated: number;
  readonly keptSuspended: number;
  readonly corrected: number;
  /** People of whom anything in the world is not as it has to be. */
  readonly wrong: number;
}

/**
 * The accident of 2013: a sweep against spam suspended legitimate accounts, their tickets were closed by a robot, and they were let
 * back in without a word. Here a person decides each appeal, what they grant counts against the rule, and the rule's other
 * victims follow, each told.
 */
export async function replayBans2013(
  world: World,
  say: (line: string) => void,
  seed = 2013,
): Promise<{ readonly counts: Bans2013Counts; readonly findings: readonly string[] }> {
  const { services, crew } = world;
  const cast = castOf(world, seed);
  const wrongRule = await importObserved(world, [...cast.legitimate, ...cast.businesses, ...cast.both], 'same-link');
  const rightRule = await importObserved(world, [...cast.spammers, ...cast.both], 'mass-mentions');
  const plan = await services.draftPlan(
    {
      batches: [wrongRule, rightRule],
      action: 'suspend',
      suspension: { reason: 'spam', days: 30 },
      notice: 'account-suspended',
      limits: { pace: null, order: 'interlocked', budget: 'attack' },
      author: crew.author.id,
    },
    () => undefined,
  );
  for (const person of crew.approvers)
    await sayYes(services, person, plan.id, { digest: plan.digest, total: plan.total, decision: 'approve' });
  say(
    `${plan.id}: ${plan.total} accounts, most of them named by a rule that is wrong. Two people said yes. It starts.`,
  );
  await services.startRollout(plan.id, plan.total, crew.author.id);
  const appealed = await appealUntilHalted(world, plan.id, cast, say);
  await untilDrained(world, plan.id, 30_000);
  const atHalt = await readMarks(world);
  const [halted] = await tracksOf(world, plan.id);
  say(`HALT with ${atHalt.size} accounts suspended: ${halted?.reasons.join('; ') ?? ''}`);

  const holding = await services.previewCorrection(plan.id, 'holding');
  await services.sendCorrection(plan.id, 'holding', holding.recipients, crew.approvers[0].id);
  await untilPhase(world, plan.id, ['holding'], ['finished'], 60_000);
  await withdrawAll(world, wrongRule, 'rule-wrong', 'The rule took people who share a link for spammers.');
  const retraction = await services.draftRetraction(plan.id, crew.author.id);
  say(`${retraction.id}: ${JSON.stringify(retraction.header.targets.decisions)}. Two people say yes.`);
  await runRetraction(world, retraction);
  return checkWorld(world, plan.id, cast, { atHalt, appealed }, say);
}

interface Cast {
  readonly legitimate: readonly Person[];
  readonly businesses: readonly Person[];
  readonly spammers: readonly Person[];
  readonly both: readonly Person[];
  /** The ground truth: who really sends what nobody asked for. */
  readonly isSpammer: (person: Person) => boolean;
}

function castOf(world: World, seed: number): Cast {
  const { people } = world.chirp.truth;
  const random = makeRandom(seed, 'cast');
  const plain = random.shuffle(
    people.filter(
      (one) =>
        one.passwordIndex !== null &&
        one.addressConfirmed &&
        one.addressChangedAt === null &&
        !one.business &&
        !one.staff,
    ),
  );
  const take = (from: number, count: number): readonly Person[] => plain.slice(from, from + count);
  const spammers = take(namedWrongly, namedRightly);
  const both = take(namedWrongly + namedRightly, namedByBoth);
  const bad = new Set([...spammers, ...both].map((one) => one.accountId));
  return {
    legitimate: take(0, namedWrongly),
    businesses: people.filter((one) => one.business && one.addressConfirmed).slice(0, businesses),
    spammers,
    both,
    isSpammer: ({ accountId }) => bad.has(accountId),
  };
}

interface Appealed {
  readonly granted: ReadonlySet<string>;
  readonly declined: ReadonlySet<string>;
}

/** Whoever gets a notice appeals, spammers too; a person who looks at what was sent decides each, until the rollout halts. */
async function appealUntilHalted(
  world: World,
  plan: PlanId,
  cast: Cast,
  say: (line: string) => void,
): Promise<Appealed> {
  const granted = new Set<string>();
  const declined = new Set<string>();
  const byId = new Map(world.chirp.truth.people.map((one) => [one.accountId, one]));
  const named = [...cast.legitimate, ...cast.spammers, ...cast.both];
  const written = new Set<string>();
  const left = { others: appealsOfOthers, spammers: appealsOfSpammers };
  for (const deadline = performance.now() + haltedWithinMs; performance.now() < deadline; await delay(pollMs)) {
    const tracks = await tracksOf(world, plan);
    if (tracks.some((track) => track.track === 'contain' && track.phase === 'halted')) return { granted, declined };
    for (const person of named) {
      const who = cast.isSpammer(person) ? 'spammers' : 'others';
      if (left[who] === 0 || written.has(person.accountId)) continue;
      const notice = mailsTo(world.mailbox, person.address)[0];
      if (notice === undefined) continue;
      written.add(person.accountId);
      left[who] -= 1;
      await appeal(world, person, notice.raw.toString('latin1'));
    }
    const { appeals } = await world.services.listAppeals('open', 100, null);
    for (const { id, accountId } of appeals) {
      const person = byId.get(accountId);
      const decision = person !== undefined && cast.isSpammer(person) ? 'declined' : 'granted';
      const by = world.crew.approvers[0].id;
      await world.services.decideAppeal({ appeal: id, decision, reason: 'looked at what it sent', by });
      (decision === 'granted' ? granted : declined).add(accountId);
      say(`An appeal was ${decision} by a person.`);
    }
  }
  throw new Error(`${plan} was not halted by ${granted.size} granted appeals in ${haltedWithinMs / 1_000} s`);
}

/** As its holder does: the number from the mail and the address that it came to, on the page without an account. */
async function appeal(world: World, person: Person, raw: string): Promise<void> {
  const number = /\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}-[0-9A-Z]\b/.exec(raw)?.[0] ?? '';
  const answer = await fetch(new URL('/appeal?lang=en', world.serverUrl), {
    method: 'POST',
    headers: { origin: world.serverUrl },
    body: new URLSearchParams({ number, address: person.address, words: 'I only wrote to my friends.' }),
  });
  await answer.body?.cancel();
  if (answer.status !== 200) throw new Error(`the appeal page answered ${answer.status}`);
}

/** What accounts are suspended by, as Chirp's own database has it. */
async function readMarks(world: World): Promise<ReadonlyMap<string, string>> {
  const client = new pg.Client({ connectionString: world.chirp.databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: string; mark: string }>(
      `SELECT id, coalesce("banReason", '') AS mark FROM "user" WHERE banned`,
    );
    return new Map(rows.map((row) => [row.id, row.mark]));
  } finally {
    await client.end();
  }
}

async function checkWorld(
  world: World,
  plan: PlanId,
  cast: Cast,
  { atHalt, appealed }: { readonly atHalt: ReadonlyMap<string, string>; readonly appealed: Appealed },
  say: (line: string) => void,
): Promise<{ readonly counts: Bans2013Counts; readonly findings: readonly string[] }> {
  const marks = await readMarks(world);
  const findings: string[] = [];
  const counts = {
    suspendedAtHalt: atHalt.size,
    granted: appealed.granted.size,
    reinstated: 0,
    keptSuspended: 0,
    corrected: 0,
  };
  const isHit = (id: string): boolean => atHalt.has(id) || appealed.granted.has(id);
  for (const person of world.chirp.truth.people) {
    const { accountId: id, address } = person;
    const letters = mailKindsOf(world.mailbox, address);
    const ours = letters.filter((kind) => kind !== 'other').join(' ');
    const answers = letters.filter((kind) => kind === 'other').length;
    const wasAnswered = appealed.granted.has(id) || appealed.declined.has(id);
    const wasTold = letters.includes('notice');
    const due = !wasTold
      ? ''
      : appealed.granted.has(id)
        ? 'notice'
        : `notice holding ${cast.isSpammer(person) ? 'confirmed' : 'final'}`;
    if (ours !== due) findings.push(`${id}: got "${ours}" and was due "${due}"`);
    if (answers !== (wasAnswered ? 1 : 0)) findings.push(`${id}: ${answers} answers to an appeal`);
    const isSuspended = marks.has(id);
    if (isSuspended !== (isHit(id) && cast.isSpammer(person)))
      findings.push(`${id}: ${isSuspended ? 'is' : 'is not'} suspended`);
    if (isHit(id) && person.business) findings.push(`${id}: a business was suspended`);
    if (ours.endsWith('final')) counts.corrected += 1;
    if (isHit(id) && !isSuspended) counts.reinstated += 1;
    if (isSuspended) counts.keptSuspended += 1;
  }
  // What its holders meet: Chirp's own sign-in, with the password that they always had.
  const hit = [...cast.legitimate, ...cast.spammers, ...cast.both].filter((one) => isHit(one.accountId));
  for (const person of hit) {
    const answer = await makeChirpClient(world.chirp.url).signIn(person.address, passwordOf(person) ?? '');
    const wanted = cast.isSpammer(person) ? 403 : 200;
    if (answer.status !== wanted) findings.push(`${person.accountId}: Chirp answered a sign-in with ${answer.status}`);
    await answer.body?.cancel();
  }
  // What anyone may read about it, against what happened to people.
  const said = (await world.services.publicStatement(plan))?.counts;
  const claims = [
    ['let back in', said?.restored.value, counts.reinstated],
    ['right in their appeal', said?.granted.value, counts.granted],
    ['told of our mistake', said?.corrected.value, counts.corrected + counts.granted],
    ['kept', said?.kept.value, counts.keptSuspended],
  ] as const;
  for (const [what, shown, due] of claims)
    if (shown !== due) findings.push(`the statement says ${shown} ${what}, and it is ${due}`);
  say(
    `The world: ${counts.reinstated} let back in (${counts.granted} by appeal), ${counts.keptSuspended} stay suspended, ` +
      `${counts.corrected} corrected, ${findings.length} wrong.`,
  );
  return { counts: { ...counts, wrong: findings.length }, findings };
}
