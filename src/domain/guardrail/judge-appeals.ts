import { lowerRateBound } from './binomial.ts';

/** Decided appeals of one rollout about what one rule of one source said. Each account counts once. */
export interface AppealTally {
  readonly source: string;
  /** Null where the source names no rule: then the source itself is judged. */
  readonly rule: string | null;
  readonly granted: number;
  readonly decided: number;
}

/**
 * A granted appeal is no press of a button: a person looked and found that we were wrong. One or two are the errors that every
 * rule makes; from three on a pattern can be told from them.
 */
export const leastGranted = 3;
/**
 * Where a rule is right, holders who appeal anyway are mostly wrong: one in five granted is far more than that leaves room for.
 * Judged by the one-sided 95 % lower bound, so that three of three, four of seven or five of ten are beyond it. It is looked at
 * after every decision; a rule of which one appeal in twenty is rightly granted gets there in fewer than one rollout in a
 * hundred (test/guardrail/judge-appeals.test.ts), and a halt costs a look by two people.
 */
export const grantedShareMax = 0.2;
const confidence = 0.95;

export type AppealVerdict =
  | { readonly kind: 'pass'; readonly granted: number; readonly decided: number }
  | { readonly kind: 'fail'; readonly worst: AppealTally; readonly shareAtLeast: number };

/** Whether granted appeals say that a rule which the rollout acts on is wrong. */
export function judgeAppeals(tallies: readonly AppealTally[]): AppealVerdict {
  let failed: { readonly worst: AppealTally; readonly shareAtLeast: number } | null = null;
  for (const tally of tallies) {
    if (tally.granted < leastGranted || tally.granted > tally.decided) continue;
    const shareAtLeast = lowerRateBound(tally.granted, tally.decided, confidence);
    if (shareAtLeast > grantedShareMax && shareAtLeast > (failed?.shareAtLeast ?? 0))
      failed = { worst: tally, shareAtLeast };
  }
  if (failed !== null) return { kind: 'fail', ...failed };
  const sum = (of: 'granted' | 'decided'): number => tallies.reduce((total, tally) => total + tally[of], 0);
  return { kind: 'pass', granted: sum('granted'), decided: sum('decided') };
}
