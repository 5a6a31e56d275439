import { generateKeyPairSync } from 'node:crypto';
import { chmod, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { openDkimKey } from '../../src/adapters/mail/dkim/key-file.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import type { Config } from '../../src/config/config.ts';
import { makeDkimKeys, openDkim } from '../../src/main/open-dkim.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

let folder: string;
beforeAll(async () => (folder = makeTempFolder('dkim')));
afterAll(() => rm(folder, { recursive: true, force: true }));

function configOf(home: string, settings: Readonly<Record<string, string>> = {}): Config {
  const env = { ALLCLEAR_HOME: join(folder, home), ALLCLEAR_DKIM_DOMAIN: 'Chirp.Example', ...settings };
  return loadConfig({ env, flags: {}, cwd: folder }).config;
}

test('keys are made once, for their owner alone, and never over a file', async () => {
  const config = configOf('once');
  const first = await makeDkimKeys(config);
  expect(first.made).toEqual([config.dkimRsaKeyFile, config.dkimEd25519KeyFile]);
  for (const path of first.made) expect((await stat(path)).mode & 0o777).toBe(0o600);
  const before = await readFile(config.dkimRsaKeyFile, 'utf8');
  const second = await makeDkimKeys(config);
  expect(second.made).toEqual([]);
  expect(second.dkim.records).toEqual(first.dkim.records);
  expect(await readFile(config.dkimRsaKeyFile, 'utf8')).toBe(before);
});

test('the records are what a zone takes: names of the domain, strings of at most 255 bytes, their sum the value', async () => {
  const { records } = (await makeDkimKeys(configOf('records'))).dkim;
  expect(records.map(({ name }) => name)).toEqual([
    'allclear-rsa._domainkey.chirp.example',
    'allclear-ed25519._domainkey.chirp.example',
  ]);
  expect(records[0]?.value).toMatch(/^v=DKIM1; k=rsa; p=[A-Za-z0-9+/]{392}$/);
  expect(records[1]?.value).toMatch(/^v=DKIM1; k=ed25519; p=[A-Za-z0-9+/]{43}=$/);
  for (const { name, value, zoneLine } of records) {
    const strings = [...zoneLine.matchAll(/"([^"]*)"/g)].map(([, text = '']) => text);
    expect(zoneLine.startsWith(`${name}. IN TXT "`)).toBe(true);
    expect(strings.join('')).toBe(value);
    for (const text of strings) expect(text.length).toBeLessThanOrEqual(255);
  }
});

test('a key that others may read, one that is not there and one of another kind sign nothing', async () => {
  const config = configOf('refused');
  await makeDkimKeys(config);
  await chmod(config.dkimRsaKeyFile, 0o640);
  await expect(openDkim(config)).rejects.toMatchObject({ code: 'key-missing', message: /chmod 600/ });
  await chmod(config.dkimRsaKeyFile, 0o600);
  await expect(openDkim({ ...config, dkimRsaKeyFile: join(folder, 'none.pem') })).rejects.toMatchObject({
    code: 'key-missing',
  });
  await expect(openDkim({ ...config, dkimRsaKeyFile: config.dkimEd25519KeyFile })).rejects.toMatchObject({
    code: 'key-missing',
    message: /no RSA key/,
  });
});

test('an RSA key too short for receivers is refused, and what is no key is not repeated', async () => {
  const use = { environment: 'sample', domain: 'chirp.example' };
  const short = join(folder, 'short.pem');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  await writeFile(short, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  await expect(openDkimKey(short, 'rsa', use)).rejects.toMatchObject({ message: /less than 2048 bits/ });
  const other = join(folder, 'other.pem');
  await writeFile(other, 'a secret of another kind', { mode: 0o600 });
  await expect(openDkimKey(other, 'rsa', use)).rejects.toMatchObject({
    code: 'key-missing',
    message: expect.not.stringContaining('secret') as string,
  });
});

test('a key that was made for a trial signs no mail of production, nor of another domain', async () => {
  const config = configOf('mismatch');
  await makeDkimKeys(config);
  await expect(openDkim({ ...config, environment: 'production' })).rejects.toMatchObject({
    code: 'environment-mismatch',
  });
  await expect(openDkim({ ...config, dkimDomain: 'other.example' })).rejects.toMatchObject({
    code: 'environment-mismatch',
  });
});

test('without a domain nothing is signed and no key is made; two keys under one name are refused', async () => {
  const unsigned = { ...configOf('none'), dkimDomain: null };
  expect(await openDkim(unsigned)).toBeNull();
  await expect(makeDkimKeys(unsigned)).rejects.toMatchObject({ code: 'usage' });
  const config = configOf('same', { ALLCLEAR_DKIM_RSA_SELECTOR: 'one', ALLCLEAR_DKIM_ED25519_SELECTOR: 'ONE' });
  await expect(makeDkimKeys(config)).rejects.toMatchObject({ code: 'usage' });
});

test('a domain of one label, and a selector that no name can hold, are refused', () => {
  expect(() => configOf('x', { ALLCLEAR_DKIM_DOMAIN: 'localhost' })).toThrow(/no domain name/);
  expect(() => configOf('x', { ALLCLEAR_DKIM_RSA_SELECTOR: 'a_b' })).toThrow(/no DKIM selector/);
});
