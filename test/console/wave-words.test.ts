import { expect, it } from 'vitest';
import { waveWords } from '../../console/src/retraction/wave-words.ts';

it.each<[readonly number[], string | null]>([
  [[], null],
  [[12], 'in one wave of 12'],
  [[10, 7], 'in waves of 10 and 7'],
  [[10, 100, 1_290], 'in waves of 10, 100 and 1,290'],
  [[10, 100, 1_000, 5_000, 9], 'in 5 waves: 10, 100, 1,000 and further ones'],
])('a retraction is started in the words of its own waves: %j', (sizes, words) => {
  expect(waveWords(sizes)).toBe(words);
});
