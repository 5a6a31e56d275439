import type { Logger } from 'pino';
import { makeUpPeople } from '../../adapters/directory/rehearsal/made-up-people.ts';
import type { MadeUpPerson } from '../../adapters/directory/rehearsal/made-up-people.ts';
import { startMailbox } from '../../adapters/embedded/mailbox.ts';
import type { MailboxMessage } from '../../adapters/embedded/mailbox-message.ts';
import { pastePeople } from '../../adapters/postgres/drill-database.ts';
import type { Config } from '../../config/config.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { Caller } from '../../app/operator/authenticate-token.ts';
import type { Store } from '../../app/ports/store.ts';
import type { HaltResult } from '../../app/rollout/halt-rollout.ts';
import type { Services } from '../../http/services.ts';
import { openInstallation } from '../installation.ts';
import type { Installation } from '../installation.ts';
import { runServer } from '../run-server.ts';
import { runWorker } from '../run-worker.ts';
import { makeServices } from '../services.ts';
import { addCrew } from './drill-crew.ts';
import type { DrillCrew } from './drill-crew.ts';
import type { AskWho } from './ask-who.ts';
import type { AskedCaller, DrillOrder } from './drill-words.ts';

/** One in twenty is really in danger, so that the retraction has somebody to keep protected. */
const rightPerNamed = 20;
const bystandersPerNamed = 5;

/** A person's halt as it was seen by a clock that cannot jump: from the request to the commit. */
export interface WatchedHalt {
  readonly askedAtMs: number;
  readonly committedAtMs: number;
  readonly result: HaltResult;
}

/** A mail, by the moment in which its final dot had been read. */
export interface Arrival {
  readonly atMs: number;
  readonly to: string;
  /** As its own header says: `notice`, `holding`, `final`, ... */
  readonly letter: string;
}

/** A whole installation of the product, on made-up people, a mailbox of its own and a database of its own. */
export interface DrillWorld {
  readonly installation: Installation;
  readonly services: Services;
  readonly url: string;
  readonly people: readonly MadeUpPerson[];
  readonly crew: DrillCrew;
  readonly arrivals: readonly Arrival[];
  readonly halts: readonly WatchedHalt[];
  close(): Promise<void>;
}

export async function openDrillWorld(
  config: Config,
  log: Logger,
  order: DrillOrder,
  who: Pick<AskWho, 'ask'>,
  listenOn: { readonly smtpPort: number; readonly replyAfterMs: () => number },
): Promise<DrillWorld> {
  const undo: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const step of undo.toReversed()) await step();
  };
  try {
    const arrivals: Arrival[] = [];
    const mailbox = await startMailbox({
      smtpPort: listenOn.smtpPort,
      replyAfterMs: listenOn.replyAfterMs,
      onMail: (mail) => arrivals.push(...arrivalsOf(mail, performance.now())),
    });
    undo.push(() => mailbox.stop());
    const installation = await openInstallation(config, 'drill', log);
    undo.push(() => installation.close());
    await pastePeople(installation.databaseUrl, order.people);
    const crew = await addCrew(installation.store);
    const right = Math.max(1, Math.round(order.named / rightPerNamed));
    const people = await makeUpPeople({
      databaseUrl: config.directoryUrl ?? '',
      right,
      wrong: order.named - right,
      bystanders: Math.max(1, Math.round(order.named / bystandersPerNamed)),
      languages: Object.keys(installation.templates.findNewest('password-reset')?.mails.notice?.languages ?? {}),
    });
    const halts: WatchedHalt[] = [];
    const server = await runServer(installation, (services) =>
      askingWho(watched(services, halts), who, installation.store),
    );
    undo.push(() => server.stop());
    const worker = runWorker(installation);
    undo.push(() => worker.stop());
    return {
      installation,
      services: makeServices(installation),
      url: server.url,
      people,
      crew,
      arrivals,
      halts,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The same services, with each halt timed, and without a drill inside a drill. */
function watched(services: Services, halts: WatchedHalt[]): Services {
  return {
    ...services,
    async haltRollout(request) {
      const askedAtMs = performance.now();
      const result = await services.haltRollout(request);
      halts.push({ askedAtMs, committedAtMs: performance.now(), result });
      return result;
    },
    beginDrill: async () => {
      throw new Failure('conflict', 'This is a drill. Another one is begun on the real server, without --drill.');
    },
  };
}

/** The same services, where the real server says who calls. Nobody signs in to a drill, and no way in is given in it. */
function askingWho(services: Services, who: Pick<AskWho, 'ask'>, store: Store): Services {
  const ask = async (asked: AskedCaller): Promise<Caller> => {
    const caller = await who.ask(asked);
    const { operatorId } = caller.operator;
    if ((await store.transact((tx) => tx.operators.read(operatorId))) !== null) return caller;
    throw new Failure(
      'forbidden',
      `${operatorId} was added after this drill had begun, and is not known in it. Nothing was done.`,
    );
  };
  const notHere = async (): Promise<never> => {
    throw new Failure('conflict', 'This is a drill. Signing in and keys are for the real server, without --drill.');
  };
  return {
    ...services,
    authenticate: (secret) => ask({ by: 'token', secret, isHalt: false, isAct: true }),
    authenticateToHalt: (secret) => ask({ by: 'token', secret, isHalt: true, isAct: true }),
    authenticateSession: (secret, isAct) => ask({ by: 'session', secret, isHalt: false, isAct }),
    authenticateSessionToHalt: (secret) => ask({ by: 'session', secret, isHalt: true, isAct: true }),
    beginSignIn: notHere,
    signIn: notHere,
    endSession: notHere,
    makeLink: notHere,
    makeLinkForProposed: notHere,
    beginEnrolment: notHere,
    confirmPasskey: notHere,
    addPasskey: notHere,
    revokePasskey: notHere,
    issueToken: notHere,
    revokeToken: notHere,
  };
}

function arrivalsOf(mail: MailboxMessage, atMs: number): readonly Arrival[] {
  const letter = /^Feedback-ID:\s*\S+?:([a-z]+):allclear/im.exec(mail.raw.toString('latin1'))?.[1] ?? 'other';
  return mail.to.map((to) => ({ atMs, to, letter }));
}
