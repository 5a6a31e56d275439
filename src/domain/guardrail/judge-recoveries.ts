import { binomialTail, smallestRate } from './binomial.ts';
import { lowerDifferenceBound } from './rate-difference.ts';

/** Who signed in within one stretch of time: people of a wave after they were contained, and people of the control group. */
export interface SignInTally {
  readonly people: number;
  readonly signedIn: number;
  readonly control: number;
  readonly controlSignedIn: number;
}

export interface RecoveryLimits {
  /** Hold when surely fewer than this share of the control group's rate came back. */
  readonly signInShareLeast: number;
  /** A wave is looked at so many times; together they are wrong no more often than one look of another gate. */
  readonly looks: number;
}

/** What the gate could have seen at all, stated with every verdict. */
export interface RecoveryPower {
  /** It holds where no more than so many came back; null where not even nobody would make it hold. */
  readonly holdsAtMost: number | null;
  /** The smallest gap below the control group's rate, as it was seen, that holds in nine of ten cases; null where none does. */
  readonly smallestGapCaught: number | null;
}

export interface RecoveryVerdict {
  readonly kind: 'pass' | 'hold';
  readonly reason: 'within' | 'fewer-back' | 'cannot-tell' | 'tally-impossible';
  /** Rate of the control group less that of the wave, between these bounds, each of which is one-sided. */
  readonly gap: { readonly atLeast: number; readonly atMost: number };
  /** People short of what the control group's rate would have brought back. */
  readonly short: number;
  readonly power: RecoveryPower;
}

/** Of all looks at one wave together. */
const CONFIDENCE = 0.95;
const POWER = 0.9;

/**
 * Judges whether people who were locked out come back as unaffected people come in. Everybody of a wave has to sign in anew,
 * so where recovery works at least as many do; where it is broken nobody can, and the control group shows how many would have.
 * Small waves, and services where hardly anybody signs in, cannot tell: that passes, and says so.
 */
export function judgeRecoveries(tally: SignInTally, limits: RecoveryLimits): RecoveryVerdict {
  const { people, signedIn, control, controlSignedIn } = tally;
  const power = powerOf(tally, limits);
  const counts = [people, signedIn, control, controlSignedIn];
  const isPossible =
    counts.every((count) => Number.isSafeInteger(count) && count >= 0) &&
    signedIn <= people &&
    controlSignedIn <= control;
  if (!isPossible || people === 0 || control === 0) {
    const reason = isPossible ? 'cannot-tell' : 'tally-impossible';
    return { kind: 'pass', reason, gap: { atLeast: -1, atMost: 1 }, short: 0, power };
  }
  const each = confidenceOf(limits);
  const wave = { hits: signedIn, of: people };
  const group = { hits: controlSignedIn, of: control };
  const gap = {
    atLeast: lowerDifferenceBound(group, wave, each),
    atMost: -lowerDifferenceBound(wave, group, each),
  };
  const short = Math.max(0, Math.round((controlSignedIn / control) * people) - signedIn);
  if (lowerDifferenceBound(group, wave, each, limits.signInShareLeast) > 0)
    return { kind: 'hold', reason: 'fewer-back', gap, short, power };
  return { kind: 'pass', reason: power.holdsAtMost === null ? 'cannot-tell' : 'within', gap, short, power };
}

function confidenceOf({ looks }: RecoveryLimits): number {
  return 1 - (1 - CONFIDENCE) / Math.max(1, looks);
}

function powerOf({ people, control, controlSignedIn }: SignInTally, limits: RecoveryLimits): RecoveryPower {
  const none: RecoveryPower = { holdsAtMost: null, smallestGapCaught: null };
  const isGroup = [people, control, controlSignedIn].every((count) => Number.isSafeInteger(count) && count >= 0);
  if (!isGroup || people === 0 || control === 0 || controlSignedIn > control) return none;
  const group = { hits: controlSignedIn, of: control };
  const holds = (signedIn: number): boolean =>
    lowerDifferenceBound(group, { hits: signedIn, of: people }, confidenceOf(limits), limits.signInShareLeast) > 0;
  if (!holds(0)) return none;
  let atMost = 0;
  let above = people + 1;
  while (above - atMost > 1) {
    const middle = Math.floor((atMost + above) / 2);
    if (holds(middle)) atMost = middle;
    else above = middle;
  }
  // At this rate of the wave one more than that comes back in one of ten cases.
  const rate = smallestRate((each) => binomialTail(atMost + 1, people, each) > 1 - POWER);
  return { holdsAtMost: atMost, smallestGapCaught: Math.max(0, controlSignedIn / control - rate) };
}
