import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCli } from '../../src/cli/run-cli.ts';
import { describeConfig } from '../../src/config/describe-config.ts';
import type { DescribedField } from '../../src/config/describe-config.ts';
import { fields } from '../../src/config/fields.ts';
import { limitFields } from '../../src/config/limit-fields.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { makeLocalVerbs } from '../../src/main/local-verbs.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

const cwd = makeTempFolder('config-show');
const file = join(cwd, 'allclear.yaml');
writeFileSync(file, 'serviceName: Wren\nlimits:\n  keepDays: 9\n');
const passphraseFile = join(cwd, 'passphrase');
writeFileSync(passphraseFile, 'nightjar-passphrase\n');

const secrets = ['nightjar-token', 'nightjar-password', 'nightjar-parameter', 'nightjar-passphrase'];
const env = {
  ALLCLEAR_CONFIG: file,
  PORT: '8500',
  DATABASE_URL: 'postgres://ada:nightjar-password@db.test:5432/allclear?password=nightjar-parameter',
  ALLCLEAR_TOKEN: 'nightjar-token',
  ALLCLEAR_KEY_PASSPHRASE_FILE: passphraseFile,
};

const load = (flags: { readonly url?: string }) => loadConfig({ env, flags, cwd });

function described(name: string, flags = {}): DescribedField {
  const found = describeConfig(load(flags)).find((one) => one.name === name);
  if (found === undefined) throw new Error(`${name} is not described`);
  return found;
}

async function show(...argv: readonly string[]): Promise<{ exit: number; stdout: string; stderr: string }> {
  let stdout = '';
  let stderr = '';
  const exit = await runCli(['config', 'show', ...argv], {
    stdin: Object.assign((async function* none(): AsyncIterable<Uint8Array> {})(), { isTTY: false }),
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    now: () => new Date(0),
    version: '0.1.0',
    fetch: () => Promise.reject(new Error('config show asks no server')),
    readSettings: (flags) => load(flags).config,
    local: makeLocalVerbs(load),
  });
  return { exit, stdout, stderr };
}

test('every field is shown, with its variable, its meaning and what happens when it is wrong', async () => {
  const { exit, stdout } = await show('--json');
  expect(exit).toBe(0);
  const { settings } = JSON.parse(stdout) as { settings: readonly DescribedField[] };
  expect(settings.map((one) => one.name)).toEqual([
    ...Object.keys(fields),
    ...Object.keys(limitFields).map((name) => `limits.${name}`),
  ]);
  for (const one of settings) {
    expect(one.env, one.name).toMatch(/^[A-Z][A-Z0-9_]+$/);
    expect(one.meaning.length * one.whenWrong.length, one.name).toBeGreaterThan(0);
  }
});

test('each value names the flag, variable or file that set it', () => {
  expect(described('url', { url: 'http://127.0.0.1:9' })).toMatchObject({ from: 'flag', origin: '--url' });
  expect(described('port')).toMatchObject({ value: 8500, from: 'env', origin: 'PORT' });
  expect(described('serviceName')).toMatchObject({ value: 'Wren', from: 'file', origin: file });
  expect(described('limits.keepDays')).toMatchObject({ value: 9, unit: 'days', from: 'file', origin: file });
  expect(described('host')).toMatchObject({ value: '127.0.0.1', from: 'default', origin: 'default' });
  expect(described('keyPassphrase')).toMatchObject({ from: 'env', origin: 'ALLCLEAR_KEY_PASSPHRASE_FILE' });
});

test('no form of the command shows a secret, and a URL still says where it leads', async () => {
  for (const argv of [
    [],
    ['--json'],
    ['--ndjson'],
    ['databaseUrl'],
    ['token', '--json'],
    ['ALLCLEAR_KEY_PASSPHRASE'],
  ]) {
    const { exit, stdout, stderr } = await show(...argv);
    expect(exit).toBe(0);
    for (const secret of secrets) expect(stdout + stderr, argv.join(' ')).not.toContain(secret);
  }
  expect(described('databaseUrl').value).toBe('postgres://***@db.test:5432/allclear');
  expect(described('token').value).toBe('***');
  expect(described('smtpUrl')).toMatchObject({ value: null, isSecret: true });
});

test('one field is explained, and a name that does not exist is refused', async () => {
  const { stdout } = await show('limits.keepDays');
  expect(stdout).toContain('limits.keepDays: 9 days');
  expect(stdout).toContain('When wrong:');
  expect(stdout).toContain('ALLCLEAR_LIMIT_KEEP_DAYS');
  expect((await show('keepDays')).exit).toBe(2);
});
