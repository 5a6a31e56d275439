import { wordList } from './word-list.ts';

const wordCount = 6;
const wordBits = 11n;
/** The first 68 bits hold the 66 that are said. */
const hexDigits = 17;
const spareBits = 2n;

/**
 * The first 66 bits of a digest as six words, for two people who compare it by voice. Whoever wants another plan to sound
 * the same has to try some 2^66 of them; who approves still types or checks the digest itself. `hex`: 64 digits.
 */
export function digestWords(hex: string): string {
  if (!/^[0-9a-f]{64}$/.test(hex)) throw new Error('a digest is 64 lower-case hex digits');
  let bits = BigInt(`0x${hex.slice(0, hexDigits)}`) >> spareBits;
  const words: string[] = [];
  for (let left = wordCount; left > 0; left -= 1) {
    words.unshift(wordList[Number(bits % (1n << wordBits))] ?? '');
    bits >>= wordBits;
  }
  return words.join(' ');
}
