import type { ReviewNeed } from '../../domain/approval/review-sample.ts';
import { upperRateBound } from '../../domain/guardrail/binomial.ts';

const confidence = 0.95;

/** What a review without a wrong target proves about the whole plan, and what it does not. */
export function provedBy(need: ReviewNeed, total: number): string {
  switch (need.kind) {
    case 'none':
      return 'This plan asks for no review: its environment is the sample.';
    case 'all':
      return `All ${need.targets} targets are looked at: nothing is left to chance.`;
    case 'sampled':
      return `${need.clean} of ${total} drawn by chance and none wrong: at most ${boundOf(need.clean)} of the plan is wrong, at 95 % confidence. Fewer wrong ones than that stay unseen.`;
  }
}

/** What several people's clean draws prove together: each draw is independent of the others. */
export function provedTogether(need: ReviewNeed, cleanReviewers: number): string | null {
  if (need.kind !== 'sampled' || cleanReviewers < 2) return null;
  return `${cleanReviewers} clean draws of ${need.clean}: at most ${boundOf(cleanReviewers * need.clean)} of the plan is wrong, at 95 % confidence.`;
}

function boundOf(clean: number): string {
  return `${(upperRateBound(0, clean, confidence) * 100).toFixed(1)} %`;
}
