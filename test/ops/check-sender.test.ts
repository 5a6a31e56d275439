import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { systemResolve } from '../../src/adapters/mail/look-up.ts';
import type { Resolve } from '../../src/adapters/mail/look-up.ts';
import type { CheckFinding } from '../../src/app/doctor/finding.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import type { Config } from '../../src/config/config.ts';
import { checkSender } from '../../src/main/doctor/check-sender.ts';
import { makeDkimKeys } from '../../src/main/open-dkim.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

/** `TXT name` to its values. */
type Zone = Readonly<Record<string, readonly string[]>>;

let folder: string;
let config: Config;
let sound: Zone;

beforeAll(async () => {
  folder = makeTempFolder('sender');
  config = configWith({ ALLCLEAR_DKIM_DOMAIN: 'shop.example' });
  const { dkim } = await makeDkimKeys(config);
  sound = {
    ...Object.fromEntries(dkim.records.map(({ name, value }) => [`TXT ${name}`, [value]])),
    'TXT shop.example': ['some-site-verification=1', 'v=spf1 ip4:192.0.2.0/28 include:spf.provider.example -all'],
    'TXT spf.provider.example': ['v=spf1 ip4:198.51.100.0/24 -all'],
    'TXT _dmarc.shop.example': ['v=DMARC1; p=quarantine; rua=mailto:dmarc@shop.example'],
    'MX shop.example': ['mx1.shop.example'],
    'A shop.example': ['192.0.2.80'],
    'A smtp.provider.example': ['198.51.100.7'],
  };
});

afterAll(() => rm(folder, { recursive: true, force: true }));

function configWith(settings: Readonly<Record<string, string>>): Config {
  const env = {
    ALLCLEAR_HOME: folder,
    ALLCLEAR_ENVIRONMENT: 'staging',
    MAIL_FROM: 'The shop <security@shop.example>',
    SMTP_URL: 'smtp://smtp.provider.example',
    ...settings,
  };
  return loadConfig({ env, flags: {}, cwd: folder }).config;
}

function resolving(zone: Zone, away: (name: string) => boolean = () => false): Resolve {
  return (name, type) => {
    if (away(name)) return Promise.reject(Object.assign(new Error('no answer'), { code: 'ETIMEOUT' }));
    const values = zone[`${type} ${name}`];
    if (values === undefined) return Promise.reject(Object.assign(new Error('none'), { code: 'ENOTFOUND' }));
    return Promise.resolve(type === 'TXT' ? values.map((value) => value.match(/.{1,255}/g) ?? []) : [...values]);
  };
}

async function troubles(zone: Zone, settings: Config = config): Promise<readonly string[]> {
  const found = await checkSender(settings, resolving(zone));
  return found.filter(({ verdict }) => verdict !== 'ok').map(({ verdict, check }) => `${verdict} ${check}`);
}

function without(...names: readonly string[]): Zone {
  return Object.fromEntries(Object.entries(sound).filter(([name]) => !names.includes(name)));
}

async function one(zone: Zone, check: string): Promise<CheckFinding | undefined> {
  return (await checkSender(config, resolving(zone))).find((finding) => finding.check.startsWith(check));
}

test('a sender whose records are in order has nothing to mend', async () => {
  const found = await checkSender(config, resolving(sound));
  expect(found.map(({ verdict, check }) => `${verdict} ${check}`)).toEqual([
    'ok DKIM allclear-rsa._domainkey.shop.example',
    'ok DKIM allclear-ed25519._domainkey.shop.example',
    'ok SPF shop.example',
    'ok DMARC shop.example',
    'ok return path shop.example',
  ]);
});

describe('a key record', () => {
  const name = 'allclear-rsa._domainkey.shop.example';

  test('that is not there is given as it has to be published', async () => {
    const found = await one(without(`TXT ${name}`), `DKIM ${name}`);
    expect(found?.verdict).toBe('fail');
    expect(found?.mend).toMatch(/^Publish: allclear-rsa\._domainkey\.shop\.example\. IN TXT "v=DKIM1; k=rsa; p=/);
  });

  test.each([
    ['of another key', (value: string) => [value.replace('p=MIIB', 'p=MIIC')], 'another key'],
    ['that is revoked', () => ['v=DKIM1; k=rsa; p='], 'revoked'],
    ['that is there twice', (value: string) => [value, value], '2 records'],
  ])('%s fails', async (_, change, words) => {
    const found = await one({ ...sound, [`TXT ${name}`]: change(sound[`TXT ${name}`]?.[0] ?? '') }, `DKIM ${name}`);
    expect(found?.verdict).toBe('fail');
    expect(found?.seen).toContain(words);
  });

  test('written in another order and with blanks is the same key', async () => {
    const key = /p=(\S+)/.exec(sound[`TXT ${name}`]?.[0] ?? '')?.[1] ?? '';
    const spaced = `v=DKIM1;p=${key.slice(0, 40)} ${key.slice(40)};h=sha256`;
    expect((await one({ ...sound, [`TXT ${name}`]: [spaced] }, `DKIM ${name}`))?.verdict).toBe('ok');
  });
});

describe('SPF', () => {
  test.each([
    ['no record', [], 'fail'],
    ['two records', ['v=spf1 a -all', 'v=spf1 mx -all'], 'fail'],
    ['everyone', ['v=spf1 +all'], 'fail'],
    ['nobody', ['v=spf1 -all'], 'fail'],
    ['not the mail server', ['v=spf1 ip4:192.0.2.0/28 -all'], 'warn'],
    ['the mail server', ['v=spf1 ip4:198.51.100.7 ~all'], 'ok'],
  ])('that names %s', async (_, records, verdict) => {
    const zone = { ...without('TXT shop.example'), ...(records.length === 0 ? {} : { 'TXT shop.example': records }) };
    expect((await one(zone, 'SPF'))?.verdict).toBe(verdict);
  });
});

test('a signature in the name of another domain than the sender counts for nothing, and that fails', async () => {
  const other = configWith({
    ALLCLEAR_DKIM_DOMAIN: 'provider.example',
    ALLCLEAR_DKIM_RSA_KEY_FILE: join(folder, 'other-rsa.pem'),
    ALLCLEAR_DKIM_ED25519_KEY_FILE: join(folder, 'other-ed25519.pem'),
  });
  const { dkim } = await makeDkimKeys(other);
  const zone = { ...sound, ...Object.fromEntries(dkim.records.map(({ name, value }) => [`TXT ${name}`, [value]])) };
  expect(await troubles(zone, other)).toEqual(['fail DMARC shop.example']);
});

test('the domain above the sender may sign for it, unless its policy is strict', async () => {
  const below = { ...config, mailFrom: 'security@mail.shop.example' };
  const zone = {
    ...sound,
    'TXT mail.shop.example': sound['TXT shop.example'] ?? [],
    'MX mail.shop.example': ['mx1.shop.example'],
  };
  expect(await troubles(zone, below)).toEqual([]);
  const strict = { ...zone, 'TXT _dmarc.shop.example': ['v=DMARC1; p=reject; adkim=s'] };
  expect(await troubles(strict, below)).toEqual(['fail DMARC mail.shop.example']);
});

test('a missing policy, a return path that nobody answers at, and mails that leave unsigned are said', async () => {
  expect(await troubles(without('TXT _dmarc.shop.example'))).toEqual(['warn DMARC shop.example']);
  expect(await troubles(without('MX shop.example'))).toEqual(['warn return path shop.example']);
  expect(await troubles(without('MX shop.example', 'A shop.example'))).toEqual(['fail return path shop.example']);
  expect(await troubles({ ...sound, 'MX shop.example': [''] })).toEqual(['fail return path shop.example']);
  expect(await troubles(sound, { ...config, dkimDomain: null })).toEqual(['warn DKIM', 'warn DMARC shop.example']);
});

test('a resolver that does not answer makes doubt and no failure', async () => {
  const found = await checkSender(
    config,
    resolving({}, () => true),
  );
  expect(found.map(({ verdict }) => verdict)).toEqual(Array<string>(5).fill('warn'));
  for (const { seen } of found) expect(seen).toContain('could not be looked up from here');
});

test('a resolver that is there and never says a word makes doubt as well, in some seconds', async () => {
  const deaf = createSocket('udp4');
  deaf.bind(0, '127.0.0.1');
  await once(deaf, 'listening');
  try {
    const found = await checkSender(config, systemResolve([`127.0.0.1:${deaf.address().port}`]));
    expect(found.map(({ verdict }) => verdict)).toEqual(Array<string>(5).fill('warn'));
  } finally {
    deaf.close();
  }
}, 30_000);

test('the sample looks nothing up', async () => {
  const sample = { ...config, environment: 'sample' as const, dkimDomain: null };
  const found = await checkSender(sample, () => Promise.reject(new Error('was asked')));
  expect(found.map(({ verdict }) => verdict)).toEqual(['ok']);
});

test('a trial on the built-in mailbox is not told to publish records for mails that never leave', async () => {
  const trial = { ...config, smtpUrl: null };
  const found = await checkSender(trial, () => Promise.reject(new Error('was asked')));
  expect(found.map(({ verdict }) => verdict)).toEqual(['ok']);
});

test('keys that others may read are found before a server starts on them', async () => {
  await chmod(config.dkimRsaKeyFile, 0o644);
  try {
    await expect(checkSender(config, resolving(sound))).rejects.toMatchObject({ code: 'key-missing' });
  } finally {
    await chmod(config.dkimRsaKeyFile, 0o600);
  }
});
