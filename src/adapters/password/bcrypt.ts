import { verify } from '@node-rs/bcrypt';
import type { StoredHashScheme } from './stored-hash.ts';

const shape = /^\$2[aby]\$(?:0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}$/;

/** bcrypt looks at the first 72 bytes of a password only; that is what the services that use it do, so we do too. */
export const bcrypt: StoredHashScheme = {
  name: 'bcrypt',
  fits: (storedHash) => shape.test(storedHash),
  async verify(password, storedHash) {
    if (!shape.test(storedHash)) return false;
    try {
      return await verify(password, storedHash);
    } catch {
      // The library throws where the last digit carries bits that no 16-byte salt or 23-byte digest has.
      return false;
    }
  },
  sample: `$2b$10$${'.'.repeat(53)}`,
};
