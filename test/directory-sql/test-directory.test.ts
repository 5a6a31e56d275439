import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { makeSqlDirectory } from '../../src/adapters/directory/sql/sql-directory.ts';
import type { SqlDirectory } from '../../src/adapters/directory/sql/sql-directory.ts';
import { makePasswordSchemes } from '../../src/adapters/password/password-schemes.ts';
import { makeCanaryFile } from '../../src/adapters/seal/canary-file.ts';
import { makeKeyRing } from '../../src/adapters/seal/key-ring.ts';
import { makeSeal } from '../../src/adapters/seal/seal.ts';
import { testDirectory } from '../../src/app/directory/test-directory.ts';
import type { TestDirectoryDeps } from '../../src/app/directory/test-directory.ts';
import type { Directory } from '../../src/app/ports/directory.ts';
import { Failure } from '../../src/domain/shared/failure.ts';
import type { AccountId } from '../../src/domain/shared/ids.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { openShop } from './shop.ts';
import type { Shop } from './shop.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

const address = 'canary@example.org';
const password = 'tulips and 9 herons';
const request = { canary: address, password, restorePoint: 8_000_000_000_000_001 };

describe('a test of a live directory', () => {
  const postgres = withTestPostgres();
  let shop: Shop;
  let directory: SqlDirectory;
  let canary: AccountId;
  let hash: string | null;
  let folder: string;
  let path: string;

  beforeAll(async () => {
    folder = makeTempFolder('canary');
    path = join(folder, 'directory-test.json');
    shop = await openShop(await postgres.freshDatabase());
    canary = await shop.signUp({ address, password });
    hash = await shop.storedHash(canary);
    const { mapping, sql } = await shop.propose('functions');
    await shop.pool.query(sql);
    const databaseUrl = shop.urlAs('allclear_directory');
    directory = makeSqlDirectory({ databaseUrl, name: 'shop', environment: 'test', mapping });
  });
  afterAll(async () => {
    await directory.close();
    await shop.close();
    await rm(folder, { recursive: true });
  });
  beforeEach(() => rm(path, { force: true }));

  const deps = (changes: Partial<TestDirectoryDeps> = {}): TestDirectoryDeps => ({
    directory,
    seal: makeSeal(makeKeyRing(Buffer.alloc(32, 7))),
    digests,
    schemes: makePasswordSchemes(),
    keep: makeCanaryFile(path),
    signIn: async (who, attempt) => ((await shop.signIn(who, attempt)) === null ? 'refused' : 'in'),
    ...changes,
  });
  const failedOf = (test: Awaited<ReturnType<typeof testDirectory>>) =>
    test.checks.filter((check) => check.result === 'failed').map((check) => check.name);

  it('passes on a sound one through real sign-in, and leaves the canary as it was', async () => {
    const test = await testDirectory(deps(), request);
    expect(failedOf(test)).toEqual([]);
    expect(test.checks.every((check) => check.result === 'passed')).toBe(true);
    expect(test.whole).toBe(true);
    expect(await shop.storedHash(canary)).toBe(hash);
    await expect(readFile(path)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('says what it did not try, where nobody told it how to sign in', async () => {
    const test = await testDirectory(deps({ signIn: null }), { ...request, canary, password: null });
    expect(test.whole).toBe(true);
    expect(test.checks.filter((check) => check.result === 'not-tried')).toHaveLength(7);
  });

  it.each([
    [
      'a service that signs in whoever it likes',
      { signIn: async () => 'in' as const },
      'the service refuses the marker',
    ],
    [
      'a directory that swaps without comparing',
      { quarantine: 'swapped' as const },
      'another hash than the sealed one is left alone',
    ],
    ['a directory that gives nothing back', { restore: 'changed' as const }, 'the restore gives the hash back'],
  ])('fails on %s', async (_, broken, name) => {
    const answers = (result: 'swapped' | 'changed') => async (requests: readonly { accountId: AccountId }[]) =>
      new Map(requests.map((one) => [one.accountId, result]));
    const made: Directory = {
      ...directory,
      ...('quarantine' in broken ? { quarantine: answers(broken.quarantine) } : {}),
      ...('restore' in broken ? { restore: answers(broken.restore) } : {}),
    };
    const test = await testDirectory(deps({ directory: made, ...('signIn' in broken ? broken : {}) }), request);
    expect(test.whole).toBe(false);
    expect(failedOf(test)).toContain(name);
    // Where the way back was broken the copy is still there, and the next test gives the canary its hash.
    expect((await testDirectory(deps(), request)).whole).toBe(true);
    expect(await shop.storedHash(canary)).toBe(hash);
  });

  it('that was cut off after the swap is put right by the next one', async () => {
    const cut: Directory = {
      ...directory,
      restore: async () => {
        throw new Failure('directory-unavailable', 'the line dropped');
      },
    };
    await testDirectory(deps({ directory: cut }), request).catch(() => undefined);
    expect(await shop.storedHash(canary)).not.toBe(hash);
    expect(await readFile(path, 'utf8')).not.toContain(hash);
    const other: Directory = { ...directory, name: 'another' };
    await expect(testDirectory(deps({ directory: other }), request)).rejects.toMatchObject({ code: 'conflict' });
    const next = await testDirectory(deps(), { ...request, restorePoint: request.restorePoint + 7 });
    expect(next.whole).toBe(true);
    expect(await shop.storedHash(canary)).toBe(hash);
  });

  it('takes nothing away while its copy is not safe', async () => {
    const keep = { ...makeCanaryFile(path), save: () => Promise.reject(new Error('disk full')) };
    await expect(testDirectory(deps({ keep }), request)).rejects.toThrow('disk full');
    expect(await shop.storedHash(canary)).toBe(hash);
  });

  it('does not begin over a copy that it cannot read, nor on an account that is nobody or has no password', async () => {
    await writeFile(path, 'torn');
    await expect(testDirectory(deps(), request)).rejects.toMatchObject({ code: 'seal-broken' });
    await rm(path);
    await expect(testDirectory(deps(), { ...request, canary: 'nobody@example.org' })).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(testDirectory(deps(), { ...request, canary: '' })).rejects.toMatchObject({ code: 'nothing-selected' });
    await shop.signUp({ address: 'bare@example.org', password: null });
    await expect(testDirectory(deps(), { ...request, canary: 'bare@example.org' })).rejects.toMatchObject({
      code: 'nothing-selected',
    });
    expect(await shop.storedHash(canary)).toBe(hash);
  });
});
