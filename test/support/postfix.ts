import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { SelfSigned } from './self-signed.ts';
import { describeIf } from './skip.ts';
import { makeTempFolder } from './temp-folder.ts';

const run = promisify(execFile);
const commands = '/usr/sbin';
const daemons = '/usr/lib/postfix/sbin';
const startTimeoutMs = 15_000;
const stopTimeoutMs = 10_000;

/** A suite that needs a Postfix of its own. Its master only runs as root, and its commands are Debian's. */
export function describeIfPostfix(suite: () => void): void {
  const isThere = existsSync(join(daemons, 'master')) && existsSync(join(commands, 'postsuper'));
  const isRoot = process.getuid?.() === 0;
  const missing = isThere ? '' : 'needs Postfix, which is not installed here. Run: scripts/install-test-servers.sh';
  const reason = isRoot ? missing : [missing, 'needs root: nobody else may start a Postfix'].filter(Boolean).join('; ');
  describeIf(isThere && isRoot, 'postfix', reason, suite);
}

export interface PostfixOptions {
  /** Where all mail goes on to, but for domains in `routes`; a port of this machine. */
  readonly relayPort: number;
  /** Ports of this machine by recipient domain: where reports go. */
  readonly routes?: Readonly<Record<string, number>>;
  readonly tls?: SelfSigned;
  /** Lines for main.cf, over those below. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface TestPostfix {
  readonly port: number;
  /** For `postqueue -c`. */
  readonly configDir: string;
  /** Tries everything that waits, now. */
  flush(): Promise<void>;
  /** What it wrote about its own work. */
  log(): string;
  /** Replaces certificate and key and starts anew, with the queue as it is. */
  restart(changes: Partial<PostfixOptions>): Promise<void>;
  stop(): Promise<void>;
}

/** A whole Postfix with a folder, queue and ports of its own. It is ended by the pid that it wrote there itself. */
export async function startPostfix(options: PostfixOptions): Promise<TestPostfix> {
  const folder = makeTempFolder('postfix');
  const configDir = join(folder, 'config');
  const queueDir = join(folder, 'queue');
  const dataDir = join(folder, 'data');
  const pidFile = join(queueDir, 'pid', 'master.pid');
  // Its daemons run as a user of their own, and come in here.
  chmodSync(folder, 0o755);
  for (const path of [configDir, queueDir, dataDir]) mkdirSync(path, { mode: 0o755 });
  const { stdout: uid } = await run('id', ['-u', 'postfix']);
  chownSync(dataDir, Number(uid), 0);
  const port = await freePort();
  let current = options;

  async function start(): Promise<void> {
    writeConfig(configDir, queueDir, dataDir, folder, port, current);
    // With the outside's file descriptors closed, it outlives no test as a reader of its pipes.
    spawn(join(commands, 'postfix'), ['-c', configDir, 'start-fg'], { stdio: 'ignore' }).unref();
    const until = performance.now() + startTimeoutMs;
    while (!(await answers(port))) {
      if (performance.now() > until) throw new Error(`Postfix did not start:\n${read(join(folder, 'log'))}`);
      await delay(50);
    }
  }

  async function stop(): Promise<void> {
    const pid = Number(read(pidFile).trim());
    if (!Number.isInteger(pid) || pid <= 1 || !isRunning(pid)) return;
    process.kill(pid, 'SIGTERM');
    const until = performance.now() + stopTimeoutMs;
    while (isRunning(pid)) {
      if (performance.now() > until) process.kill(pid, 'SIGKILL');
      await delay(20);
    }
  }

  await start();
  return {
    port,
    configDir,
    flush: async () => void (await run(join(commands, 'postqueue'), ['-c', configDir, '-f'])),
    log: () => read(join(folder, 'log')),
    restart: async (changes) => {
      await stop();
      current = { ...current, ...changes };
      await start();
    },
    stop,
  };
}

function writeConfig(
  configDir: string,
  queueDir: string,
  dataDir: string,
  folder: string,
  port: number,
  { relayPort, routes = {}, tls, settings = {} }: PostfixOptions,
): void {
  if (tls !== undefined) {
    writeFileSync(join(configDir, 'tls.key'), tls.key, { mode: 0o600 });
    writeFileSync(join(configDir, 'tls.pem'), tls.cert);
  }
  const transports = Object.entries(routes).map(([domain, to]) => `${domain}=smtp:[127.0.0.1]:${to}`);
  const lines: Record<string, string> = {
    compatibility_level: '3.6',
    queue_directory: queueDir,
    data_directory: dataDir,
    mail_owner: 'postfix',
    setgid_group: 'postdrop',
    myhostname: 'relay.test',
    mydestination: '',
    inet_interfaces: '127.0.0.1',
    inet_protocols: 'ipv4',
    mynetworks: '127.0.0.0/8',
    smtpd_relay_restrictions: 'permit_mynetworks, reject',
    relayhost: `[127.0.0.1]:${relayPort}`,
    transport_maps: transports.length === 0 ? '' : `inline:{ ${transports.join(', ')} }`,
    alias_maps: '',
    alias_database: '',
    maillog_file: join(folder, 'log'),
    maillog_file_prefixes: folder,
    // A test awaits a second try, and does not wait for it.
    minimal_backoff_time: '1s',
    maximal_backoff_time: '1s',
    queue_run_delay: '1s',
    smtp_destination_concurrency_limit: '2',
    ...(tls === undefined
      ? {}
      : {
          smtpd_tls_security_level: 'encrypt',
          smtpd_tls_cert_file: join(configDir, 'tls.pem'),
          smtpd_tls_key_file: join(configDir, 'tls.key'),
        }),
    ...settings,
  };
  const main = Object.entries(lines).map(([name, value]) => `${name} = ${value}\n`);
  writeFileSync(join(configDir, 'main.cf'), main.join(''));
  writeFileSync(join(configDir, 'master.cf'), masterLines(port));
}

/** Debian's services without chroot, one listener on a port of its own. */
function masterLines(port: number): string {
  return [
    `127.0.0.1:${port} inet n - n - - smtpd`,
    'pickup unix n - n 60 1 pickup',
    'cleanup unix n - n - 0 cleanup',
    'qmgr unix n - n 300 1 qmgr',
    'tlsmgr unix - - n 1000? 1 tlsmgr',
    'rewrite unix - - n - - trivial-rewrite',
    'bounce unix - - n - 0 bounce',
    'defer unix - - n - 0 bounce',
    'trace unix - - n - 0 bounce',
    'verify unix - - n - 1 verify',
    'flush unix n - n 1000? 0 flush',
    'proxymap unix - - n - - proxymap',
    'smtp unix - - n - - smtp',
    'relay unix - - n - - smtp',
    'showq unix n - n - - showq',
    'error unix - - n - - error',
    'retry unix - - n - - error',
    'discard unix - - n - - discard',
    'anvil unix - - n - 1 anvil',
    'scache unix - - n - 1 scache',
    'postlog unix-dgram n - n - 1 postlogd',
    '',
  ].join('\n');
}

/** A port of this machine that nobody listens on: for who opens it later. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const end = (is: boolean): void => {
      socket.destroy();
      resolve(is);
    };
    socket.setTimeout(2_000, () => end(false));
    socket.once('data', () => end(true));
    socket.once('error', () => end(false));
    socket.once('end', () => end(false));
  });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
