import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { ensureDatabase } from '../../adapters/embedded/databases.ts';
import { copyPeople, emptyDrillDatabase } from '../../adapters/postgres/drill-database.ts';
import { beginDrill, endDrill } from '../../app/drill/record-drill.ts';
import type { Caller } from '../../app/operator/authenticate-token.ts';
import type { Store } from '../../app/ports/store.ts';
import type { StoredDrill } from '../../app/ports/drill-store.ts';
import type { Config } from '../../config/config.ts';
import type { DrillProgress, DrillReport } from '../../domain/drill/drill-report.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { DrillId, OperatorId } from '../../domain/shared/ids.ts';
import { drillDatabaseOf, drillEnvironment, drillHome } from './drill-env.ts';
import type { AskedCaller, DrillAnswer, DrillOrder, DrillWord } from './drill-words.ts';

const entry = fileURLToPath(new URL('../drill.ts', import.meta.url));
/** Migrating an empty database and making a few hundred people takes some ten seconds on a busy machine. */
const readyTimeoutMs = 120_000;
/** A process that was told to end and does not is ended. */
const endTimeoutMs = 5_000;

/** Who sent a token or has a session, as this server knows them now. Throws `Failure('unauthenticated')`. */
export type FindCaller = (asked: AskedCaller) => Promise<Caller>;

export interface DrillHost {
  /** Returns once people can take part; what follows is read with `progressOf`. Who calls in it is asked of `findCaller`. */
  begin(by: OperatorId, findCaller: FindCaller): Promise<DrillId>;
  /** Null for one that is not running here. */
  progressOf(drill: DrillId): DrillProgress | null;
  /** Hands a request on to the API of the drill that runs; null where none does. */
  forward(request: Request, clientAddress: string): Promise<Response> | null;
  /** Enters those that were running when a server ended: nothing of them is left. */
  closeLeftovers(): Promise<void>;
  stop(): Promise<void>;
}

interface Running {
  readonly drill: DrillId;
  readonly child: ChildProcess;
  url: string | null;
  progress: DrillProgress;
  /** Resolves when everything of it is gone. */
  readonly over: Promise<void>;
}

export interface DrillHostDeps {
  readonly config: Config;
  readonly store: Store;
  readonly databaseUrl: string;
  readonly codeVersion: string;
  readonly log: Logger;
}

/** The server's side of a drill: a process of its own, given nothing that is live, and what came of it in the ledger. */
export function makeDrillHost({ config, store, databaseUrl, codeVersion, log }: DrillHostDeps): DrillHost {
  let running: Running | null = null;
  /** Until what the last one left behind is removed: the next one has the same folder and the same database. */
  let last: Promise<void> = Promise.resolve();

  async function end(drill: DrillId, report: DrillReport): Promise<void> {
    try {
      await endDrill({ store }, drill, report);
      log.info({ drill, reasons: report.reasons, figures: report.figures }, 'a drill ended');
    } catch (error) {
      // It stays `running`; the next start of the server closes it.
      log.error({ err: error, drill }, 'how the drill ended could not be entered');
    }
  }

  async function launch(drill: DrillId, findCaller: FindCaller): Promise<Running> {
    const database = await prepareDatabase(config, databaseUrl);
    const home = drillHome(config);
    await rm(home, { recursive: true, force: true });
    await mkdir(home, { recursive: true, mode: 0o700 });
    const named = config.drillPeople;
    const env = drillEnvironment(config, { home, databaseUrl: database, smtpPort: await freePort(), named });
    const order: DrillOrder = { people: await copyPeople(databaseUrl), named };
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry], {
      env,
      cwd: home,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      // Moments stay moments.
      serialization: 'advanced',
    });
    const started: Running = {
      drill,
      child,
      url: null,
      progress: { stage: 'preparing', plan: null, agree: null, told: 0, retraction: null },
      over: followToEnd(drill, child, () => started, { database, home, findCaller }),
    };
    await new Promise<void>((resolve, reject) =>
      child.send({ kind: 'order', order } satisfies DrillAnswer, (error) =>
        error === null ? resolve() : reject(error),
      ),
    );
    return started;
  }

  async function followToEnd(
    drill: DrillId,
    child: ChildProcess,
    self: () => Running,
    made: { readonly database: string; readonly home: string; readonly findCaller: FindCaller },
  ): Promise<void> {
    let report: DrillReport | null = null;
    child.on('message', (sent) => {
      const word = sent as DrillWord;
      if (word.kind === 'listening') self().url = word.url;
      else if (word.kind === 'progress') self().progress = word.progress;
      else if (word.kind === 'who') void answerWho(child, made.findCaller, word.no, word.asked);
      else report = word.report;
    });
    const ended = await new Promise<string>((resolve) => {
      child.once('exit', (code, signal) => resolve(String(signal ?? code)));
      child.once('error', (error) => resolve(error.message));
    });
    await end(drill, report ?? failedReport(`the process of the drill ended (${ended}) before the drill did`));
    running = null;
    try {
      // Public keys were copied there; nothing of a drill is kept but its figures.
      await emptyDrillDatabase(made.database);
      await rm(made.home, { recursive: true, force: true });
    } catch (error) {
      log.warn({ err: error, drill }, 'what a drill left behind could not be removed; the next one removes it');
    }
  }

  return {
    async begin(by, findCaller) {
      const drill = await beginDrill({ store, codeVersion, people: config.drillPeople }, by);
      try {
        await last;
        const started = await launch(drill, findCaller);
        running = started;
        last = started.over;
        await untilReady(started);
      } catch (error) {
        await end(
          drill,
          failedReport(`it could not be begun: ${error instanceof Error ? error.message : 'no reason known'}`),
        );
        if (running !== null) await endChild(running);
        throw error;
      }
      return drill;
    },

    progressOf: (drill) => (running?.drill === drill ? running.progress : null),

    forward(request, clientAddress) {
      if (running === null || running.url === null) return null;
      return forwardTo(running.url, request, clientAddress);
    },

    async closeLeftovers() {
      const left: StoredDrill | null = await store.transact((tx) => tx.drills.running());
      if (left !== null) await end(left.drill, failedReport('the server ended while the drill was running'));
    },

    async stop() {
      if (running !== null) await endChild(running);
    },
  };
}

/** `Failure('usage')` where no database for drills can be had; `'conflict'` where it holds anything else. */
async function prepareDatabase(config: Config, databaseUrl: string): Promise<string> {
  const { url, name } = drillDatabaseOf(config, databaseUrl);
  if (name !== null) {
    try {
      await ensureDatabase(databaseUrl, name);
    } catch (cause) {
      const code = (cause as { readonly code?: string }).code ?? 'no answer';
      throw new Failure(
        'usage',
        `The database for drills could not be made (${code}). Let its owner make an empty one, and name it: ALLCLEAR_DRILL_DATABASE_URL`,
        { code },
        cause,
      );
    }
  }
  await emptyDrillDatabase(url);
  return url;
}

async function untilReady(started: Running): Promise<void> {
  const deadline = performance.now() + readyTimeoutMs;
  while (started.progress.stage === 'preparing') {
    if (started.child.exitCode !== null || started.child.signalCode !== null)
      throw new Failure(
        'internal',
        'The process of the drill ended before anybody could take part. Its last log lines say why.',
      );
    if (performance.now() > deadline)
      throw new Failure('internal', `The drill was not ready within ${readyTimeoutMs / 1_000} s.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function answerWho(child: ChildProcess, findCaller: FindCaller, no: number, asked: AskedCaller): Promise<void> {
  const answer = await findCaller(asked).then(
    (caller): DrillAnswer => ({ kind: 'caller', no, caller }),
    (error: unknown): DrillAnswer => {
      const { code, message } = error instanceof Failure ? error : { code: 'internal' as const, message: 'no answer' };
      return { kind: 'refused', no, code, message };
    },
  );
  // One that has ended meanwhile needs no answer.
  if (child.connected) child.send(answer, () => undefined);
}

async function endChild({ child, over }: Running): Promise<void> {
  if (child.connected) child.disconnect();
  const timer = setTimeout(() => child.kill('SIGKILL'), endTimeoutMs);
  await over;
  clearTimeout(timer);
}

/** Streams pass through. The path was checked by the route; the origin is the drill's own, on this machine. */
function forwardTo(url: string, request: Request, clientAddress: string): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const headers = new Headers(request.headers);
  headers.set('accept-encoding', 'identity');
  headers.delete('host');
  headers.delete('connection');
  headers.delete('content-length');
  headers.delete('transfer-encoding');
  headers.set('x-forwarded-for', clientAddress);
  const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
  return fetch(new URL(`${pathname.replace(/^\/drill/, '')}${search}`, url), {
    method: request.method,
    headers,
    redirect: 'manual',
    signal: request.signal,
    ...(hasBody ? { body: request.body, duplex: 'half' } : {}),
  } as RequestInit);
}

function failedReport(reason: string): DrillReport {
  const none = {
    named: 0,
    bystanders: 0,
    contained: 0,
    told: 0,
    restored: 0,
    kept: 0,
    corrected: 0,
    wrong: 0,
    strayMails: 0,
    haltMs: null,
    lastDotMs: null,
    dotsAfterHalt: null,
    inFlightAtHalt: null,
    haltedAfterSeconds: null,
    approvedAfterSeconds: null,
    restoredAfterSeconds: null,
  };
  return { figures: none, agreedBy: null, haltedBy: null, approvedBy: [], reasons: [reason] };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
