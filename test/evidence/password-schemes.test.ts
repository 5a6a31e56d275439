import { hashPassword } from 'better-auth/crypto';
import { describe, expect, it } from 'vitest';
import { makePasswordSchemes } from '../../src/adapters/password/password-schemes.ts';

/**
 * Each vector was made by means that share no code with ours: scrypt, pbkdf2 and phpass by Python's hashlib (phpass
 * written from the description of its format), bcrypt by libxcrypt through Python's crypt, argon2id by OpenSSL through
 * node:crypto. The first phpass vector is the one that phpass' own test.php checks.
 */
const vectors: readonly (readonly [scheme: string, password: string, stored: string])[] = [
  [
    'better-auth-scrypt',
    'correct horse',
    '00112233445566778899aabbccddeeff:13af89ff6a88bb0fb3277e79ba724c6c0731b15919ca892969d63abd1534b867d110179e3bc8af39995ede0f9b2ac14b2b97573df10ba3802c498dbeb61e4f64',
  ],
  [
    'better-auth-scrypt',
    '\ufb01ancé №5',
    '0f1e2d3c4b5a69788796a5b4c3d2e1f0:f24f64b76a72f2d76c210952ee75432697a696fe6ab5c7d6b3221a7999bfd8acd9f016d36b1034430a9e28cb1b9af36c4c29793ebbbd12707bb9f0c33571e7c5',
  ],
  [
    'argon2id',
    'correct horse',
    '$argon2id$v=19$m=256,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$BaW4fpaHKjCZWAGDYdvtrxLvSh/SRTUPoEiB6ytkbCs',
  ],
  ['bcrypt', 'correct horse', '$2a$05$abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs.NLUTJO3lOy2'],
  ['bcrypt', 'correct horse', '$2b$05$abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs.NLUTJO3lOy2'],
  ['bcrypt', 'correct horse', '$2y$05$abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs.NLUTJO3lOy2'],
  ['bcrypt', 'пароль', '$2b$04$......................ZyU.8W1HLXcxB/B3PMsDtCb.NMFo30S'],
  ['pbkdf2-django', 'correct horse', 'pbkdf2_sha256$20000$seasalt$PDreldzwYPOpKh3xbyyZ9btv0tSDrxWG54nNT3muDYs='],
  ['phpass', 'test12345', '$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0'],
  ['phpass', 'correct horse', '$P$BIQRaTwmfpCdQxqeNiYfaO/e9GxLrV.'],
  ['phpass', 'пароль', '$H$9abcdefghAGPChBqGTKoJILUtIy0xY/'],
];

const schemes = makePasswordSchemes();

describe('password schemes', () => {
  it.each(vectors)('%s takes the right password and no other', async (scheme, password, stored) => {
    expect(schemes.schemeOf(stored)).toBe(scheme);
    expect(await schemes.verify(password, stored)).toBe(true);
    expect(await schemes.verify(`${password} `, stored)).toBe(false);
    expect(await schemes.verify('', stored)).toBe(false);
  });

  it('agrees with the hash that better-auth itself makes', async () => {
    const stored = await hashPassword('a real one');
    expect(await schemes.verify('a real one', stored)).toBe(true);
    expect(await schemes.verify('another', stored)).toBe(false);
  });

  it('compares bcrypt by its first 72 bytes, as the services that use it do', async () => {
    const stored = '$2b$05$abcdefghijklmnopqrstuujf8SX2ahXLwp9w/B.Y5XdysS6yR576q';
    expect(await schemes.verify('x'.repeat(72), stored)).toBe(true);
    expect(await schemes.verify(`${'x'.repeat(72)}and more`, stored)).toBe(true);
    expect(await schemes.verify('x'.repeat(71), stored)).toBe(false);
  });

  it.each([
    '',
    'plaintext',
    ':',
    'salt:key',
    '$2b$05$short',
    '$2b$99$abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs.NLUTJO3lOy2',
    '$argon2id$v=19$m=1,t=0,p=0$AA$AA',
    '$argon2i$v=19$m=256,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$BaW4fpaHKjCZWAGDYdvtrxLvSh',
    'pbkdf2_sha256$0$salt$PDreldzwYPOpKh3xbyyZ9btv0tSDrxWG54nNT3muDYs=',
    '$P$.IQRaTwmfpCdQxqeNiYfaO/e9GxLrV.',
    'allclear-q1$7$deadbeef:-',
  ])('a stored credential that is no hash (%s) verifies nothing', async (stored) => {
    expect(await schemes.verify('correct horse', stored)).toBe(false);
    expect(await schemes.verify('', stored)).toBe(false);
    expect(await schemes.verify(stored, stored)).toBe(false);
  });

  it('knows what a verification costs before it is paid', async () => {
    expect(await schemes.secondsPerVerification('better-auth-scrypt')).toBeGreaterThan(0);
    expect(await schemes.secondsPerVerification('phpass')).toBeGreaterThan(0);
    expect(await schemes.secondsPerVerification('unheard-of')).toBe(0);
  });
});
