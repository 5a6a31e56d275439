/** A repeatable stream of random numbers. Never for secrets: whoever knows the seed knows every draw. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform integer in [0, bound). */
  below(bound: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** Fisher-Yates, on a copy. */
  shuffle<T>(items: readonly T[]): T[];
  /** `length` symbols of 0-9A-Za-z, the alphabet of better-auth's ids. */
  text(length: number): string;
}

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** First outputs of sfc32 still show the seed; its author (PractRand) discards 12, we discard a few more. */
const warmUpDraws = 20;

/**
 * sfc32 (Chris Doty-Humphrey, PractRand), keyed by a seed and the name of a stream: draws added to one stream never move
 * another, so that adding a trait to the population leaves its passwords as they were.
 */
export function makeRandom(seed: number, stream: string): Random {
  let a = 0x9e3779b9 ^ seed;
  let b = 0x243f6a88;
  let c = 0xb7e15162;
  let counter = 1;
  for (let i = 0; i < stream.length; i += 1) {
    b = Math.imul(b ^ stream.charCodeAt(i), 0x01000193);
    c = Math.imul(c ^ (b >>> 13), 0x85ebca6b);
  }

  function next(): number {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 4_294_967_296;
  }
  for (let i = 0; i < warmUpDraws; i += 1) next();

  function below(bound: number): number {
    return Math.floor(next() * bound);
  }

  return {
    next,
    below,
    chance: (probability) => next() < probability,
    pick(items) {
      if (items.length === 0) throw new RangeError('nothing to pick from');
      return items[below(items.length)]!;
    },
    shuffle(items) {
      const shuffled = [...items];
      for (let i = shuffled.length - 1; i > 0; i -= 1) {
        const j = below(i + 1);
        [shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!];
      }
      return shuffled;
    },
    text(length) {
      let text = '';
      for (let i = 0; i < length; i += 1) text += alphabet[below(alphabet.length)];
      return text;
    },
  };
}
