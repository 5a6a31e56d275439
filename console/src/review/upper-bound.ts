/** What is left of doubt at 95 % confidence. */
const doubt = 0.05;

/** The largest share of wrong targets that `clean` draws without a wrong one leave possible (exact binomial, one-sided). */
export function upperBound(clean: number): number {
  return 1 - doubt ** (1 / clean);
}

/** How many clean draws show that less than `share` is wrong. */
export function cleanNeededFor(share: number): number {
  return Math.ceil(Math.log(doubt) / Math.log(1 - share));
}
