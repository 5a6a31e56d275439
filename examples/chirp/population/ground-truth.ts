import type { Language } from '../languages.ts';
import { makeRandom, type Random } from '../random.ts';
import { makeAddress, makeInternationalAddress, numberedAddress } from './addresses.ts';
import { familyNames, givenNames } from './names.ts';
import { listedInPool, passwordPool } from './password-pool.ts';

/** One account holder and what is true of the account. Never the password itself: `passwordPool[passwordIndex]`. */
export interface Person {
  /** `user.id` of better-auth. */
  readonly accountId: string;
  /** As stored: lower-cased. */
  readonly address: string;
  readonly name: string;
  readonly language: Language;
  readonly business: boolean;
  readonly staff: boolean;
  readonly addressConfirmed: boolean;
  readonly addressChangedAt: Date | null;
  /** Null: signs in by a foreign provider, has no credential. */
  readonly passwordIndex: number | null;
  /** A password that this account had before; it never equals the current one. */
  readonly formerPasswordIndex: number | null;
  readonly createdAt: Date;
  readonly passwordSetAt: Date;
  readonly liveSessions: number;
}

export interface GroundTruth {
  readonly seed: number;
  readonly size: number;
  readonly people: readonly Person[];
}

export const defaultPopulation = { size: 12_000, seed: 7 } as const;

/** Shares of the whole population; each is met to the nearest person, not by chance. */
export const populationShares = {
  language: { en: 0.55, de: 0.2, es: 0.15, ja: 0.1 },
  business: 0.02,
  staff: 0.002,
  passwordless: 0.04,
  unconfirmed: 0.03,
  /** Among the passwordless. */
  internationalAddress: 0.05,
  addressChanged: 0.05,
  hadAnotherPassword: 0.5,
  signedIn: 0.3,
  /** Among those with a password: one from the frequency list rather than a strong one. */
  frequentPassword: 0.75,
} as const;

/** All of the population's past ends here, so that the same seed gives the same rows on any day. */
const presentMs = Date.UTC(2026, 0, 1);
const openedMs = Date.UTC(2019, 2, 1);
const mostSessions = 3;

/** `size` answers, exactly the given share of them true, in random order. */
function spread(random: Random, size: number, share: number): readonly boolean[] {
  const count = Math.round(size * share);
  return random.shuffle(Array.from({ length: size }, (_, index) => index < count));
}

function spreadLanguages(random: Random, size: number): readonly Language[] {
  const shares = populationShares.language;
  const bounds: readonly [Language, number][] = [
    ['de', shares.de],
    ['es', shares.es],
    ['ja', shares.ja],
  ];
  const drawn = bounds.flatMap(([language, share]) => Array.from({ length: Math.round(size * share) }, () => language));
  const rest = Array.from({ length: Math.max(0, size - drawn.length) }, (): Language => 'en');
  return random.shuffle([...drawn, ...rest]);
}

function between(random: Random, fromMs: number, toMs: number): Date {
  return new Date(fromMs + Math.floor(random.next() * (toMs - fromMs)));
}

/** Frequent passwords by Zipf's law, as leaks show them: the second is chosen half as often as the first. */
function drawPassword(random: Random): number {
  if (!random.chance(populationShares.frequentPassword)) {
    return listedInPool + random.below(passwordPool.length - listedInPool);
  }
  return Math.min(listedInPool - 1, Math.floor(listedInPool ** random.next()) - 1);
}

function drawOtherPassword(random: Random, current: number | null): number {
  const drawn = random.below(passwordPool.length);
  return drawn === current ? (drawn + 1) % passwordPool.length : drawn;
}

function freeAddress(taken: Set<string>, wanted: string): string {
  // Ends: a population holds fewer than `taken.size + 1` numbers of one name.
  for (let number = 1; ; number += 1) {
    const address = (number === 1 ? wanted : numberedAddress(wanted, number)).toLowerCase();
    if (!taken.has(address)) {
      taken.add(address);
      return address;
    }
  }
}

/** The whole population, without any database: the same seed and size give the same people, byte for byte. */
export function groundTruth(seed: number, size: number): GroundTruth {
  const names = makeRandom(seed, 'names');
  const ids = makeRandom(seed, 'ids');
  const passwords = makeRandom(seed, 'passwords');
  const times = makeRandom(seed, 'times');
  const traits = makeRandom(seed, 'traits');

  const languages = spreadLanguages(traits, size);
  const business = spread(traits, size, populationShares.business);
  const staff = spread(traits, size, populationShares.staff);
  const passwordless = spread(traits, size, populationShares.passwordless);
  const unconfirmed = spread(traits, size, populationShares.unconfirmed);
  const international = spread(traits, size, populationShares.internationalAddress);
  const addressChanged = spread(traits, size, populationShares.addressChanged);
  const hadAnother = spread(traits, size, populationShares.hadAnotherPassword);
  const signedIn = spread(traits, size, populationShares.signedIn);

  const taken = new Set<string>();
  const people = languages.map((language, index): Person => {
    const isStaff = staff[index] === true;
    const hasPassword = isStaff || passwordless[index] !== true;
    const given = names.pick(givenNames[language]);
    const family = names.pick(familyNames[language]);
    const typed = makeAddress(names, language, given, family);
    const wanted = !hasPassword && international[index] === true ? makeInternationalAddress(given, family) : typed;

    const createdAt = between(times, openedMs, presentMs);
    const passwordIndex = hasPassword ? drawPassword(passwords) : null;
    const formerPasswordIndex = drawOtherPassword(passwords, passwordIndex);
    const keepsFormer = hasPassword && hadAnother[index] === true;
    const laterThan = between(times, createdAt.getTime(), presentMs);
    return {
      accountId: ids.text(32),
      address: freeAddress(taken, wanted),
      name: language === 'ja' ? `${family.shown} ${given.shown}` : `${given.shown} ${family.shown}`,
      language,
      business: !isStaff && business[index] === true,
      staff: isStaff,
      addressConfirmed: isStaff || unconfirmed[index] !== true,
      addressChangedAt: addressChanged[index] === true ? between(times, createdAt.getTime(), presentMs) : null,
      passwordIndex,
      formerPasswordIndex: keepsFormer ? formerPasswordIndex : null,
      createdAt,
      passwordSetAt: keepsFormer ? laterThan : createdAt,
      liveSessions: signedIn[index] === true ? 1 + traits.below(mostSessions) : 0,
    };
  });
  return { seed, size, people };
}

/** The account's password in plain text, null for the passwordless. For ground truth in memory: never write it anywhere. */
export function passwordOf(person: Person): string | null {
  return person.passwordIndex === null ? null : (passwordPool[person.passwordIndex] ?? null);
}
