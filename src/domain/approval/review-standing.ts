import type { OperatorId } from '../shared/ids.ts';
import type { ReviewNeed } from './review-sample.ts';

/** `right`: the plan may do this to this account. `wrong` is a finding about the plan; `cannot-tell` is not clean. */
export const reviewVerdicts = ['right', 'wrong', 'cannot-tell'] as const;
export type ReviewVerdict = (typeof reviewVerdicts)[number];

export interface ReviewedTarget {
  readonly ordinal: number;
  /** Null until it was judged. */
  readonly verdict: ReviewVerdict | null;
}

/** Where one person's review of a plan stands. Only `clean` and `not-needed` let a yes count. */
export type ReviewStanding =
  | { readonly kind: 'not-needed' }
  | { readonly kind: 'not-begun' }
  | { readonly kind: 'open'; readonly left: number }
  | { readonly kind: 'unclear'; readonly count: number }
  | { readonly kind: 'wrong'; readonly count: number }
  | { readonly kind: 'clean'; readonly reviewed: number };

/** `drawn` is null before the reviewer's targets were drawn. A wrong one outweighs whatever is still open. */
export function standingOf(need: ReviewNeed, drawn: readonly ReviewedTarget[] | null): ReviewStanding {
  if (need.kind === 'none') return { kind: 'not-needed' };
  if (drawn === null) return { kind: 'not-begun' };
  const count = (verdict: ReviewVerdict | null): number => drawn.filter((one) => one.verdict === verdict).length;
  if (count('wrong') > 0) return { kind: 'wrong', count: count('wrong') };
  const needed = need.kind === 'all' ? need.targets : need.clean;
  const left = Math.max(count(null), needed - drawn.length);
  if (left > 0) return { kind: 'open', left };
  if (count('cannot-tell') > 0) return { kind: 'unclear', count: count('cannot-tell') };
  return { kind: 'clean', reviewed: drawn.length };
}

/** What a reviewer's yes stands on; the `review` of the statement is SHA-256 over its RFC 8785 text. */
export function reviewRecord(
  planDigest: string,
  reviewer: OperatorId,
  drawn: readonly ReviewedTarget[],
): Readonly<Record<string, unknown>> {
  const verdicts = drawn.map((one) => [one.ordinal, one.verdict]).toSorted(([a], [b]) => Number(a) - Number(b));
  return { plan: planDigest, reviewer, verdicts };
}
