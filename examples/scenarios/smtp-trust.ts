import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { makeSelfSigned } from '../../test/support/self-signed.ts';
import type { SelfSigned } from '../../test/support/self-signed.ts';
import { openSmtpSink } from '../../test/support/smtp-sink.ts';
import type { SinkOptions, SinkRule, SmtpSink } from '../../test/support/smtp-sink.ts';
import { trustFaults } from '../../test/support/trust-faults.ts';
import type { Certificate, TrustFault } from '../../test/support/trust-faults.ts';
import type { Random } from '../chirp/random.ts';
import { approvedPlan, importObserved } from './campaign.ts';
import type { Person } from '../chirp/population/ground-truth.ts';
import { clearText, proveClearText } from './clear-text.ts';
import { judgeMail, membersOf, proveJudge } from './mail-judge.ts';
import { asShown } from './observe-world.ts';
import { startProcess } from './processes.ts';
import { untilFinished } from './resume-2021.ts';
import { startWireTap } from './wire-tap.ts';
import type { WireTap } from './wire-tap.ts';
import type { World } from './world.ts';

const dayMs = 86_400_000;
const login = { user: 'relay', password: 'relay-of-the-rig' };
const mailsBetween = 3;
const flowMs = 60_000;
const holdMs = 20_000;
/** While it holds: whoever sends all the same is seen. */
const watchMs = 700;
const lookAgainMs = 10;
const finishMs = 120_000;

const extensions = ['PIPELINING', '8BITMIME', 'SMTPUTF8', 'SIZE 1000000', 'ENHANCEDSTATUSCODES', 'DSN'];

export interface TrustTried {
  readonly faults: number;
  readonly mails: number;
  readonly unknown: number;
  readonly findings: readonly string[];
}

/**
 * A rollout over TLS and a login. Again and again one of the two breaks in the middle of the run: the worker holds, says why,
 * and hands over nothing, and no byte of a mail or of a login is ever in clear on the wire. Then it is mended and goes on.
 */
export async function tryTrust(
  world: World,
  options: {
    readonly people: readonly Person[];
    readonly times: number;
    readonly random: Random;
    /** The fault: a worker that does not insist on TLS. */
    readonly isLax: boolean;
    readonly say: (line: string) => void;
  },
): Promise<TrustTried> {
  const server = await openFaultyServer(world);
  const names = Array.from({ length: options.times }, () => options.random.shuffle(Object.keys(trustFaults))).flat();
  const batch = await importObserved(world, options.people, 'session-in-a-dump-trust');
  const plan = await approvedPlan(world, [batch], { budget: 'attack', order: 'contain-first' });
  const { user, password } = login;
  const address = `localhost:${server.tap.port}`;
  const env = {
    ...world.env,
    SMTP_URL: options.isLax ? `smtp://${address}` : `smtp://${user}:${password}@${address}?requireTls=true`,
    NODE_EXTRA_CA_CERTS: server.authorities,
  };
  const findings: string[] = [];
  const host = await startProcess('server', env);
  let worker = await startProcess('worker', env);
  let faults = 0;
  try {
    await world.services.startRollout(plan.id, plan.total, world.crew.author.id);
    for (const name of names.slice(0, options.times)) {
      const before = server.sink.taken.length;
      if (!(await until(() => server.sink.taken.length >= before + mailsBetween, flowMs))) break;
      server.breakBy(trustFaults[name] ?? {});
      findings.push(...(await whileBroken(world, server, name)));
      faults += 1;
      // Mended, and started anew by whoever mended it: what it remembers of the server goes with it.
      await worker.stop();
      server.breakBy({});
      worker = await startProcess('worker', env);
    }
    await untilFinished(world, plan.id, finishMs);
  } finally {
    await worker.kill();
    await host.kill();
    await server.stop();
  }
  const { taken } = server.sink;
  const seen = { arrived: taken.flatMap(({ to }) => to).map(asShown), members: await membersOf(world, plan.id) };
  findings.push(...judgeMail(seen));
  for (const said of server.tap.said()) {
    const found = clearText(said);
    if (found !== null) findings.push(`in clear on the wire: ${found}`);
  }
  if (taken.some((mail) => !mail.isProtected)) findings.push('a mail was taken without TLS');
  proveClearText();
  proveJudge(seen);
  const unknown = [...seen.members.values()].filter(({ state }) => state === 'unknown').length;
  options.say(`${faults} faults of TLS and login, ${server.sink.connections()} connections, ${taken.length} mails`);
  return { faults, mails: taken.length, unknown, findings };
}

async function whileBroken(world: World, server: FaultyServer, name: string): Promise<readonly string[]> {
  // What was under way at that instant was taken by now, or never is.
  await delay(lookAgainMs);
  const taken = server.sink.taken.length;
  const findings: string[] = [];
  const isHeld = async (): Promise<boolean> =>
    (await world.installation.store.transact((tx) => tx.rollouts.mailHolds())).length > 0;
  if (!(await until(isHeld, holdMs))) findings.push(`${name}: no hold was told`);
  await delay(watchMs);
  if (server.sink.taken.length > taken)
    findings.push(`${name}: ${server.sink.taken.length - taken} mails all the same`);
  return findings;
}

interface FaultyServer {
  readonly sink: SmtpSink;
  readonly tap: WireTap;
  /** The file of certificates that the worker trusts: the expired one and the one of another host are among them. */
  readonly authorities: string;
  breakBy(fault: TrustFault): void;
  stop(): Promise<void>;
}

async function openFaultyServer(world: World): Promise<FaultyServer> {
  const certificates: Readonly<Record<Certificate, SelfSigned>> = {
    good: certificate('localhost', -1, 1),
    expired: certificate('localhost', -10, -1),
    misnamed: certificate('mail.elsewhere.test', -1, 1),
    unvouched: certificate('localhost', -1, 1),
  };
  const authorities = join(world.folder, 'authorities.pem');
  await writeFile(
    authorities,
    [certificates.good, certificates.expired, certificates.misnamed].map((one) => one.cert).join(''),
  );
  let fault: TrustFault = {};
  const rules: SinkRule[] = [];
  const options: SinkOptions = {
    rules,
    tlsOf: () => {
      const { certificate: name = 'good' } = fault;
      return name === null ? undefined : { ...certificates[name], mode: 'starttls' };
    },
    extensionsOf: () => [...extensions, ...(typeof fault.login === 'string' ? [fault.login] : [])],
    get login() {
      // Absent is what this type means by none, and a getter can only answer with something.
      return fault.login === null ? (undefined as never) : login;
    },
  };
  const sink = await openSmtpSink(options);
  const tap = await startWireTap(sink.port);
  return {
    sink,
    tap,
    authorities,
    breakBy(next) {
      fault = next;
      rules.splice(0, rules.length, ...(next.rule === undefined ? [] : [next.rule]));
      tap.cut();
    },
    async stop() {
      await tap.stop();
      await sink.close();
    },
  };
}

function certificate(name: string, fromDays: number, untilDays: number): SelfSigned {
  const at = (days: number): Date => new Date(Date.now() + days * dayMs);
  return makeSelfSigned({ name, notBefore: at(fromDays), notAfter: at(untilDays) });
}

async function until(isSo: () => boolean | Promise<boolean>, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) return false;
    await delay(lookAgainMs);
  }
  return true;
}
