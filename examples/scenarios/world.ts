import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase } from '../../src/adapters/embedded/databases.ts';
import { startMailbox } from '../../src/adapters/embedded/mailbox.ts';
import type { Mailbox } from '../../src/adapters/embedded/mailbox.ts';
import { startEmbeddedPostgres } from '../../src/adapters/embedded/postgres.ts';
import { makeLogger } from '../../src/adapters/log/logger.ts';
import type { TemplateCatalog } from '../../src/app/ports/template-catalog.ts';
import { hasFeedbackChannel } from '../../src/main/feedback-channels.ts';
import { makeRolloutPolicy } from '../../src/app/rollout/rollout-policy.ts';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { signatures } from '../../src/adapters/crypto/signing-key.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import type { Services } from '../../src/http/services.ts';
import { openInstallation } from '../../src/main/installation.ts';
import type { Installation } from '../../src/main/installation.ts';
import { runServer } from '../../src/main/run-server.ts';
import { runWorker } from '../../src/main/run-worker.ts';
import type { RunningWorker, WorkerOptions } from '../../src/main/run-worker.ts';
import { makeServices } from '../../src/main/services.ts';
import type { GroundTruth } from '../chirp/population/ground-truth.ts';
import { startChirp } from '../chirp/start-chirp.ts';
import { cloneChirp } from '../chirp/template.ts';
import { startSlowProxy } from './slow-proxy.ts';
import { assembleCrew } from './people.ts';
import type { Crew } from './people.ts';

export interface WorldOptions {
  /** Accounts that Chirp keeps of its population; all of them without it. */
  readonly keep?: number;
  /** Accounts of the population that Chirp is made of; the usual 12,000 without it. */
  readonly size?: number;
  /** `false`: the scenario runs server and workers itself, as processes. */
  readonly isServed?: boolean;
  /** `false`: the scenario starts its worker itself, by `startWorker`. */
  readonly hasWorker?: boolean;
  /** Notice templates in place of the shipped ones. */
  readonly templates?: TemplateCatalog;
  /** Each answer of the mail server takes this long, as over a real network. */
  readonly mailDelayMs?: number;
  /** The operators; without it three, as `assembleCrew` makes them. */
  readonly crew?: (services: Services) => Promise<Crew>;
  /** `true`: what Postgres said is committed is so after a kill -9 of all its processes, as on a real installation. */
  readonly isDurable?: boolean;
  /** Another Postgres for our own state, in this folder; the url is of its maintenance database. Chirp stays on the built-in one. */
  readonly database?: (folder: string) => Promise<{ readonly url: string; stop(): Promise<void> }>;
  /** Settings on top of the defaults, as environment variables. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A whole service and a whole Allclear on this machine, thrown away at the end. */
export interface World {
  readonly folder: string;
  /** What a process of ours needs to join this world. */
  readonly env: Readonly<Record<string, string>>;
  readonly chirp: { readonly url: string; readonly databaseUrl: string; readonly truth: GroundTruth };
  readonly mailbox: Mailbox;
  readonly services: Services;
  /** Empty where the scenario runs the server itself. */
  readonly serverUrl: string;
  readonly installation: Installation;
  readonly crew: Crew;
  /** Starts Postgres anew on its folder, after somebody has killed it. */
  restartPostgres(): Promise<void>;
  /** Another worker of this installation; it ends with the world. */
  startWorker(options?: WorkerOptions): RunningWorker;
  close(): Promise<void>;
}

/** Durability against power loss is not what a scenario is about. */
const fastSettings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
/** What the kernel was given outlives any process; what a killed Postgres had not yet given it does not. */
const durableSettings = { ...fastSettings, synchronous_commit: 'on' };

export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'allclear-world-'));
  const undo: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const step of undo.toReversed()) await step();
  };
  try {
    const cluster = {
      dataDir: join(folder, 'postgres'),
      settings: options.isDurable === true ? durableSettings : fastSettings,
    };
    let postgres = await startEmbeddedPostgres(cluster);
    undo.push(() => postgres.stop());
    const own = await options.database?.(folder);
    if (own !== undefined) undo.push(() => own.stop());
    const databaseUrl = await createDatabase(own?.url ?? postgres.url, 'allclear_world');
    const chirpDatabase = await cloneChirp(postgres.url, 'chirp', {
      ...(options.size === undefined ? {} : { size: options.size }),
      ...(options.keep === undefined ? {} : { keep: options.keep }),
    });

    const mailbox = await startMailbox({ smtpPort: 0 });
    undo.push(() => mailbox.stop());
    const slow = options.mailDelayMs === undefined ? null : await startSlowProxy(mailbox.smtpPort, options.mailDelayMs);
    if (slow !== null) undo.push(() => slow.stop());
    const serviceToken = randomBytes(32).toString('base64url');
    const env = {
      ALLCLEAR_HOME: join(folder, 'home'),
      DATABASE_URL: databaseUrl,
      ALLCLEAR_DIRECTORY_URL: chirpDatabase.url,
      SMTP_URL: `smtp://127.0.0.1:${slow?.port ?? mailbox.smtpPort}`,
      PORT: '0',
      PUBLIC_URL: 'http://127.0.0.1:8470',
      ALLCLEAR_SERVICE_TOKEN: serviceToken,
      // What a scenario counts in its mailbox is for holders.
      ALLCLEAR_OPERATOR_MAIL: 'off',
      LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'error',
      ...compileCache(),
      ...options.settings,
    };
    const { config } = loadConfig({ env, flags: {}, cwd: folder });
    const log = makeLogger({ name: 'scenario', level: config.logLevel });
    const installation = withTemplates(await openInstallation(config, 'scenario', log), options.templates);
    undo.push(() => installation.close());
    const startWorker = (workerOptions: WorkerOptions = {}): RunningWorker => {
      const worker = runWorker(installation, workerOptions);
      undo.push(() => worker.stop());
      return worker;
    };
    let serverUrl = '';
    if (options.isServed !== false) {
      const server = await runServer(installation);
      undo.push(() => server.stop());
      if (options.hasWorker !== false) startWorker();
      serverUrl = server.url;
    }
    const chirp = await startChirp({
      databaseUrl: chirpDatabase.url,
      smtpUrl: env.SMTP_URL,
      port: 0,
      rateLimit: false,
      ...(serverUrl === ''
        ? {}
        : {
            passwordCheck: { url: `${serverUrl}/api/v1/password-checks`, token: serviceToken },
            appealUrl: `${serverUrl}/appeal`,
          }),
    });
    undo.push(() => chirp.stop());
    const services = makeServices(installation);
    return {
      folder,
      env,
      chirp: { url: chirp.url, databaseUrl: chirpDatabase.url, truth: chirpDatabase.truth },
      mailbox,
      services,
      serverUrl,
      installation,
      crew: await (options.crew ?? assembleCrew)(services),
      async restartPostgres() {
        await postgres.stop();
        postgres = await startEmbeddedPostgres(cluster);
      },
      startWorker,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The same installation with other templates, in everything that reads them. */
function withTemplates(installation: Installation, templates: TemplateCatalog | undefined): Installation {
  if (templates === undefined) return installation;
  const { codeVersion, deployment } = installation;
  const { deploymentId } = deployment;
  return {
    ...installation,
    templates,
    policy: makeRolloutPolicy({
      digests,
      signatures,
      deploymentId,
      templates,
      codeVersion,
      hasFeedback: hasFeedbackChannel(installation.config),
    }),
  };
}

/** That of whoever runs us, if any: a process of ours is up in a third of its time when its code need not be compiled. */
function compileCache(): Readonly<Record<string, string>> {
  const folder = process.env['NODE_COMPILE_CACHE'];
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: folder };
}
