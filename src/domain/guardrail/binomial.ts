/**
 * Exact binomial tails, so that a gate's verdict is arithmetic that anyone can repeat. By the regularised incomplete beta
 * function (DLMF 8.17): P(X >= k) for X ~ Bin(n, p) is I_p(k, n - k + 1).
 */

/** The fraction converges in O(sqrt(n)) steps: this is enough beyond 10^9 people, and a fault beyond it. */
const FRACTION_STEPS_MAX = 200_000;
/** Halving [0, 1] this often leaves less than the spacing of doubles near the bounds that gates compare. */
const BISECTION_STEPS = 60;

/** P(X >= successes) where X counts successes of `trials` at probability `rate`. */
export function binomialTail(successes: number, trials: number, rate: number): number {
  mustBeCounts(successes, trials);
  if (successes === 0) return 1;
  if (rate <= 0) return 0;
  if (rate >= 1) return 1;
  return incompleteBeta(rate, successes, trials - successes + 1);
}

/**
 * The lower bound of a one-sided Clopper-Pearson interval: the smallest rate at which so many successes are not yet
 * surprising at the given confidence. 0 when there were none.
 */
export function lowerRateBound(successes: number, trials: number, confidence: number): number {
  mustBeCounts(successes, trials);
  if (successes === 0) return 0;
  const surprise = 1 - confidence;
  return smallestRate((rate) => binomialTail(successes, trials, rate) >= surprise);
}

/**
 * The upper bound of a one-sided Clopper-Pearson interval: a larger rate would have shown more successes with at least
 * the given confidence. Of 59 trials without one it is 4.95 % at 0.95. 1 where every trial was a success.
 */
export function upperRateBound(successes: number, trials: number, confidence: number): number {
  mustBeCounts(successes, trials);
  if (successes === trials) return 1;
  return smallestRate((rate) => binomialTail(successes + 1, trials, rate) >= confidence);
}

/**
 * The least count of `trials` whose lower bound at `confidence` is above `rate`; null where not even all of them is
 * enough. The bound grows with the count, so it is found by halving.
 */
export function hitsToExceed(trials: number, rate: number, confidence: number): number | null {
  const exceeds = (count: number): boolean => binomialTail(count, trials, rate) < 1 - confidence;
  if (trials === 0 || !exceeds(trials)) return null;
  let within = 0;
  let above = trials;
  while (above - within > 1) {
    const middle = Math.floor((within + above) / 2);
    if (exceeds(middle)) above = middle;
    else within = middle;
  }
  return above;
}

/** The smallest rate in [0, 1] that satisfies a condition which, once true, stays true as the rate grows. */
export function smallestRate(holds: (rate: number) => boolean): number {
  let below = 0;
  let above = 1;
  for (let step = 0; step < BISECTION_STEPS; step += 1) {
    const middle = (below + above) / 2;
    if (holds(middle)) above = middle;
    else below = middle;
  }
  return above;
}

function mustBeCounts(successes: number, trials: number): void {
  const whole = Number.isSafeInteger(successes) && Number.isSafeInteger(trials);
  if (!whole || successes < 0 || successes > trials) {
    throw new RangeError(`${successes} of ${trials} is not a count of successes`);
  }
}

function incompleteBeta(x: number, a: number, b: number): number {
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  // The fraction converges fast below the mean; above it the mirror image does (DLMF 8.17.4).
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(x, a, b)) / a : 1 - (front * betaFraction(1 - x, b, a)) / b;
}

/** The continued fraction of DLMF 8.17.22 by the modified Lentz method. */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const away = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= FRACTION_STEPS_MAX; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) return fraction;
  }
  throw new Error('the incomplete beta function did not converge');
}

/** Stirling's series (DLMF 5.11.1) after shifting the argument up to where its sixth term is below 1e-16. */
function logGamma(x: number): number {
  let shifted = x;
  let product = 1;
  while (shifted < 12) {
    product *= shifted;
    shifted += 1;
  }
  const inverse = 1 / shifted;
  const square = inverse * inverse;
  const series =
    inverse *
    (1 / 12 -
      square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square * (1 / 1188 - (square * 691) / 360360)))));
  return (shifted - 0.5) * Math.log(shifted) - shifted + 0.5 * Math.log(2 * Math.PI) + series - Math.log(product);
}
