import { appendFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeMapping } from '../../src/adapters/directory/sql/write-mapping.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { makeLogger } from '../../src/adapters/log/logger.ts';
import { openInstallation } from '../../src/main/installation.ts';
import { readCodeVersion } from '../../src/main/code-version.ts';
import { makeDirectoryVerbs } from '../../src/main/directory-verbs.ts';
import { openDirectory } from '../../src/main/open-directory.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { openShop } from './shop.ts';
import type { Shop } from './shop.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

describe('the directory of an installation', () => {
  const postgres = withTestPostgres();
  let shop: Shop;
  let folder: string;
  const told = { onIdleError: () => undefined, onCapReached: () => undefined };

  beforeAll(async () => {
    folder = makeTempFolder('choose');
    shop = await openShop(await postgres.freshDatabase());
    await shop.signUp({ address: 'canary@example.org', password: 'tulips and 9 herons' });
    await writeFile(join(folder, 'directory.yaml'), writeMapping(await shop.propose('direct')));
  });
  afterAll(async () => {
    await shop.close();
    await rm(folder, { recursive: true });
  });

  const configWith = (env: Record<string, string>) =>
    loadConfig({ env: { ALLCLEAR_DIRECTORY_URL: shop.databaseUrl, ...env }, flags: {}, cwd: folder }).config;

  it('is better-auth unless a mapping is named, and then the mapped tables', async () => {
    const usual = await openDirectory(configWith({}), told);
    expect(usual.directory.capabilities.collateral.join()).toContain('cookie cache');
    await usual.close();
    const mapped = await openDirectory(configWith({ ALLCLEAR_DIRECTORY_MAPPING: 'directory.yaml' }), told);
    expect(await mapped.directory.countAccounts()).toBe(1);
    await mapped.close();
  });

  it('voids approvals when its mapping changes by one byte', async () => {
    const mapped = await openDirectory(configWith({ ALLCLEAR_DIRECTORY_MAPPING: 'directory.yaml' }), told);
    await mapped.close();
    const versions = ['', mapped.definition, `${mapped.definition} `].map(readCodeVersion);
    expect(new Set(versions).size).toBe(3);
  });

  it('is what a running installation goes by, its mapping included', async () => {
    const mapping = join(folder, 'running.yaml');
    await writeFile(mapping, writeMapping(await shop.propose('direct')));
    const log = makeLogger({ name: 'test', level: 'fatal', destination: { write: () => undefined } });
    const config = configWith({
      ALLCLEAR_DIRECTORY_MAPPING: mapping,
      ALLCLEAR_HOME: join(folder, 'running'),
      DATABASE_URL: await postgres.freshDatabase(),
    });
    const versionNow = async (): Promise<string> => {
      const installation = await openInstallation(config, 'test', log);
      await installation.close();
      return installation.codeVersion;
    };
    const before = await versionNow();
    expect(await versionNow()).toBe(before);
    await appendFile(mapping, '# a remark\n');
    expect(await versionNow()).not.toBe(before);
  });

  it('is never the sample service by mistake: a mapping without an address of its tables is refused', () => {
    expect(() => configWith({ ALLCLEAR_DIRECTORY_MAPPING: 'directory.yaml', ALLCLEAR_DIRECTORY_URL: '' })).toThrow(
      'does not say where',
    );
  });

  it('is refused by name where the mapping file is not there', async () => {
    const config = configWith({ ALLCLEAR_DIRECTORY_MAPPING: 'gone.yaml' });
    await expect(openDirectory(config, told)).rejects.toThrow('ALLCLEAR_DIRECTORY_MAPPING');
  });

  it('is proved by a program that signs in, and the password is neither argument nor environment of it', async () => {
    const program = join(folder, 'sign-in.sh');
    // Lets in whoever shows the right password on stdin and nowhere else.
    const script = `#!/bin/sh
read -r line
case "$*$(env)" in *tulips*) exit 3 ;; esac
case "$line" in '{"address":"canary@example.org","password":"tulips and 9 herons"}') exit 0 ;; *) exit 1 ;; esac
`;
    await writeFile(program, script, { mode: 0o700 });
    const verbs = makeDirectoryVerbs(() =>
      configWith({ ALLCLEAR_DIRECTORY_MAPPING: 'directory.yaml', ALLCLEAR_HOME: join(folder, 'home') }),
    );
    const test = await verbs.testDirectory({
      canary: 'canary@example.org',
      password: 'tulips and 9 herons',
      signIn: program,
    });
    // This sign-in never looks at the account, and so takes a quarantined password and lets in whoever is suspended: the test has to see that.
    expect(test.checks.filter((check) => check.result === 'failed').map((check) => check.name)).toEqual([
      'the service refuses the old password',
      'the service refuses the right password of a suspended account',
    ]);
    expect(test.notes.join()).toContain('may write any hash');
  });
});
