import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fields } from '../../src/config/fields.ts';
import { limitFields } from '../../src/config/limit-fields.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import type { Flags, LoadedConfig } from '../../src/config/load-config.ts';
import { sampleLimits, standardLimits } from '../../src/domain/plan/limits.ts';
import { Failure } from '../../src/domain/shared/failure.ts';
import { limitsFrom } from '../../src/main/limits-from.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

const cwd = makeTempFolder('config');

function load(env: Record<string, string> = {}, flags: Flags = {}): LoadedConfig {
  return loadConfig({ env, flags, cwd });
}

function fileWith(content: string): string {
  const path = join(makeTempFolder('config'), 'allclear.yaml');
  writeFileSync(path, content);
  return path;
}

function refusalOf(env: Record<string, string>, flags: Flags = {}): Failure {
  try {
    load(env, flags);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('a setting', () => {
  test('comes from the flag before the variable before the file before the default, and says from where', () => {
    const file = fileWith('port: 3\nhost: 127.0.0.3\nlogLevel: warn\n');
    const { config, origins } = load({ ALLCLEAR_CONFIG: file, PORT: '2', HOST: '127.0.0.2' }, { port: '1' });
    expect(config).toMatchObject({ port: 1, host: '127.0.0.2', logLevel: 'warn', directoryName: 'chirp' });
    expect(origins.get('port')).toEqual({ from: 'flag', name: '--port' });
    expect(origins.get('host')).toEqual({ from: 'env', name: 'HOST' });
    expect(origins.get('logLevel')).toEqual({ from: 'file', name: file });
    expect(origins.get('directoryName')).toEqual({ from: 'default', name: 'default' });
  });

  test('that is empty counts as not set', () => {
    expect(load({ PORT: '' }).config.port).toBe(8470);
  });

  test('of a path is absolute, and the defaults lie inside home', () => {
    const { config } = load({ ALLCLEAR_HOME: 'kept' });
    expect(config.home).toBe(join(cwd, 'kept'));
    expect(config.sealKeyFile).toBe(join(cwd, 'kept', 'keys', 'seal.key'));
    expect(config.stateDir).toBe(join(cwd, 'kept', 'state'));
    expect(load().config.home).toBe(join(cwd, '.allclear'));
  });

  test('of trusted proxies trusts nobody until somebody is named, and no name that is no network', () => {
    const proxiesOf = (value: string) => load({ ALLCLEAR_TRUSTED_PROXIES: value }).config.trustedProxies;
    expect(load().config.trustedProxies).toEqual([]);
    expect(proxiesOf('10.0.0.0/8, 2001:db8::1')).toEqual(['10.0.0.0/8', '2001:db8::1']);
    const file = fileWith('trustedProxies: [192.0.2.7, 2001:db8::/32]\n');
    expect(load({}, { config: file }).config.trustedProxies).toEqual(['192.0.2.7', '2001:db8::/32']);
    for (const wrong of ['proxy.example', '10.0.0.0/33', '10.0.0.0/', '10.0.0/8', '::/129', '10.0.0.0/8/8', '*', ',']) {
      expect(refusalOf({ ALLCLEAR_TRUSTED_PROXIES: wrong }).facts, wrong).toMatchObject({ field: 'trustedProxies' });
    }
  });

  test('of the url follows the port', () => {
    expect(load({ PORT: '9000' }).config).toMatchObject({
      url: 'http://127.0.0.1:9000',
      publicUrl: 'http://127.0.0.1:9000',
    });
  });

  test.each([
    ['PORT', 'many'],
    ['PORT', '-1'],
    ['PORT', '65536'],
    ['PORT', '80.5'],
    ['PUBLIC_URL', 'javascript:alert(1)'],
    ['DATABASE_URL', 'mysql://localhost/x'],
    ['ALLCLEAR_ENVIRONMENT', 'prod'],
    ['ALLCLEAR_DIRECTORY_NAME', 'Ch irp'],
    ['MAIL_FROM', 'a@b\r\nBcc: c@d'],
    ['ALLCLEAR_LIMIT_PERMIT_SIZE', '101'],
    ['ALLCLEAR_LIMIT_TELL_WAVE_SIZES', '10,,50'],
    ['ALLCLEAR_LIMIT_TELL_WAVE_SIZES', '0'],
    ['ALLCLEAR_LIMIT_BUDGET_DAY_SHARE', '1.1'],
  ])('%s of %s is refused and named', (variable, value) => {
    const refusal = refusalOf({ [variable]: value });
    expect(refusal.code).toBe('usage');
    expect(refusal.message).toContain(variable);
  });
});

describe('the contact of a person', () => {
  test.each([
    ['mailto:help@chirp.example', 'help@chirp.example'],
    ['help@chirp.example', 'help@chirp.example'],
    ['tel:+49-30-1234567', 'tel:+49-30-1234567'],
  ])('stands in mails as people write it: %s', (set, read) => {
    expect(load({ ALLCLEAR_SUPPORT_CONTACT: set }).config.supportContact).toBe(read);
  });
});

describe('a secret', () => {
  const path = fileWith('s3cret token\n');

  test('can come from a file, without the line end', () => {
    const { config, origins } = load({ ALLCLEAR_TOKEN_FILE: path });
    expect(config.token).toBe('s3cret token');
    expect(origins.get('token')).toEqual({ from: 'env', name: 'ALLCLEAR_TOKEN_FILE' });
  });

  test('given twice is refused, and so is a file that is not there', () => {
    expect(refusalOf({ ALLCLEAR_TOKEN: 'x', ALLCLEAR_TOKEN_FILE: path }).message).toContain('Unset one');
    expect(refusalOf({ ALLCLEAR_TOKEN_FILE: join(cwd, 'nowhere') }).message).toContain('ENOENT');
  });

  test('is read from the file that the settings file names, and never from two places', () => {
    const named = load({ ALLCLEAR_CONFIG: fileWith(`tokenFile: ${path}\n`) });
    expect(named.config.token).toBe('s3cret token');
    expect(named.origins.get('token')?.from).toBe('file');
    const twice = fileWith(`tokenFile: ${path}\ntoken: hunter2\n`);
    expect(refusalOf({ ALLCLEAR_CONFIG: twice }).message).toContain('once');
    expect(refusalOf({ ALLCLEAR_CONFIG: twice }).message).not.toContain('hunter2');
    const gone = refusalOf({ ALLCLEAR_CONFIG: fileWith('smtpUrlFile: /nowhere/smtp\n') });
    expect(gone.message).toContain('smtpUrlFile');
    expect(refusalOf({ ALLCLEAR_CONFIG: fileWith('portFile: /nowhere/port\n') }).message).toContain('portFile');
  });

  test('is never repeated when it is refused', () => {
    const refusals = [
      refusalOf({ DATABASE_URL: 'mysql://user:hunter2@db/x' }),
      refusalOf({ ALLCLEAR_CONFIG: fileWith('token: [hunter2\n') }),
      refusalOf({ ALLCLEAR_CONFIG: fileWith('databaseUrl: "mysql://user:hunter2@db/x"\n') }),
    ];
    for (const refusal of refusals) expect(JSON.stringify([refusal.message, refusal.facts])).not.toContain('hunter2');
  });

  test('is each field that can be one', () => {
    const secrets = Object.values(fields)
      .filter((field) => field.secret)
      .map((field) => field.env);
    for (const name of secrets)
      expect(() => load({ [`${name}_FILE`]: join(cwd, 'nowhere') })).toThrow('cannot be read');
    expect(secrets).toEqual(expect.arrayContaining(['DATABASE_URL', 'SMTP_URL', 'ALLCLEAR_TOKEN']));
  });
});

describe('a misspelt name', () => {
  test('is refused wherever it stands, with the name that was probably meant', () => {
    expect(refusalOf({ ALLCLEAR_STATE_DRI: '/x' }).message).toContain('Did you mean ALLCLEAR_STATE_DIR?');
    expect(refusalOf({}, { prot: '1' }).message).toContain('Did you mean port?');
    expect(refusalOf({ ALLCLEAR_CONFIG: fileWith('limits:\n  permitsize: 5\n') }).message).toContain(
      'Did you mean limits.permitSize?',
    );
    expect(refusalOf({ ALLCLEAR_FLUX_CAPACITOR: '1' }).message).toContain('allclear config show');
  });

  test('of another program is not ours to judge', () => {
    expect(load({ PATH: '/bin', PGHOST: 'x', ALLCLEAR_PASSWORD_CHECK_URL: 'http://x' }).config.port).toBe(8470);
  });
});

describe('the limits', () => {
  test('are those of the safety rules, and short soaks exist in the sample only', () => {
    const ownLimits = (loaded: LoadedConfig) => loaded.config.limits;
    expect(ownLimits(load()).tellSoakSeconds).toEqual(sampleLimits.tellSoakSeconds);
    const staging = ownLimits(load({ ALLCLEAR_ENVIRONMENT: 'staging' }));
    const {
      pace: _pace,
      profile: _size,
      review: _review,
      order: _order,
      budgetProfile: _budget,
      holderHours,
      ...numbers
    } = standardLimits;
    expect(staging).toMatchObject(numbers);
    const { holderHoursFrom: from, holderHoursTo: to, holderHoursFromWave: fromWaveSize } = staging;
    expect(holderHours).toEqual({ from, to, fromWaveSize, defaultZone: load().config.defaultTimeZone });
    expect(staging).toMatchObject({ budgetDayShare: 0.01, budgetMonthShare: 0.05, budgetFloor: 200 });
  });

  test('can be set by file and by variable', () => {
    const file = fileWith('limits:\n  tellWaveSizes: [5, 6]\n  growth: 2\n');
    const { limits } = load({ ALLCLEAR_CONFIG: file, ALLCLEAR_LIMIT_CONTAIN_WAVE_SIZES: '7, 8' }).config;
    expect(limits).toMatchObject({ tellWaveSizes: [5, 6], growth: 2, containWaveSizes: [7, 8] });
  });

  test('leave some hour in which people can be told, in a time zone that there is', () => {
    const hours = { ALLCLEAR_LIMIT_HOLDER_HOURS_FROM: '21', ALLCLEAR_LIMIT_HOLDER_HOURS_TO: '8' };
    expect(refusalOf(hours).message).toContain('nobody could ever be told');
    expect(refusalOf({ ALLCLEAR_DEFAULT_TIME_ZONE: 'Middle/Earth' }).message).toContain('is no time zone');
    expect(load({ ALLCLEAR_DEFAULT_TIME_ZONE: 'Asia/Tokyo' }).config.defaultTimeZone).toBe('Asia/Tokyo');
  });

  test('are frozen into a plan with the hours of its readers, and a plan at the pace of the sample waits for nobody', () => {
    const { config } = load({ ALLCLEAR_ENVIRONMENT: 'staging', ALLCLEAR_DEFAULT_TIME_ZONE: '+05:30' });
    const choices = { order: 'interlocked', budget: 'normal' } as const;
    const hours = { from: 8, to: 21, fromWaveSize: 500, defaultZone: '+05:30' };
    expect(limitsFrom(config, { ...choices, pace: null })).toEqual({ ...standardLimits, holderHours: hours });
    expect(limitsFrom(load().config, { ...choices, pace: null })).toEqual(sampleLimits);
  });
});

describe('the small profile', () => {
  const small = { ALLCLEAR_PROFILE: 'small', ALLCLEAR_ENVIRONMENT: 'staging' };
  const choices = { pace: null, order: 'interlocked', budget: 'normal' } as const;

  test('has waves of ten and then the rest, and everybody reviewed, also in the sample', () => {
    for (const env of [small, { ...small, ALLCLEAR_ENVIRONMENT: 'sample' }]) {
      expect(limitsFrom(load(env).config, choices)).toMatchObject({
        profile: 'small',
        review: 'all',
        tellWaveSizes: [10, 500],
        containWaveSizes: [10, 500],
      });
    }
    expect(limitsFrom(load().config, choices)).toMatchObject({ profile: 'standard', review: 'none' });
    const staging = load({ ALLCLEAR_ENVIRONMENT: 'staging' }).config;
    expect(limitsFrom(staging, choices)).toMatchObject({ profile: 'standard', review: 'sampled', reviewClean: 59 });
  });

  test('is not undone by a larger first wave, and no review is made smaller than what proves anything', () => {
    expect(refusalOf({ ...small, ALLCLEAR_LIMIT_TELL_WAVE_SIZES: '11, 500' }).message).toContain('at most 10');
    expect(load({ ...small, ALLCLEAR_LIMIT_TELL_WAVE_SIZES: '5, 20' }).config.limits.tellWaveSizes).toEqual([5, 20]);
    expect(refusalOf({ ALLCLEAR_LIMIT_REVIEW_CLEAN: '58' }).code).toBe('usage');
  });
});

describe('a mix of settings', () => {
  const production = {
    ALLCLEAR_ENVIRONMENT: 'production',
    SMTP_URL: 'smtp://mail.example.org',
    ALLCLEAR_DIRECTORY_URL: 'postgres://db/x',
    PUBLIC_URL: 'https://safe.example.org',
  };

  test('that lets a sample mail real people is refused', () => {
    expect(refusalOf({ SMTP_URL: 'smtp://mail.example.org' }).code).toBe('environment-mismatch');
    expect(load({ SMTP_URL: 'smtp://127.0.0.1:2525' }).config.environment).toBe('sample');
  });

  test('that would show the queue of this machine for mails that another one took is refused', () => {
    const mixed = {
      ALLCLEAR_ENVIRONMENT: 'staging',
      SMTP_URL: 'smtp://mail.example.org',
      ALLCLEAR_MAIL_QUEUE: 'postfix',
    };
    expect(refusalOf(mixed)).toMatchObject({
      code: 'usage',
      message: expect.stringContaining('shown as empty') as string,
    });
    expect(load({ ...mixed, SMTP_URL: 'smtp://127.0.0.1:25' }).config.mailQueue).toBe('postfix');
  });

  test('that runs production on stand-ins is refused', () => {
    expect(load(production).config.environment).toBe('production');
    for (const name of ['SMTP_URL', 'ALLCLEAR_DIRECTORY_URL', 'PUBLIC_URL']) {
      expect(refusalOf({ ...production, [name]: '' }).code).toBe('environment-mismatch');
    }
  });
});

test('every field says what it means and what happens when it is wrong, under a variable of its own', () => {
  const all = [...Object.values(fields), ...Object.values(limitFields)];
  for (const field of all) {
    expect(field.meaning).toMatch(/\.$/);
    expect(field.whenWrong).toMatch(/\.$/);
  }
  expect(new Set(all.map((field) => field.env)).size).toBe(all.length);
});
