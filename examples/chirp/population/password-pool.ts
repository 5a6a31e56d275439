import { dictionary } from '@zxcvbn-ts/language-common';
import { makeRandom } from '../random.ts';

/** Real passwords by how often leaks hold them, most frequent first: Mark Burnett's list, as zxcvbn ships it. */
export const frequentPasswords: readonly string[] = dictionary['passwords-common'];

/** better-auth's own minimum. */
const shortestPassword = 8;

const listedCount = 96;

/** Half of them from the head of the list, where most people are; the rest spread over its tail. */
const headCount = 48;

/** Fixed, so that every population shares one set of hashes: each hash costs about 70 ms. */
const poolSeed = 2014;

/** Passwords of people who chose well. Separators of leaked lists, quotes and blanks are inside on purpose. */
const writtenStrong: readonly string[] = [
  'kettle:orbit:sandal-19',
  'vier;Regenbogen;Pfeife',
  'luna|pozo|ciruela|77',
  'paper, lantern, tram 5',
  'He said "no" 4 times',
  "d'Artagnan's 3rd horse",
  'Größe-Übermut-ß-1998',
  'corazón de piña ñandú',
  'さくら咲く春の朝2020',
  '東京タワー・夜景・333',
  'https-is-not:a-password',
  'me@home-is-a:password',
];

const strongAlphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789:;|,!?#%&*+=';
const randomStrongCount = 12;
const randomStrongLength = 16;

function makePool(): readonly string[] {
  const random = makeRandom(poolSeed, 'password-pool');
  const eligible = frequentPasswords.filter((password) => password.length >= shortestPassword);
  const listed = new Set(eligible.slice(0, headCount));
  // Ends: each turn draws from far more passwords than are wanted.
  while (listed.size < listedCount) listed.add(eligible[headCount + random.below(eligible.length - headCount)]!);

  const generated = Array.from({ length: randomStrongCount }, () => {
    const inner = Array.from(
      { length: randomStrongLength - 2 },
      () => strongAlphabet[random.below(strongAlphabet.length)],
    );
    // A letter at both ends: a separator there would make the line itself ambiguous.
    return `k${inner.join('')}Z`;
  });
  return [...listed, ...writtenStrong, ...generated];
}

/** Every password that an account of a population has or had; accounts name them by index. */
export const passwordPool: readonly string[] = makePool();

/** How many of the pool, from the start, are frequent ones. */
export const listedInPool = listedCount;

/** Whether better-auth takes `typed` for `stored`: it compares after NFKC (Unicode Standard Annex 15), and only so. */
export function isSamePassword(typed: string, stored: string): boolean {
  return typed === stored || typed.normalize('NFKC') === stored.normalize('NFKC');
}
