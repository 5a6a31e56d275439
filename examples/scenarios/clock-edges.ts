import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { makeRandom } from '../chirp/random.ts';
import type { Random } from '../chirp/random.ts';
import { again } from './again.ts';
import { importObserved, plainPeople } from './campaign.ts';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { draftPlan } from '../../src/app/plan/draft-plan.ts';
import type { BatchId } from '../../src/domain/shared/ids.ts';
import { limitsFrom } from '../../src/main/limits-from.ts';
import { canFakeClocks } from './clock.ts';
import { initPrimary } from './debian-postgres.ts';
import { findFaketime, makeFakedClock } from './faketime.ts';
import type { FakedClock } from './faketime.ts';
import { sayYes } from './people.ts';
import { startProcess } from './processes.ts';
import type { Victim } from './processes.ts';
import type { Rig } from './rig.ts';
import { rigWaves } from './rig-waves.ts';
import type { World } from './world.ts';

const people = 90;
const workers = 2;
/** A minute, on a busy machine. */
const begunLooks = 200;
const processes = ['server', 'worker', 'worker'] as const;
/** Until the edge at least: the plan is drawn up and approved, and its people are contained. */
const beforeEdgeMs = 35_000;
/** Started this long before it and, where they may be, told at two a second; and jumped about from here on. */
const startsBeforeMs = 22_000;
const jumpsBeforeMs = 9_000;
const jumpsAfterMs = 10_000;
const jumpEveryMs = 350;
/** All clocks are right again: whoever may be told now is told, unless a clock that was ahead put them off. */
const calmMs = 8_000;
/** Of `rigWaves`: what was lent before an approval ended may be used up. */
const permitMs = 2_000;
/** What lies between a dot and the clock of who gets the mail. */
const underWayMs = 500;
const minuteMs = 60_000;

/**
 * What is true of a world, by the clock of who gets the mail: its people's day begins or is over at this moment, or the
 * approvals of their plan end at it. Days are of a zone that is made for it, since zones go by minutes.
 */
interface Edge {
  readonly kind: 'opens' | 'closes' | 'ends';
  readonly atMs: number;
}
const kinds = ['opens', 'closes', 'ends'] as const;
const opensHour = 8;
const closesHour = 21;

/** Wrong by so much, alone and all together: less and more than a permit, than what clocks may differ by, than a night. */
const offsets = [-7_200, -300, -90, -3, 0, 0, 3, 90, 300, 7_200, 43_200, null] as const;

/**
 * The clocks of the server, two workers and Postgres are right when they start. Around a true edge they jump, each alone or
 * all together as on one machine. Nobody is told outside their day, nor under approvals that ended.
 */
export const clockEdges: Rig = makeClockEdges();

function makeClockEdges(): Rig {
  let database: FakedClock | undefined;
  let worlds = 0;
  return {
    counted: 'jumps',
    perWorld: 40,
    planted: ['no-hours', 'long-approval'],
    world() {
      if (!canFakeClocks())
        throw new Error(
          'clock-edges needs Debian’s faketime and postgresql: scripts/install-test-servers.sh faketime postgresql',
        );
      return {
        isServed: false,
        mailDelayMs: 20,
        settings: {
          ...rigWaves,
          ALLCLEAR_LIMIT_TELL_WAVE_SIZES: '1000',
          ALLCLEAR_MAIL_RATE: '2/s',
          LOG_LEVEL: 'silent',
        },
        database: async (folder: string) => {
          const made = makeFakedClock(findFaketime() ?? '', join(folder, 'clock-postgres'));
          database = made;
          const cluster = await initPrimary(folder, 'postgres-faked', made.env);
          await cluster.start();
          return { url: cluster.url, stop: () => cluster.end('SIGKILL') };
        },
      };
    },
    async run(world, { times, seed, planted }, say) {
      const kind = kindOf(planted, worlds);
      worlds += 1;
      const ofDatabase = database;
      if (ofDatabase === undefined) throw new Error('this world has no clock of its database');
      const random = makeRandom(seed, 'clock edges');
      const clocks = processes.map((_, at) => makeFakedClock(findFaketime() ?? '', join(world.folder, `clock-${at}`)));
      const running: Victim[] = [];
      let edge: Edge = { kind, atMs: Infinity };
      let jumps = 0;
      try {
        for (const [at, entry] of processes.entries())
          running.push(await startProcess(entry, { ...world.env, ...clocks[at]?.env }));
        await untilBegun(world);
        const batch = await importObserved(world, plainPeople(world, seed).slice(0, people), 'session-in-a-dump');
        edge = { kind, atMs: Math.ceil((Date.now() + beforeEdgeMs) / minuteMs) * minuteMs };
        const plan = await planFor(world, batch, edge, planted);
        await untilTrue(edge.atMs - startsBeforeMs);
        await again(() => world.services.startRollout(plan.id, plan.total, world.crew.author.id));
        await untilTrue(edge.atMs - jumpsBeforeMs);
        const { atMs } = edge;
        while (jumps < times && Date.now() < atMs + jumpsAfterMs) {
          jump([...clocks, ofDatabase], random);
          jumps += 1;
          await delay(jumpEveryMs);
        }
        for (const one of [...clocks, ofDatabase]) one.shift(0);
        await delay(calmMs);
      } finally {
        for (const one of [...clocks, ofDatabase]) one.shift(0);
        for (const one of running) await one.kill();
      }
      const arrivals = world.mailbox.all().map((mail) => mail.arrivedAt.getTime());
      const before = arrivals.filter((at) => at < edge.atMs).length;
      const twice = arrivals.length - new Set(world.mailbox.all().flatMap((mail) => mail.to)).size;
      const findings = [...judgeEdge(edge, arrivals), ...(twice > 0 ? [`${twice} mails to people who had one`] : [])];
      if (planted === null) proveEdgeJudge(edge, arrivals);
      if (kind !== 'opens' && before === 0) {
        say(`${kind}: no mail before the edge, so nothing was tried`);
        jumps = 0;
      }
      say(`${kind}: ${before} mails before the edge, ${arrivals.length - before} after it, ${jumps} jumps`);
      return { findings, counts: { jumps, mails: arrivals.length, wrong: findings.length } };
    },
  };
}

function kindOf(planted: string | null, world: number): Edge['kind'] {
  if (planted === 'no-hours') return 'opens';
  if (planted === 'long-approval') return 'ends';
  return kinds[world % kinds.length] ?? 'opens';
}

/** The zone in which the edge is the hour that it stands for. */
function zoneOf({ kind, atMs }: Edge): string {
  const local = (kind === 'closes' ? closesHour : opensHour) * 60;
  const utc = Math.floor(atMs / minuteMs) % 1_440;
  const east = ((local - utc + 1_440 + 720) % 1_440) - 720;
  const size = Math.abs(east);
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${east < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** Drawn up by the use case itself: the holders of the sample service do not sleep, and these do, by the hours of this edge. */
async function planFor(world: World, batch: BatchId, edge: Edge, planted: string | null) {
  const { services, crew, installation } = world;
  const { config, deployment } = installation;
  const defaultZone = zoneOf(edge);
  const hours = { from: opensHour, to: closesHour, fromWaveSize: planted === 'no-hours' ? 100_000 : 1, defaultZone };
  const limits = limitsFrom(config, { pace: null, order: 'contain-first', budget: 'attack' });
  const plan = await draftPlan(
    {
      ...installation,
      digests,
      deployment: { id: deployment.deploymentId, environment: config.environment },
      constants: { 'service-name': config.serviceName, 'support-contact': config.supportContact },
    },
    {
      batches: [batch],
      action: 'reset',
      notice: 'password-reset',
      limits: { ...limits, holderHours: edge.kind === 'ends' ? null : hours },
      author: crew.author.id,
    },
    () => undefined,
  );
  const isShort = edge.kind === 'ends' && planted !== 'long-approval';
  const what = { digest: plan.digest, total: plan.total, decision: 'approve' } as const;
  for (const person of crew.approvers)
    await sayYes(services, person, plan.id, what, ...(isShort ? [new Date(edge.atMs)] : []));
  return plan;
}

/** Until both workers have asked the database for its time, while all clocks are right. */
async function untilBegun(world: World): Promise<void> {
  const client = new pg.Client({ connectionString: world.env['DATABASE_URL'] });
  await client.connect();
  try {
    for (let look = 0; look < begunLooks; look += 1) {
      const { rowCount } = await client.query('SELECT FROM allclear.worker');
      if (rowCount === workers) return;
      await delay(jumpEveryMs);
    }
    throw new Error('the workers did not begin');
  } finally {
    await client.end();
  }
}

async function untilTrue(ms: number): Promise<void> {
  await delay(Math.max(0, ms - Date.now()));
}

function jump(clocks: readonly FakedClock[], random: Random): void {
  const offset = random.pick(offsets);
  const set = (one: FakedClock): void => (offset === null ? one.freeze() : one.shift(offset));
  if (random.below(2) === 0) for (const one of clocks) set(one);
  else set(random.pick(clocks));
}

function judgeEdge({ kind, atMs }: Edge, arrivals: readonly number[]): readonly string[] {
  const wrong = arrivals.filter((at) => {
    if (kind === 'opens') return at < atMs;
    return at > atMs + underWayMs + (kind === 'ends' ? permitMs : 0);
  });
  const words = {
    opens: 'before their day began',
    closes: 'after their day was over',
    ends: 'after the approvals ended',
  };
  return wrong.map((at) => `told ${Math.abs(at - atMs)} ms ${words[kind]}`);
}

/** Shows the judge a world with one mail on the other side. */
function proveEdgeJudge(edge: Edge, arrivals: readonly number[]): void {
  if (judgeEdge(edge, arrivals).length > 0) return;
  const strayMs = edge.kind === 'opens' ? -1_000 : permitMs + 1_000;
  if (judgeEdge(edge, [...arrivals, edge.atMs + strayMs]).length !== 1)
    throw new Error('the judge does not see a mail on the wrong side of its edge');
}
