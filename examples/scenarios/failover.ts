import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { loadConfig } from '../../src/config/load-config.ts';
import { runDoctor } from '../../src/main/doctor/run-doctor.ts';
import { makeLossVerbs } from '../../src/main/loss-verbs.ts';
import type { Random } from '../chirp/random.ts';
import { makeRandom } from '../chirp/random.ts';
import { again } from './again.ts';
import { startBuiltInCopy } from './built-in-copy.ts';
import { approvedPlan, importObserved, plainPeople, tracksOf } from './campaign.ts';
import { freePort } from './free-port.ts';
import { countOf, judgeMail, proveJudge, seeMail } from './mail-judge.ts';
import { lossKinds, startMovableDatabase } from './movable-database.ts';
import type { LossKind, MovableDatabase } from './movable-database.ts';
import { signedYes, tokenOf } from './people.ts';
import { startProcess } from './processes.ts';
import type { Victim } from './processes.ts';
import { resumeWhenDrained, untilFinished } from './resume-2021.ts';
import type { Rig } from './rig.ts';
import { rigWaves } from './rig-waves.ts';
import { untilMails } from './until-mails.ts';
import type { World } from './world.ts';

const peoplePerPlan = 60;
/** Before the loss begins, and inside of it: at least so many mails, and up to so many more. */
const mailsBefore = 3;
const mailsLost = 2;
const mailsMore = 12;
const withinMs = 60_000;
/** Permits of seconds are taken, and run out, again and again on a machine that is slow. */
const finishMs = 180_000;
/** Where a rollout is over so soon that no more mail comes, there is little to lose: that does not count. */
const losingMs = 4_000;
/** A permit of a small wave lasts five seconds at most; another one follows. */
const actedUnderMs = 15_000;
/** The product has to notice by itself within this time, and before it does it may send nothing. */
const noticeMs = 20_000;
const lookAgainMs = 50;
/** Mails whose dot was out when the primary died; the same second that a halt has. */
const underWayMs = 1_000;
/** While it refuses: whoever sends on is seen. */
const watchMs = 2_500;

/**
 * A rollout runs, with its database elsewhere. The database comes to lack its last commits: a standby is promoted that had
 * not heard of them, or a copy that was taken cold is put in its place. Server and workers run on. The mailbox knows better: nothing
 * more may be sent until two have signed the loss and two have resumed, and then nobody is mailed twice.
 */
export const failover: Rig = makeFailover(startMovableDatabase, lossKinds);

/** The same for the built-in Postgres, which has no standby: its folder is put back as it was copied. */
export const coldCopy: Rig = makeFailover(startBuiltInCopy, ['cold-copy']);

function makeFailover(start: (folder: string) => Promise<MovableDatabase>, kinds: readonly LossKind[]): Rig {
  let database: MovableDatabase | undefined;
  return {
    counted: 'losses',
    perWorld: 6,
    planted: ['journal-lost'],
    world: () => ({
      isServed: false,
      mailDelayMs: 60,
      database: async (folder) => (database = await start(folder)),
      settings: { ...rigWaves, LOG_LEVEL: 'silent' },
    }),
    async run(world, { times, seed, planted }, say) {
      if (database === undefined) throw new Error('this world has no database that moves');
      const port = await freePort();
      const env = { ...world.env, PORT: String(port) };
      const running = [
        await startProcess('server', env),
        await startProcess('worker', env),
        await startProcess('worker', env),
      ];
      const ended = new Set<Victim>();
      for (const one of running) void one.gone.then(() => ended.add(one));
      const random = makeRandom(seed, 'failover');
      const tally = { losses: 0, mails: 0, unknown: 0 };
      const findings: string[] = [];
      try {
        for (let round = 0; round < times; round += 1) {
          const kind = kinds[round % kinds.length] ?? 'cold-copy';
          const trial = await tryOnce(
            { world, database, url: `http://127.0.0.1:${port}`, random, planted, running },
            { kind, round, seed },
          );
          say(`${kind}: ${trial.told}`);
          findings.push(...trial.findings);
          if (ended.size > 0) findings.push(`${ended.size} of server and workers ended by themselves`);
          tally.losses += trial.isLost ? 1 : 0;
          tally.mails += trial.mails;
          tally.unknown += trial.unknown;
          if (planted !== null && findings.length > 0) break;
          world.mailbox.clear();
        }
      } finally {
        for (const one of running) await one.kill();
      }
      return { findings, counts: { ...tally, wrong: findings.length } };
    },
  };
}

interface Stage {
  readonly world: World;
  readonly database: MovableDatabase;
  readonly url: string;
  readonly random: Random;
  readonly planted: string | null;
  readonly running: readonly Victim[];
}

interface Trial {
  /** False where nothing that matters was committed in the lost part: then there is nothing to notice. */
  readonly isLost: boolean;
  readonly findings: readonly string[];
  readonly mails: number;
  readonly unknown: number;
  readonly told: string;
}

async function tryOnce(
  stage: Stage,
  { kind, round, seed }: { readonly kind: LossKind; readonly round: number; readonly seed: number },
): Promise<Trial> {
  const { world, database, random, planted } = stage;
  const people = plainPeople(world, seed).slice(round * peoplePerPlan, (round + 1) * peoplePerPlan);
  const batch = await again(() => importObserved(world, people, `session-in-a-dump-${round}`));
  const plan = await approvedPlan(world, [batch], { budget: 'attack', order: 'contain-first' });
  await database.prepare(kind);
  await world.services.startRollout(plan.id, plan.total, world.crew.author.id);
  await mustMail(world, mailsBefore + random.below(mailsMore));
  await database.beginLoss(kind);
  const kept = new Set((await entriesOf(world)).map(({ hash }) => hash));
  await untilMails(world, world.mailbox.count() + mailsLost + random.below(mailsMore), losingMs);
  await untilActedUnder(world, kept);
  const before = await entriesOf(world);
  const lostAt = Date.now();
  await database.lose(kind);
  if (planted === 'journal-lost') await forgetOutside(world);
  const after = new Set((await again(() => entriesOf(world))).map(({ hash }) => hash));
  const lost = before.filter(({ hash }) => !after.has(hash)).map(({ event }) => event);
  // Whoever opened a wave or judged a gate does so again: only what somebody acted under is known outside.
  const isLost = lost.some((event) => event.startsWith('permit.'));

  const findings: string[] = [];
  const noticedMs = isLost ? await untilBehind(world) : 0;
  if (noticedMs === null) findings.push(`${plan.id}: nobody noticed that the database had lost ${lost.join(', ')}`);
  else if (isLost) findings.push(...(await refusals(stage, plan.id)));
  const late = world.mailbox.all().filter((mail) => mail.arrivedAt.getTime() > lostAt + underWayMs).length;
  if (isLost && late > 0) findings.push(`${plan.id}: ${late} mails after the database was lost`);

  let accepted = 0;
  if (isLost && noticedMs !== null) accepted = await acceptLoss(stage, findings);
  await again(() => resumeWhenDrained(world, plan));
  await untilFinished(world, plan.id, finishMs);
  const seen = await seeMail(world, plan.id);
  findings.push(...judgeMail(seen));
  if (planted === null) proveJudge(seen);
  return {
    isLost,
    findings,
    mails: seen.arrived.length,
    unknown: countOf(seen, 'unknown'),
    told: `noticed after ${noticedMs ?? '∞'} ms, ${accepted} people became unknown, ${seen.arrived.length} mails`,
  };
}

async function mustMail(world: World, count: number): Promise<void> {
  if (!(await untilMails(world, count, withinMs))) throw new Error('no mail went out: there is nothing to lose');
}

/** Until somebody acted under an entry that will be lost; where the rollout is over so soon, it does not count. */
async function untilActedUnder(world: World, kept: ReadonlySet<string>): Promise<void> {
  const startedAt = performance.now();
  while (performance.now() - startedAt < actedUnderMs) {
    const entries = await entriesOf(world);
    if (entries.some(({ event, hash }) => event.startsWith('permit.') && !kept.has(hash))) return;
    await delay(lookAgainMs);
  }
}

interface Entry {
  readonly event: string;
  readonly hash: string;
}

/** What the chains of rollouts hold, as whatever database is there now has it. */
function entriesOf(world: World): Promise<readonly Entry[]> {
  return query<Entry>(world, `SELECT event, hash FROM allclear.ledger_entry WHERE chain <> 'installation'`);
}

async function query<Row extends object>(world: World, statement: string): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: world.env['DATABASE_URL'] });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(statement)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Milliseconds until the database itself says that it is not to be believed; null where that never comes. */
async function untilBehind(world: World): Promise<number | null> {
  const startedAt = performance.now();
  while (performance.now() - startedAt < noticeMs) {
    const rows = await again(() => query(world, 'SELECT FROM allclear.behind'));
    if (rows.length > 0) return Math.round(performance.now() - startedAt);
    await delay(lookAgainMs);
  }
  return null;
}

/** What it has to say and to refuse while the world is ahead; each that is missing is a finding. */
async function refusals({ world, url }: Stage, plan: `plan_${number}`): Promise<readonly string[]> {
  const findings: string[] = [];
  const headers = {
    authorization: `Bearer ${await again(() => tokenOf(world.services, world.crew.author))}`,
    'content-type': 'application/json',
  };
  const post = (path: string, body: object): Promise<Response> =>
    fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  const ready = await fetch(`${url}/readyz`);
  if (ready.status !== 503) findings.push(`${plan}: /readyz answers ${ready.status}`);
  const resumed = await post(`/api/v1/rollouts/${plan}/resumptions`, {});
  if (resumed.status !== 503) findings.push(`${plan}: a resumption was answered with ${resumed.status}`);
  const halted = await post('/api/v1/halts', { subject: plan, scope: 'all', reason: 'a drill' });
  if (halted.status !== 200) findings.push(`${plan}: a halt was answered with ${halted.status}`);
  const standing = (await runDoctor(configOf(world))).find((one) => one.check === 'standing');
  if (standing?.verdict !== 'fail') findings.push(`${plan}: doctor says ${standing?.verdict} of the standing`);
  const before = world.mailbox.count();
  await delay(watchMs);
  if (world.mailbox.count() > before) findings.push(`${plan}: mail went out while it was refused`);
  if ((await tracksOf(world, plan)).some((track) => track.phase === 'running'))
    findings.push(`${plan}: a track runs while the world is ahead`);
  return findings;
}

function configOf(world: World): ReturnType<typeof loadConfig>['config'] {
  return loadConfig({ env: world.env, flags: {}, cwd: world.folder }).config;
}

/**
 * As it is put forward on the server's machine, signed by two through the API, and accepted there. That it was accepted with
 * fewer is a finding. Answers how many people became unknown.
 */
async function acceptLoss({ world, url }: Stage, findings: string[]): Promise<number> {
  const verbs = makeLossVerbs(() => configOf(world));
  const request = { isEveryone: false, vouched: null, journals: [] };
  const { people } = await verbs.previewLoss(request);
  for (const person of world.crew.approvers) {
    const asked = await verbs.acceptLoss(request, people);
    if (asked.kind === 'accepted') {
      findings.push('the loss was accepted before two people had signed it');
      return people;
    }
    const yes = { digest: asked.digest, total: people, decision: 'accept-loss' } as const;
    const answer = await fetch(`${url}/api/v1/losses/${asked.loss}/approvals`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await tokenOf(world.services, person)}`, 'content-type': 'application/json' },
      body: JSON.stringify(signedYes(world.services, person, yes)),
    });
    if (!answer.ok) findings.push(`a yes to ${asked.loss} was answered with ${answer.status}: ${await answer.text()}`);
  }
  const done = await verbs.acceptLoss(request, people);
  if (done.kind !== 'accepted') findings.push(`${done.loss} waits though two people have signed it`);
  return people;
}

/** The fault: nothing outside the database knows more than it, as if nobody had ever compared them. */
async function forgetOutside(world: World): Promise<void> {
  const journals = join(world.installation.config.stateDir, 'permits');
  for (const name of await readdir(journals)) await rm(join(journals, name), { force: true });
  await rm(join(world.env['ALLCLEAR_HOME'] ?? '', 'checkpoints.ndjson'), { force: true });
}
