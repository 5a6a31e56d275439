import { populationDomains } from '../chirp/population/addresses.ts';
import { familyNames, givenNames } from '../chirp/population/names.ts';
import { frequentPasswords } from '../chirp/population/password-pool.ts';
import type { Random } from '../chirp/random.ts';

const foreignDomains = ['mail.test', 'web.test', 'post.invalid', 'box.invalid', 'old.example', 'free.example'];

/** Without what CSV would have to quote: noise is written as it stands. */
const plainPasswords = frequentPasswords.filter((password) => !/[",]/.test(password));

/** People who have no account at Chirp. Each address has an `_`, which no address of a population has. */
export interface Strangers {
  address(): string;
  /** Frequent ones as often as leaks show them (Zipf). */
  password(): string;
}

export function makeStrangers(random: Random): Strangers {
  const domains = [...foreignDomains, ...foreignDomains, ...populationDomains];
  const given = Object.values(givenNames).flatMap((names) => names.map((name) => name.ascii.toLowerCase()));
  const family = Object.values(familyNames).flatMap((names) => names.map((name) => name.ascii.toLowerCase()));
  const spread = Math.log(plainPasswords.length);
  return {
    address: () => `${random.pick(given)}_${random.pick(family)}${random.below(1_000_000)}@${random.pick(domains)}`,
    password: () => plainPasswords[Math.floor(Math.exp(random.next() * spread)) - 1] ?? 'password',
  };
}
