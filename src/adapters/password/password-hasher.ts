import { pbkdf2, randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { hash as hashArgon2 } from '@node-rs/argon2';
import { hash as hashBcrypt } from '@node-rs/bcrypt';
import type { PasswordHasher } from '../../app/ports/password-hasher.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { argon2id } from './argon2id.ts';
import { bcrypt } from './bcrypt.ts';
import { betterAuthScrypt } from './better-auth-scrypt.ts';
import { pbkdf2Django } from './pbkdf2-django.ts';

type Make = (password: string, like: string) => Promise<string>;

/** Below these nothing new is written, whatever the old hash was made with (OWASP's password storage sheet). */
const least = { bcryptCost: 10, argon2Kb: 19_456, argon2Passes: 2, pbkdf2Rounds: 600_000 } as const;
/** bcrypt looks at no more of a password; what lies beyond would protect nothing. */
const bcryptBytes = 72;
/** A stored hash is the service's own, and its cost is too: this only keeps one odd row from holding a core for minutes. */
const most = {
  bcryptCost: 15,
  argon2Kb: 1_048_576,
  argon2Passes: 20,
  argon2Lanes: 16,
  pbkdf2Rounds: 5_000_000,
} as const;

const deriveScrypt = promisify<string, string, number, object, Buffer>(scrypt);
const derivePbkdf2 = promisify(pbkdf2);

/** Each in the very form that `verify` of the same scheme reads. phpass is not here: nothing new is put under MD5. */
const makers: readonly (readonly [{ fits(storedHash: string): boolean }, Make])[] = [
  [
    betterAuthScrypt,
    async (password) => {
      const salt = randomBytes(16).toString('hex');
      const cost = { N: 16_384, r: 16, p: 1 };
      const key = await deriveScrypt(password.normalize('NFKC'), salt, 64, {
        ...cost,
        maxmem: 128 * cost.N * cost.r * 2,
      });
      return `${salt}:${key.toString('hex')}`;
    },
  ],
  [
    argon2id,
    (password, like) => {
      const [, memory, passes, lanes] = /m=(\d+),t=(\d+),p=(\d+)/.exec(like) ?? [];
      return hashArgon2(password, {
        // argon2id is the library's own default; a test holds it to that.
        memoryCost: between(Number(memory), least.argon2Kb, most.argon2Kb),
        timeCost: between(Number(passes), least.argon2Passes, most.argon2Passes),
        parallelism: between(Number(lanes), 1, most.argon2Lanes),
      });
    },
  ],
  [
    bcrypt,
    async (password, like) => {
      const made = await hashBcrypt(password, between(Number(like.slice(4, 6)), least.bcryptCost, most.bcryptCost));
      // For up to 72 bytes the letters name the same function; a service may read only its own.
      return `${like.slice(0, 4)}${made.slice(4)}`;
    },
  ],
  [
    pbkdf2Django,
    async (password, like) => {
      const rounds = between(Number(like.split('$')[1]), least.pbkdf2Rounds, most.pbkdf2Rounds);
      const salt = randomBytes(16).toString('hex');
      const key = await derivePbkdf2(password, salt, rounds, 32, 'sha256');
      return `pbkdf2_sha256$${rounds}$${salt}$${key.toString('base64')}`;
    },
  ],
];

export function makePasswordHasher(): PasswordHasher {
  return {
    hash(password, like) {
      const maker = makers.find(([scheme]) => scheme.fits(like));
      if (maker === undefined)
        throw new Failure(
          'usage',
          'A new password cannot be written in the form in which this directory keeps them. Send holders to the service’s own page: ALLCLEAR_RECOVERY=link.',
        );
      return maker[1](password, like);
    },
    longestBytes: (like) => (bcrypt.fits(like) ? bcryptBytes : null),
  };
}

function between(value: number, low: number, high: number): number {
  return Number.isSafeInteger(value) ? Math.min(Math.max(value, low), high) : low;
}
