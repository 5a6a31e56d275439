import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serve } from '@hono/node-server';
import { ensureDatabase } from '../adapters/embedded/databases.ts';
import { startMailbox } from '../adapters/embedded/mailbox.ts';
import { mailboxPages } from '../adapters/embedded/mailbox-pages.ts';
import { startEmbeddedPostgres } from '../adapters/embedded/postgres.ts';
import { loadConfig } from '../config/load-config.ts';
import { makeDkimVerifier } from '../adapters/embedded/verify-dkim.ts';
import { makeDkimKeys } from './open-dkim.ts';
import { onStopSignal } from './process-signals.ts';
import { welcome } from './welcome.ts';

/** Everything on embedded defaults, in one terminal: Postgres, mailbox, Chirp, server and worker. */
const root = fileURLToPath(new URL('../../', import.meta.url));
/** A child that ended is started anew after this long; more than a few in a row ends the whole. */
const restartMs = 500;
const restartsAtMost = 5;
const readyTimeoutMs = 60_000;
/** Where the command line looks for the server when nobody says otherwise. */
const usualPort = 8470;

let stopping = false;
const children = new Set<ChildProcess>();

/** The sample's sender unless one is set: a domain that nobody can own, under which keys can have a name. */
const sampleSender = 'Account security <security@chirp.example>';
const { config, origins } = loadConfig({ env: process.env, flags: {}, cwd: process.cwd() });
/** It says where the rest is, also to the commands of another terminal. */
const configFile = process.env['ALLCLEAR_CONFIG'] === '' ? undefined : process.env['ALLCLEAR_CONFIG'];
await mkdir(config.home, { recursive: true, mode: 0o700 });

say('Starting Postgres ...');
const postgres = await startEmbeddedPostgres({ dataDir: join(config.home, 'data', 'postgres') });
const databaseUrl = config.databaseUrl ?? (await ensureDatabase(postgres.url, 'allclear'));
// A service's own tables are not Chirp's: it is neither seeded nor started beside them.
const hasChirp = config.directoryMapping === null;
const directoryUrl = config.directoryUrl ?? (hasChirp ? await seedChirp() : undefined);

const mailboxPort = await freePort(config.port + 1);
const smtpPort = await freePort(config.port + 2);
const chirpPort = await freePort(config.port + 3);
const mailbox = await startMailbox({ smtpPort });
const mailEnv = await ensureSampleKeys();
const mailboxServer = serve({
  fetch: mailboxPages(mailbox, { verifyDkim: makeDkimVerifier(mailEnv.records) }).fetch,
  hostname: '127.0.0.1',
  port: mailboxPort,
});
const smtpUrl = config.smtpUrl ?? `smtp://127.0.0.1:${smtpPort}`;
const port = await freePort(config.port);
const serverUrl = `http://127.0.0.1:${port}`;
const tokenFile = await ensureServiceToken();

const childEnv = {
  ...process.env,
  ALLCLEAR_HOME: config.home,
  DATABASE_URL: databaseUrl,
  ...(directoryUrl === undefined ? {} : { ALLCLEAR_DIRECTORY_URL: directoryUrl }),
  SMTP_URL: smtpUrl,
  ...mailEnv.env,
  PORT: String(port),
  ALLCLEAR_SERVICE_TOKEN_FILE: tokenFile,
  // Chirp's own page, unless the accounts are another service's.
  ...(config.recoveryUrl === null && config.directoryUrl === null
    ? { ALLCLEAR_RECOVERY_URL: `http://127.0.0.1:${chirpPort}/forgot-password` }
    : {}),
  LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'warn',
};
// Two processes cannot share a port: the worker shows its figures on the next one.
const { metricsPort } = config;
const workerEnv =
  metricsPort === null || metricsPort === 0
    ? childEnv
    : { ...childEnv, ALLCLEAR_METRICS_PORT: String(metricsPort + 1) };
const chirpEnv = {
  ...process.env,
  DATABASE_URL: directoryUrl,
  SMTP_URL: smtpUrl,
  PORT: String(chirpPort),
  ALLCLEAR_PASSWORD_CHECK_URL: `${serverUrl}/api/v1/password-checks`,
  ALLCLEAR_APPEAL_URL: `${serverUrl}/appeal`,
  ALLCLEAR_SERVICE_TOKEN_FILE: tokenFile,
};

onStopSignal(async () => {
  stopping = true;
  say('Stopping ...');
  await Promise.all([...children].map(endChild));
  mailboxServer.close();
  await mailbox.stop();
  await postgres.stop();
});

const keysMade = await superviseServer();
await supervise('worker', 'src/main/worker.ts', workerEnv);
if (hasChirp) supervisePlain('chirp', 'examples/chirp/main.ts', chirpEnv);
process.stdout.write(
  welcome({
    serverUrl,
    chirpUrl: hasChirp ? `http://127.0.0.1:${chirpPort}` : null,
    mailboxUrl: `http://127.0.0.1:${mailboxPort}`,
    home: config.home,
    sealKeyFile: config.sealKeyFile,
    keysMade,
    settings: {
      ...(configFile === undefined ? {} : { ALLCLEAR_CONFIG: resolve(configFile) }),
      ...(port === usualPort ? {} : { ALLCLEAR_URL: serverUrl }),
      ...(configFile !== undefined || config.home === join(process.cwd(), '.allclear')
        ? {}
        : { ALLCLEAR_HOME: config.home }),
    },
  }),
);

async function seedChirp(): Promise<string> {
  say('Looking after the sample service (its 12,000 accounts are made once, in some seconds) ...');
  return runToEnd('examples/chirp/seed.ts', [postgres.url, 'chirp']);
}

async function superviseServer(): Promise<readonly string[]> {
  const ready = await supervise('server', 'src/main/server.ts', childEnv);
  return (ready['keysMade'] as readonly string[] | undefined) ?? [];
}

/** Starts a process of ours, waits for its `ready`, and keeps it running. */
async function supervise(
  name: string,
  entry: string,
  env: NodeJS.ProcessEnv,
  restarts = 0,
): Promise<Readonly<Record<string, unknown>>> {
  const child = spawnNode(entry, [], env, ['ignore', 'inherit', 'inherit', 'ipc']);
  child.once('exit', (code, signal) => {
    children.delete(child);
    if (stopping) return;
    say(
      `The ${name} ended (${signal ?? code}). ${name === 'server' ? 'Rollouts come up halted.' : 'It is started anew.'}`,
    );
    if (restarts >= restartsAtMost) {
      say(`The ${name} ended ${restarts + 1} times. Giving up; see above for why.`);
      process.kill(process.pid, 'SIGTERM');
      return;
    }
    setTimeout(() => void supervise(name, entry, env, restarts + 1).catch(() => undefined), restartMs);
  });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`the ${name} did not come up in ${readyTimeoutMs / 1_000} s`)),
      readyTimeoutMs,
    );
    child.once('message', (message) => {
      clearTimeout(timer);
      resolve(message as Record<string, unknown>);
    });
    child.once('exit', () => {
      clearTimeout(timer);
      reject(new Error(`the ${name} ended before it was ready`));
    });
  });
}

/** The sample service speaks no word of ours: it is only started. */
function supervisePlain(name: string, entry: string, env: NodeJS.ProcessEnv): void {
  const child = spawnNode(entry, [], env, ['ignore', 'ignore', 'inherit']);
  child.once('exit', (code) => {
    children.delete(child);
    if (!stopping) say(`${name} ended (${code}). Start again to have it back.`);
  });
}

function spawnNode(
  entry: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  stdio: Parameters<typeof spawn>[2]['stdio'],
): ChildProcess {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(root, entry), ...args], {
    env,
    stdio,
    cwd: process.cwd(),
  });
  children.add(child);
  return child;
}

async function runToEnd(entry: string, args: readonly string[]): Promise<string> {
  const child = spawnNode(entry, args, process.env, ['ignore', 'pipe', 'inherit']);
  let out = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (out += text));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  children.delete(child);
  if (code !== 0) throw new Error(`${entry} ended with ${code}`);
  return out.trim();
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  await ended;
}

/** The wanted port where it is free, else any. */
async function freePort(wanted: number): Promise<number> {
  return (await tryPort(wanted)) ?? (await tryPort(0)) ?? wanted;
}

function tryPort(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(null));
    probe.listen(port, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : null));
    });
  });
}

/**
 * The sample signs its mails with keys made here once, and its mailbox reads their records from here: nothing of it is in
 * the DNS. A domain that somebody set is signed for as configured; other environments are never given keys unasked.
 */
async function ensureSampleKeys(): Promise<{
  readonly env: NodeJS.ProcessEnv;
  readonly records: ReadonlyMap<string, string>;
}> {
  const mailFrom = origins.get('mailFrom')?.from === 'default' ? sampleSender : config.mailFrom;
  const senderDomain = /@([a-z0-9-]+(?:\.[a-z0-9-]+)+)>?\s*$/i.exec(mailFrom)?.[1]?.toLowerCase() ?? null;
  const dkimDomain = config.dkimDomain ?? senderDomain;
  if (config.environment !== 'sample' || dkimDomain === null) return { env: {}, records: new Map() };
  const { dkim } = await makeDkimKeys({ ...config, dkimDomain });
  return {
    env: { MAIL_FROM: mailFrom, ALLCLEAR_DKIM_DOMAIN: dkimDomain },
    records: new Map(dkim.records.map(({ name, value }) => [name, value])),
  };
}

/** What Chirp shows when it asks whether a password may be set; made once, 0600. */
async function ensureServiceToken(): Promise<string> {
  const path = join(config.home, 'keys', 'service.token');
  await mkdir(join(config.home, 'keys'), { recursive: true, mode: 0o700 });
  if (!existsSync(path)) await writeFile(path, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' });
  return path;
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
