import { openSmtpSink } from '../../test/support/smtp-sink.ts';
import type { SinkRule } from '../../test/support/smtp-sink.ts';
import { deliveryStates } from '../../src/domain/notice/delivery-state.ts';
import type { Random } from '../chirp/random.ts';
import { makeRandom } from '../chirp/random.ts';
import { approvedPlan, importObserved, plainPeople } from './campaign.ts';
import { countOf, judgeMail, membersOf, proveJudge } from './mail-judge.ts';
import { asShown } from './observe-world.ts';
import { startProcess } from './processes.ts';
import { untilFinished } from './resume-2021.ts';
import type { Rig } from './rig.ts';
import { rigWaves } from './rig-waves.ts';
import { tryGreylist } from './smtp-greylist.ts';
import { tryTrust } from './smtp-trust.ts';
import { connectionKinds, messageKinds } from '../../test/support/torture-kinds.ts';

const people = 200;
const workers = 2;
/** Messages and connections that are made up in advance; later ones are treated well, so that every rollout ends. */
const messages = people * 2;
const connections = 40;
const messageShare = 0.5;
const connectionShare = 0.4;
const finishMs = 240_000;

/** Of what one world bears, so many are faults of TLS and login; each holds everything until it is mended. */
const trustShare = 1 / 15;
const trustPeople = 160;
/** A world of fewer tortures has no time for the five minutes of a greylist. */
const greylistFrom = 100;
const greylisted = '450 4.7.1 Greylisted, come back later\r\n';
/** The fault: a server that says it in words that ours does not know for greylisting, and judges as if it had. */
const unknownWords = '450 4.2.0 not now\r\n';

/**
 * Whole rollouts against a mail server that misbehaves in every way that is known, at random, again and again; then over TLS
 * and a login that break in the middle; then, in the long form, against one that greylists.
 */
export const smtpTorture: Rig = {
  counted: 'tortures',
  perWorld: 100,
  planted: ['takes-and-defers', 'plain-text', 'back-too-soon'],
  world: () => ({
    isServed: false,
    settings: { ...rigWaves, ALLCLEAR_LIMIT_RETRY_SECONDS: '1', LOG_LEVEL: 'silent' },
  }),
  async run(world, { times, seed, planted }, say) {
    const random = makeRandom(seed, 'smtp-torture');
    const known = plainPeople(world, seed);
    const trust = await tryTrust(world, {
      people: known.slice(people, people + trustPeople),
      times: Math.ceil(times * trustShare),
      random: makeRandom(seed, 'smtp-trust'),
      isLax: planted === 'plain-text',
      say,
    });
    const grey =
      times >= greylistFrom || planted === 'back-too-soon'
        ? await tryGreylist(
            world,
            known.slice(people + trustPeople),
            planted === 'back-too-soon' ? unknownWords : greylisted,
          )
        : { greylisted: 0, mails: 0, findings: [] };
    const rules = makeRules(random, times, planted);
    const sink = await openSmtpSink({ rules });
    const batch = await importObserved(world, known.slice(0, people), 'session-in-a-dump');
    const plan = await approvedPlan(world, [batch], { budget: 'attack', order: 'contain-first' });
    const env = { ...world.env, SMTP_URL: `smtp://127.0.0.1:${sink.port}` };
    const running = [await startProcess('server', env)];
    try {
      for (let worker = 0; worker < workers; worker += 1) running.push(await startProcess('worker', env));
      await world.services.startRollout(plan.id, plan.total, world.crew.author.id);
      await untilFinished(world, plan.id, finishMs);
    } finally {
      for (const one of running) await one.kill();
      await sink.close();
    }
    const members = await membersOf(world, plan.id);
    const seen = { arrived: sink.taken.flatMap(({ to }) => to).map(asShown), members };
    const findings = [...trust.findings, ...grey.findings, ...judgeMail(seen)];
    const accepted = countOf(seen, 'accepted');
    const unknown = countOf(seen, 'unknown');
    if (seen.arrived.length < accepted || seen.arrived.length > accepted + unknown)
      findings.push(`${seen.arrived.length} mails arrived, with ${accepted} accepted and ${unknown} unknown`);
    if (members.size !== people) findings.push(`${members.size} of ${people} people have a state`);
    proveJudge(seen);
    const states = deliveryStates
      .map((state) => [state, countOf(seen, state)] as const)
      .filter(([, count]) => count > 0);
    say(`${sink.connections()} connections; ${JSON.stringify(Object.fromEntries(states))}`);
    return {
      findings,
      counts: {
        tortures: sink.obeyed() + trust.faults + grey.greylisted,
        trustFaults: trust.faults,
        greylisted: grey.greylisted,
        mails: seen.arrived.length + trust.mails + grey.mails,
        accepted,
        unknown: unknown + trust.unknown,
        wrong: findings.length,
      },
    };
  },
};

/** Each kind up to three times, at random; each befalls one connection or one message. */
function makeRules(random: Random, times: number, planted: string | null): readonly SinkRule[] {
  const onMessages = random.shuffle([...messageKinds, ...messageKinds, ...messageKinds]);
  const onConnections = random.shuffle([...connectionKinds, ...connectionKinds]);
  const rules: SinkRule[] = [];
  for (let message = 0; message < messages; message += 1) {
    const kind = random.chance(messageShare) ? onMessages.pop() : undefined;
    if (kind !== undefined) rules.push({ ...kind, message, times: 1 });
  }
  for (let connection = 1; connection < connections; connection += 1) {
    const kind = random.chance(connectionShare) ? onConnections.pop() : undefined;
    if (kind !== undefined) rules.push({ ...kind, connection, times: 1 });
  }
  const chosen = random.shuffle(rules).slice(0, times);
  // The fault is the world's: it keeps a mail of which it says that it does not.
  if (planted === 'takes-and-defers') chosen.push({ at: 'dot', say: '451 4.3.0 later\r\n', takes: true, times: 1 });
  return chosen;
}
