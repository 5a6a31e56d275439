import { createHash } from 'node:crypto';
import { passwordOf, type Person } from '../chirp/population/ground-truth.ts';
import { frequentPasswords, isSamePassword, passwordPool } from '../chirp/population/password-pool.ts';
import type { Random } from '../chirp/random.ts';
import { lookAlikeOf, upperCaseAscii, variantOf } from './near-addresses.ts';

/** Lines about Chirp's accounts. Only `right` can name a password that works today (and `former`, `wrong` never do). */
export const accountLineKinds = [
  'right',
  'former',
  'wrong',
  'passwordless',
  'look-alike',
  'near-address',
  'broken-password',
  'hash-of-right',
] as const;
export type AccountLineKind = (typeof accountLineKinds)[number];

export interface AccountLine {
  readonly kind: AccountLineKind;
  /** The account that the address names as the directory compares it; null for a look-alike or a variant. */
  readonly accountId: string | null;
  /** As the list writes it. */
  readonly address: string;
  readonly password: string;
  /** A byte that no reader may drop stands in the middle of the password: 0xff (never UTF-8) or NUL. */
  readonly brokenBy: number | null;
  /** Whether this password opens this account today. */
  readonly works: boolean;
}

/** Shares of the accounts that a list names; each account is in one group, so that a false hit is seen at once. */
export interface AccountShares {
  /** Current password. */
  readonly right: number;
  /** A password that the account had before. */
  readonly former: number;
  /** A password that it never had. */
  readonly wrong: number;
  /** Of the passwordless accounts. */
  readonly passwordless: number;
  /** Each of: look-alike address, variant of the address, broken password, hash; all with the right password. */
  readonly trap: number;
}

export const defaultShares: AccountShares = { right: 0.02, former: 0.02, wrong: 0.03, passwordless: 0.25, trap: 0.004 };

const upperCaseShare = 0.15;
const otherFormShare = 0.05;
const repeatedShare = 0.2;
const mostRepeats = 3;
const alsoWrongShare = 0.2;

/** Lists name mostly strangers: at most this share of the lines is about Chirp's accounts. */
const mostAccountLines = 0.4;
const linesPerAccount = 1.7;

function fullwidth(password: string): string {
  return password.replaceAll(/[!-~]/g, (symbol) => String.fromCharCode(symbol.charCodeAt(0) + 0xff01 - 0x21));
}

function otherPassword(person: Person, random: Random): string {
  const current = passwordOf(person);
  const drawn = random.pick(frequentPasswords);
  return current !== null && isSamePassword(drawn, current) ? `${drawn}1` : drawn;
}

function passwordFor(kind: AccountLineKind, person: Person, random: Random): string {
  const current = passwordOf(person);
  switch (kind) {
    case 'former':
      return passwordPool[person.formerPasswordIndex ?? -1] ?? otherPassword(person, random);
    case 'wrong':
    case 'passwordless':
      return otherPassword(person, random);
    case 'hash-of-right':
      return createHash('md5')
        .update(current ?? '')
        .digest('hex');
    case 'right':
      // Written otherwise in Unicode, and yet the same to better-auth.
      return random.chance(otherFormShare) ? fullwidth(current ?? '').normalize('NFD') : (current ?? '');
    default:
      return current ?? '';
  }
}

function addressFor(kind: AccountLineKind, person: Person, random: Random): string {
  if (kind === 'look-alike') return lookAlikeOf(person.address, random);
  if (kind === 'near-address') return variantOf(person.address);
  return random.chance(upperCaseShare) ? upperCaseAscii(person.address) : person.address;
}

function makeLine(kind: AccountLineKind, person: Person, random: Random): AccountLine {
  const current = passwordOf(person);
  const password = passwordFor(kind, person, random);
  const isStranger = kind === 'look-alike' || kind === 'near-address';
  const brokenBy = kind === 'broken-password' ? random.pick([0xff, 0x00]) : null;
  return {
    kind,
    accountId: isStranger ? null : person.accountId,
    address: addressFor(kind, person, random),
    password,
    brokenBy,
    works: !isStranger && brokenBy === null && current !== null && isSamePassword(password, current),
  };
}

/** One of each rare kind comes first, so that even a short list names them. */
function rareFirst(people: readonly Person[]): readonly Person[] {
  const first = [people.find((person) => person.business), people.find((person) => !person.addressConfirmed)];
  const rare = new Set(first.filter((person) => person !== undefined));
  return [...rare, ...people.filter((person) => !rare.has(person))];
}

/** Every line about an account, in random order; at least one of each kind while there are accounts for it. */
export function planAccountLines(
  people: readonly Person[],
  shares: AccountShares,
  listLines: number,
  random: Random,
): readonly AccountLine[] {
  const addresses = new Set(people.map((person) => person.address));
  const passwordless = random.shuffle(people.filter((person) => person.passwordIndex === null));
  const withPassword = rareFirst(random.shuffle(people.filter((person) => person.passwordIndex !== null)));

  const wanted =
    withPassword.length * (shares.right + shares.former + shares.wrong + 4 * shares.trap) +
    passwordless.length * shares.passwordless;
  const scale = Math.min(1, (mostAccountLines * listLines) / Math.max(1, wanted * linesPerAccount));

  const lines: AccountLine[] = [];
  function take(kind: AccountLineKind, group: Person[], share: number, of: number): void {
    if (share <= 0) return;
    const count = Math.max(1, Math.round(of * share * scale));
    for (const person of group.splice(0, count)) {
      const line = makeLine(kind, person, random);
      // Somebody else may really have that variant of the address: then it is no trap.
      if (line.accountId === null && addresses.has(line.address)) continue;
      lines.push(line);
      if (random.chance(repeatedShare)) {
        for (let repeats = random.below(mostRepeats); repeats >= 0; repeats -= 1) lines.push(line);
      }
      if (kind === 'right' && random.chance(alsoWrongShare)) lines.push(makeLine('wrong', person, random));
    }
  }

  const rest = [...withPassword];
  const of = withPassword.length;
  take('right', rest, shares.right, of);
  take('look-alike', rest, shares.trap, of);
  take('near-address', rest, shares.trap, of);
  take('broken-password', rest, shares.trap, of);
  take('hash-of-right', rest, shares.trap, of);
  take('wrong', rest, shares.wrong, of);
  const formers = rest.filter((person) => person.formerPasswordIndex !== null);
  take('former', formers, shares.former, of);
  take('passwordless', passwordless, shares.passwordless, passwordless.length);
  return random.shuffle(lines);
}
