import { pbkdf2, timingSafeEqual } from 'node:crypto';
import type { StoredHashScheme } from './stored-hash.ts';

/** `pbkdf2_sha256$iterations$salt$base64`: PBKDF2-HMAC-SHA256 (RFC 8018 section 5.2), 32 bytes, the salt as text. */
const shape = /^pbkdf2_sha256\$([1-9]\d{0,9})\$([^$]+)\$([A-Za-z0-9+/]{43}=)$/;
const keyBytes = 32;
/** The largest count that Node takes. */
const maxIterations = 2 ** 31 - 1;

export const pbkdf2Django: StoredHashScheme = {
  name: 'pbkdf2-django',
  fits: (storedHash) => shape.test(storedHash),
  verify(password, storedHash) {
    const match = shape.exec(storedHash);
    if (match === null) return Promise.resolve(false);
    const [, count, salt, key] = match as unknown as [string, string, string, string];
    const iterations = Number(count);
    if (iterations > maxIterations) return Promise.resolve(false);
    return new Promise((resolve, reject) => {
      pbkdf2(password, salt, iterations, keyBytes, 'sha256', (error, derived) => {
        if (error === null) resolve(timingSafeEqual(derived, Buffer.from(key, 'base64')));
        else reject(error);
      });
    });
  },
  // Django 5's default count.
  sample: `pbkdf2_sha256$1000000$${'0'.repeat(22)}$${'A'.repeat(43)}=`,
};
