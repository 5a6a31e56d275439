import { expect, test } from 'vitest';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { digestWords } from '../../src/domain/approval/digest-words.ts';
import { wordList } from '../../src/domain/approval/word-list.ts';

test('no two words of the list begin alike, and their order is what it was', () => {
  expect(wordList.length).toBe(2_048);
  expect(new Set(wordList.map((word) => word.slice(0, 4))).size).toBe(2_048);
  expect(wordList.filter((word) => !/^[a-z]{3,8}$/.test(word))).toEqual([]);
  expect(wordList.toSorted()).toEqual(wordList);
  // People wrote words down: a list in another order would read as another plan.
  expect(digests.sha256(wordList.join(' '))).toBe('c6de0b746aaa34af7494bfd630a84238211217756c38a3d1f0c58bd61049c290');
});

test('a digest is said in six words, and one that differs in its first 66 bits in others', () => {
  expect(digestWords('0'.repeat(64))).toBe(Array.from({ length: 6 }, () => wordList[0]).join(' '));
  expect(digestWords('f'.repeat(64))).toBe(Array.from({ length: 6 }, () => wordList[2_047]).join(' '));
  const digest = digests.sha256('plan');
  const said = digestWords(digest).split(' ');
  expect(said.length).toBe(6);
  const bits = BigInt(`0x${digest}`);
  for (let bit = 0n; bit < 66n; bit += 1n) {
    const other = (bits ^ (1n << (255n - bit))).toString(16).padStart(64, '0');
    const differing = digestWords(other)
      .split(' ')
      .filter((word, place) => word !== said[place]);
    expect(differing.length, `bit ${bit}`).toBe(1);
  }
});

test('what is no digest has no words', () => {
  for (const text of ['', 'f'.repeat(63), 'F'.repeat(64), 'g'.repeat(64)]) expect(() => digestWords(text)).toThrow();
});
