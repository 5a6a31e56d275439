import { lowerRateBound, upperRateBound } from './binomial.ts';

export interface Counted {
  readonly hits: number;
  readonly of: number;
}

/**
 * The one-sided lower bound of `weight` x (rate of a) - (rate of b), from the exact one-sided bounds of either rate put
 * together by their squares (Zou and Donner, Statistics in Medicine 27, 2008: MOVER; with Wilson's bounds it is method 10
 * of Newcombe, Statistics in Medicine 17, 1998). -1 where either group has nobody: then nothing is known.
 */
export function lowerDifferenceBound(a: Counted, b: Counted, confidence: number, weight = 1): number {
  if (a.of === 0 || b.of === 0) return -1;
  const rateA = a.hits / a.of;
  const rateB = b.hits / b.of;
  const below = weight * (rateA - lowerRateBound(a.hits, a.of, confidence));
  const above = upperRateBound(b.hits, b.of, confidence) - rateB;
  return weight * rateA - rateB - Math.hypot(below, above);
}
