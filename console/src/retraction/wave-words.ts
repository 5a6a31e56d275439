import { number } from '../design/words.ts';

/** More than these are counted and not named. */
const namedAtMost = 3;

/** `in one wave of 12`, `in waves of 10, 100 and 290`, `in 7 waves: 10, 100, 1,000 and larger ones`; null for none. */
export function waveWords(sizes: readonly number[]): string | null {
  const named = sizes.slice(0, namedAtMost).map(number);
  const last = named.at(-1);
  if (last === undefined) return null;
  if (sizes.length === 1) return `in one wave of ${last}`;
  if (sizes.length > namedAtMost) return `in ${number(sizes.length)} waves: ${named.join(', ')} and further ones`;
  return `in waves of ${named.slice(0, -1).join(', ')} and ${last}`;
}
