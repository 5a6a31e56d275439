import { verify } from '@node-rs/argon2';
import type { StoredHashScheme } from './stored-hash.ts';

/** PHC string of argon2id (RFC 9106), with or without its version. */
const shape = /^\$argon2id\$(?:v=\d+\$)?m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+$/;

export const argon2id: StoredHashScheme = {
  name: 'argon2id',
  fits: (storedHash) => shape.test(storedHash),
  async verify(password, storedHash) {
    if (!shape.test(storedHash)) return false;
    try {
      return await verify(storedHash, password);
    } catch {
      // The library throws on parameters that no argon2id has (a salt of two bytes, no lanes).
      return false;
    }
  },
  // 19 MiB, two passes, one lane: the first recommendation of OWASP's password storage sheet.
  sample: `$argon2id$v=19$m=19456,t=2,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`,
};
