import { hash as argon2Hash, verify as argon2Verify } from '@node-rs/argon2';
import { hash as bcryptHash } from '@node-rs/bcrypt';
import { expect, test } from 'vitest';
import { makePasswordHasher } from '../../src/adapters/password/password-hasher.ts';
import { makePasswordSchemes } from '../../src/adapters/password/password-schemes.ts';
import { Failure } from '../../src/domain/shared/failure.ts';

const hasher = makePasswordHasher();
const schemes = makePasswordSchemes();
const password = 'wandering ötters 9';

test('a new hash is of the scheme of the old one, salted anew, and opens with the new password only', async () => {
  const olds = [
    `${'0'.repeat(32)}:${'0'.repeat(128)}`,
    await argon2Hash('old', { memoryCost: 20_480, timeCost: 2, parallelism: 1 }),
    await bcryptHash('old', 10),
    `pbkdf2_sha256$600000$${'0'.repeat(22)}$${'A'.repeat(43)}=`,
  ];
  for (const old of olds) {
    const made = await hasher.hash(password, old);
    expect(schemes.schemeOf(made)).toBe(schemes.schemeOf(old));
    expect(await schemes.verify(password, made)).toBe(true);
    expect(await schemes.verify('old', made)).toBe(false);
    expect(await hasher.hash(password, old)).not.toBe(made);
  }
}, 30_000);

test('a cost that was low is raised, and one that was high is kept', async () => {
  expect(await hasher.hash(password, await bcryptHash('old', 4))).toMatch(/^\$2[aby]\$10\$/);
  expect(await hasher.hash(password, `$2y$${(await bcryptHash('old', 11)).slice(4)}`)).toMatch(/^\$2y\$11\$/);
  const weak = await argon2Hash('old', { memoryCost: 1_024, timeCost: 1, parallelism: 1 });
  const made = await hasher.hash(password, weak);
  expect(made).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await argon2Verify(made, password)).toBe(true);
});

test('nothing new is put under MD5, and what bcrypt would cut off is known before', () => {
  expect(() => hasher.hash(password, `$P$B${'.'.repeat(30)}`)).toThrow(Failure);
  expect(hasher.longestBytes(`$2b$10$${'.'.repeat(53)}`)).toBe(72);
  expect(hasher.longestBytes(`${'0'.repeat(32)}:${'0'.repeat(128)}`)).toBeNull();
});
