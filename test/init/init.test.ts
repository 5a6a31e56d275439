import { spawn } from 'node:child_process';
import { readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startProcess } from '../../examples/scenarios/processes.ts';
import { openShop } from '../directory-sql/shop.ts';
import type { Shop } from '../directory-sql/shop.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

const cli = fileURLToPath(new URL('../../src/main/cli.ts', import.meta.url));
const postgres = withTestPostgres();
let folder: string;
let shop: Shop;
let databaseUrl: string;
let port: number;

interface Run {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process of its own in the folder, without a terminal, knowing nothing but what is said to it. */
function allclear(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Run> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', cli, ...argv], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve) => child.once('close', (exit) => resolve({ exit, stdout, stderr })));
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port: free } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return free;
}

function answers(changes: Readonly<Record<string, string | null>> = {}): readonly string[] {
  const all: Record<string, string | null> = {
    'service-name': 'Corner Shop',
    environment: 'staging',
    'support-contact': 'help@shop.example',
    'public-url': 'http://127.0.0.1:8470',
    'recovery-page': 'https://shop.example/forgot',
    accounts: '@accounts.url',
    mailer: 'none',
    'mail-from': 'Corner Shop <security@shop.example>',
    database: '@database.url',
    profile: 'small',
    'operator-name': 'ann',
    'operator-email': 'ann@shop.example',
    port: String(port),
    ...changes,
  };
  return Object.entries(all).flatMap(([flag, value]) => (value === null ? [] : [`--${flag}`, value]));
}

const passphrase = { ALLCLEAR_KEY_PASSPHRASE: 'a passphrase of ann' };
const config = (): string => join(folder, 'allclear.yaml');

beforeAll(async () => {
  folder = makeTempFolder('init');
  shop = await openShop(await postgres.freshDatabase());
  for (let at = 0; at < 3; at += 1)
    await shop.signUp({ address: `p${at}@mail.example`, password: 'tulips and 9 herons' });
  databaseUrl = await postgres.freshDatabase();
  port = await freePort();
  await writeFile(join(folder, 'accounts.url'), `${shop.databaseUrl}\n`);
  await writeFile(join(folder, 'database.url'), `${databaseUrl}\n`);
});

afterAll(async () => {
  await shop.close();
  await rm(folder, { recursive: true, force: true });
});

describe('init without a terminal', () => {
  test('asks nothing, names all that is missing at once, and writes nothing', async () => {
    const before = await readdir(folder);
    const run = await allclear(['init', '--service-name', 'Shop', '--json']);
    expect(run.exit).toBe(2);
    const { error } = JSON.parse(run.stdout) as { error: { code: string; facts: { missing: string[] } } };
    expect(error.code).toBe('usage');
    expect(error.facts.missing.map((one) => one.split(' ')[0])).toEqual([
      '--environment',
      '--support-contact',
      '--public-url',
      '--recovery-page',
      '--accounts',
      '--mailer',
      '--mail-from',
      '--database',
      '--profile',
      '--operator-name',
      '--operator-email',
    ]);
    expect(await readdir(folder)).toEqual(before);
  });

  test('refuses an answer that cannot be, by the name of its option, and settings that are unsound together', async () => {
    expect((await allclear(['init', ...answers({ environment: 'prod' })])).stderr).toContain('--environment');
    const unsound = await allclear(['init', ...answers({ environment: 'production', mailer: 'none' })], passphrase);
    expect([unsound.exit, unsound.stderr]).toEqual([
      3,
      expect.stringContaining('Production has no built-in stand-ins'),
    ]);
  });

  test('prints the file in a dry run and leaves the folder as it was', async () => {
    const before = await readdir(folder);
    const run = await allclear(['init', ...answers(), '--dry-run']);
    expect(run.exit).toBe(0);
    expect(run.stdout).toContain('serviceName: Corner Shop');
    expect(run.stdout).toContain('directoryName: corner-shop');
    expect(run.stdout).not.toContain('postgres://');
    expect(await readdir(folder)).toEqual(before);
  });
});

describe('the folder that init leaves', () => {
  let told: {
    readonly operator: string;
    readonly keyFile: string;
    readonly tokenFile: string;
    readonly files: readonly string[];
    readonly next: readonly { readonly command: string }[];
    readonly findings: readonly { readonly check: string; readonly verdict: string }[];
  };

  test('has one settings file without a secret, secrets for the owner alone, and the first operator', async () => {
    const run = await allclear(['init', ...answers(), '--json'], passphrase);
    expect(run.exit, run.stderr).toBe(0);
    told = JSON.parse(run.stdout) as typeof told;
    expect(told.operator).toBe('operator_1');
    expect(told.next).toHaveLength(3);
    expect(told.findings.find((one) => one.check === 'migrations')?.verdict).toBe('ok');
    const yaml = await readFile(config(), 'utf8');
    expect(yaml).not.toMatch(/postgres(ql)?:\/\//);
    expect(yaml).not.toContain(passphrase.ALLCLEAR_KEY_PASSPHRASE);
    for (const path of [
      config(),
      told.keyFile,
      told.tokenFile,
      ...told.files.filter((one) => one.includes('secrets')),
    ]) {
      expect((await stat(path)).mode & 0o777, path).toBe(0o600);
    }
    expect(await readFile(told.keyFile, 'utf8')).toContain('ENCRYPTED');
    const files = told.files.map((one) => one.slice(one.lastIndexOf('/') + 1));
    expect(files).toEqual([
      'allclear.yaml',
      'database-url',
      'allclear-directory-url',
      'directory.yaml',
      'directory.sql',
    ]);
  });

  test('starts a server and a worker on the own tables, where the first operator may act', async () => {
    // What the DBA does with it.
    await shop.pool.query(await readFile(join(folder, 'directory.sql'), 'utf8'));
    const env = { ALLCLEAR_CONFIG: config(), SMTP_URL: 'smtp://127.0.0.1:9', LOG_LEVEL: 'fatal' };
    const server = await startProcess('server', env);
    try {
      const worker = await startProcess('worker', env);
      const token = (await readFile(told.tokenFile, 'utf8')).trim();
      const ask = async (path: string): Promise<unknown> => {
        const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
          headers: { authorization: `Bearer ${token}` },
        });
        return answer.json();
      };
      expect(await ask('/api/v1/deployment')).toMatchObject({
        environment: 'staging',
        directory: 'corner-shop',
        serviceName: 'Corner Shop',
      });
      expect(await ask('/api/v1/operators')).toMatchObject({ operators: [{ name: 'ann', state: 'active' }] });
      await writeFile(join(folder, 'leak.txt'), 'p1@mail.example:tulips and 9 herons\n');
      const cliEnv = { ALLCLEAR_CONFIG: config() };
      const imported = await allclear(['evidence', 'import', 'leak.txt', '--source', 'a leak', '--as', 'ann'], cliEnv);
      expect(imported.exit, imported.stderr).toBe(0);
      expect(imported.stdout).toMatch(/verified +1\n/);
      const drafted = await allclear(
        ['plan', 'draft', '--evidence', 'batch_1', '--notice', 'password-reset', '--as', 'ann', '--json'],
        cliEnv,
      );
      expect(JSON.parse(drafted.stdout)).toMatchObject({
        directory: 'corner-shop',
        limits: { profile: 'small', review: 'all', tellWaveSizes: [10, 500] },
      });
      expect(await worker.stop()).toBe(0);
    } finally {
      await server.stop();
    }
  });

  test('keeps its answers when init runs again, and is not written over without a word', async () => {
    // By hand, as people do.
    const byHand = `${await readFile(config(), 'utf8')}\n# Brakes other than the usual ones.\nlimits:\n  keepDays: "7"\n`;
    await writeFile(config(), byHand);
    const before = byHand;
    const again = await allclear(['init', '--json']);
    expect(again.exit, again.stderr).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({ operator: null });
    expect(await readFile(config(), 'utf8')).toBe(before);
    const other = ['init', '--service-name', 'Other', '--operator-name', 'none', '--operator-email', 'none'];
    const refused = await allclear(other);
    expect([refused.exit, refused.stderr]).toEqual([1, expect.stringContaining('--yes')]);
    expect(await readFile(config(), 'utf8')).toBe(before);
    expect((await allclear([...other, '--yes'])).exit).toBe(0);
    const after = await readFile(config(), 'utf8');
    expect(after).toContain('serviceName: Other');
    expect(after).toContain('directoryName: corner-shop');
    expect(after).toContain('keepDays: "7"');
  });

  test('never gets a second first operator, and no key of nobody', async () => {
    const run = await allclear(['init', '--operator-name', 'mal', '--operator-email', 'mal@shop.example', '--json']);
    expect(run.exit, run.stderr).toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject({ operator: null, keyFile: null });
    expect(await readdir(join(folder, '.allclear', 'operators'))).toEqual(['ann.key', 'ann.token']);
  });
});
