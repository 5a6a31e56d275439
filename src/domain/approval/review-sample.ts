import type { PlanLimits } from '../plan/limits.ts';

/** What each approver has to look at before a yes to the plan counts. */
export type ReviewNeed =
  | { readonly kind: 'none' }
  | { readonly kind: 'all'; readonly targets: number }
  /** `clean`: so many, spread over the groups of the plan, plus what rounding up adds; see `allocateReview`. */
  | { readonly kind: 'sampled'; readonly clean: number };

/** Up to here looking at all is two hours of one person, and leaves nothing to a bound. */
const reviewAllUpTo = 500;
/** Above this a rate of 5 % would be thousands of people wrongly hit, so both reviews together prove 1 %. */
const largePlanAbove = 100_000;
const approvers = 2;

/** Whatever is not known to need none needs one: a word that this version does not know is no way around it. */
export function reviewNeeded(
  limits: Pick<PlanLimits, 'review' | 'reviewClean' | 'reviewCleanLarge'>,
  total: number,
): ReviewNeed {
  if (limits.review === 'none') return { kind: 'none' };
  const isCounted = limits.reviewClean >= 1 && limits.reviewCleanLarge >= 1;
  if (limits.review === 'all' || total <= reviewAllUpTo || !isCounted) return { kind: 'all', targets: total };
  const large = Math.ceil(limits.reviewCleanLarge / approvers);
  const clean = total > largePlanAbove ? Math.max(limits.reviewClean, large) : limits.reviewClean;
  return { kind: 'sampled', clean };
}

/**
 * How many of each group are drawn: its share of `clean`, rounded up, so that no group is left out. With at least
 * clean * N(group) / N of every group, the chance that a plan with a share p of wrong targets shows none is at most
 * (1 - p)^clean, however the wrong ones lie (the logarithm is concave), as for a plain draw of `clean`.
 */
export function allocateReview(sizes: ReadonlyMap<string, number>, clean: number): ReadonlyMap<string, number> {
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  return new Map([...sizes].map(([group, size]) => [group, Math.min(size, Math.ceil((clean * size) / total))]));
}

export interface DrawableTarget {
  readonly ordinal: number;
  /** Source, class and lane: targets that are wrong together are wrong for one of these. */
  readonly group: string;
  /** SHA-256 over the key of the draw and the account: nobody's choice. */
  readonly sortKey: string;
}

export interface ReviewDraw {
  add(target: DrawableTarget): void;
  /** Ordinals, ascending. */
  drawn(): readonly number[];
}

/** Draws from a plan that is read once, page by page, in memory that grows with the groups and not with the plan. */
export function makeReviewDraw(clean: number): ReviewDraw {
  const sizes = new Map<string, number>();
  const smallest = new Map<string, DrawableTarget[]>();
  const keep = (kept: readonly DrawableTarget[], count: number): DrawableTarget[] =>
    kept.toSorted((left, right) => (left.sortKey < right.sortKey ? -1 : 1)).slice(0, count);
  return {
    add(target) {
      sizes.set(target.group, (sizes.get(target.group) ?? 0) + 1);
      const kept = smallest.get(target.group) ?? [];
      kept.push(target);
      // No group is ever asked for more than all that are drawn.
      smallest.set(target.group, kept.length >= 2 * clean ? keep(kept, clean) : kept);
    },
    drawn() {
      const wanted = allocateReview(sizes, clean);
      return [...smallest]
        .flatMap(([group, kept]) => keep(kept, wanted.get(group) ?? 0))
        .map((target) => target.ordinal)
        .toSorted((left, right) => left - right);
    },
  };
}
