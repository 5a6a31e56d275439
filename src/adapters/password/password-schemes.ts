import { performance } from 'node:perf_hooks';
import type { PasswordSchemes } from '../../app/ports/password-scheme.ts';
import { argon2id } from './argon2id.ts';
import { bcrypt } from './bcrypt.ts';
import { betterAuthScrypt } from './better-auth-scrypt.ts';
import { pbkdf2Django } from './pbkdf2-django.ts';
import { phpass } from './phpass.ts';
import type { StoredHashScheme } from './stored-hash.ts';

const schemes: readonly StoredHashScheme[] = [betterAuthScrypt, argon2id, bcrypt, pbkdf2Django, phpass];

/** The first run warms up native code and thread pool; the median of the next three is near enough for an estimate. */
const measuredRuns = 3;

/** The schemes of the directories that Allclear knows. No stored hash fits two of them. */
export function makePasswordSchemes(): PasswordSchemes {
  const measured = new Map<string, Promise<number>>();
  const fitting = (storedHash: string) => schemes.find((scheme) => scheme.fits(storedHash));
  return {
    schemeOf: (storedHash) => fitting(storedHash)?.name ?? null,
    async verify(password, storedHash) {
      return (await fitting(storedHash)?.verify(password, storedHash)) ?? false;
    },
    secondsPerVerification(name) {
      const scheme = schemes.find((one) => one.name === name);
      if (scheme === undefined) return Promise.resolve(0);
      const seconds = measured.get(name) ?? measure(scheme);
      measured.set(name, seconds);
      return seconds;
    },
  };
}

async function measure(scheme: StoredHashScheme): Promise<number> {
  await scheme.verify('', scheme.sample);
  const seconds: number[] = [];
  for (let run = 0; run < measuredRuns; run += 1) {
    const before = performance.now();
    await scheme.verify('', scheme.sample);
    seconds.push((performance.now() - before) / 1_000);
  }
  return seconds.toSorted((a, b) => a - b)[Math.floor(measuredRuns / 2)] as number;
}
