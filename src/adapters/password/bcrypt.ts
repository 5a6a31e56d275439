import { verify } from '@node-rs/bcrypt';
import type { StoredHashScheme } from './stored-hash.ts';

const shape = /^\$2[aby]\$(?:0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}$/;

/** bcrypt looks at the first 72 bytes of a password only; that is what the services that use it do, so we do too. */
export const bcrypt: StoredHashScheme = {
  name: 'bcrypt',
  fits: (storedHash) => shape.test(storedHash),
  verify: (password, storedHash) => (shape.test(storedHash) ? verify(password, storedHash) : Promise.resolve(false)),
  sample: `$2b$10$${'.'.repeat(53)}`,
};
