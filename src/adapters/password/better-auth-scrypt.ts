import { scrypt, timingSafeEqual } from 'node:crypto';
import type { StoredHashScheme } from './stored-hash.ts';

/** better-auth's own parameters (`@better-auth/utils/password`): scrypt as of RFC 7914. */
const cost = { N: 16_384, r: 16, p: 1 } as const;
const keyBytes = 64;
const maxmem = 128 * cost.N * cost.r * 2;
const shape = /^([0-9a-f]{32}):([0-9a-f]{128})$/;

/** `salt:key`, both hex; the salt that goes into scrypt is the hex text itself. Passwords are compared in NFKC. */
export const betterAuthScrypt: StoredHashScheme = {
  name: 'better-auth-scrypt',
  fits: (storedHash) => shape.test(storedHash),
  verify(password, storedHash) {
    const match = shape.exec(storedHash);
    if (match === null) return Promise.resolve(false);
    const [, salt, key] = match as unknown as [string, string, string];
    return new Promise((resolve, reject) => {
      scrypt(password.normalize('NFKC'), salt, keyBytes, { ...cost, maxmem }, (error, derived) => {
        if (error === null) resolve(timingSafeEqual(derived, Buffer.from(key, 'hex')));
        else reject(error);
      });
    });
  },
  sample: `${'0'.repeat(32)}:${'0'.repeat(128)}`,
};
