import { createRoute, z } from '@hono/zod-openapi';
import type { ReviewNeed } from '../domain/approval/review-sample.ts';
import { reviewVerdicts } from '../domain/approval/review-standing.ts';
import type { ReviewStanding } from '../domain/approval/review-standing.ts';
import { answers, takes } from './answers.ts';
import { needs } from './declare-route.ts';
import { accountIdText, instant, planId } from './typed-ids.ts';

/** One page is one entry of the ledger; verdicts come back in as many requests as it takes. */
const pageMax = 100;
const verdictsMax = 1_000;

const planParams = z.object({ plan: planId });
const verdict = z.enum(reviewVerdicts);

const reviewCounts = z.object({
  drawn: z.number(),
  left: z.number(),
  right: z.number(),
  wrong: z.number(),
  'cannot-tell': z.number(),
});

const ownReview = z.object({
  plan: z.string(),
  planDigest: z.string(),
  reviewer: z.string(),
  need: z.custom<ReviewNeed>().openapi({ type: 'object' }),
  standing: z.custom<ReviewStanding>().openapi({ type: 'object' }),
  counts: reviewCounts,
  verdicts: z.array(z.object({ ordinal: z.number(), verdict: verdict.nullable() })).readonly(),
  proves: z.string(),
});

export type OwnReviewAnswer = z.infer<typeof ownReview>;

const reviewTarget = z.object({
  ordinal: z.number(),
  accountId: z.string(),
  verdict: verdict.nullable(),
  lane: z.string(),
  effect: z.string(),
  does: z.string(),
  reason: z.string(),
  told: z.boolean(),
  language: z.string().nullable(),
  addressDigest: z.string().nullable(),
  scheme: z.string().nullable(),
  credential: z.enum(['as-frozen', 'changed-since', 'none', 'unknown']),
  evidence: z
    .array(
      z.object({
        evidence: z.number(),
        batch: z.string(),
        source: z.string(),
        authority: z.string(),
        class: z.string(),
        state: z.enum(['live', 'withdrawn']),
        at: instant,
        eventId: z.string().nullable(),
        rule: z.string().nullable(),
        reason: z.string().nullable(),
        remark: z.string().nullable(),
      }),
    )
    .readonly(),
});

export type ReviewTargetAnswer = z.infer<typeof reviewTarget>;

/** Everybody's reviews of a plan, as `plan show` tells them. */
export const shownReviews = z.object({
  need: z.enum(['none', 'all', 'sampled']),
  each: z.number(),
  reviewers: z.array(z.object({ reviewer: z.string(), standing: z.string(), counts: reviewCounts })).readonly(),
  wrong: z.array(z.object({ reviewer: z.string(), ordinal: z.number(), accountId: z.string() })).readonly(),
  proves: z.string(),
});

export const reviewRoutes = {
  begin: createRoute({
    ...needs('plan.review', { word: 'plan', command: 'allclear plan review plan_81', problems: ['not-found'] }),
    method: 'post',
    path: '/api/v1/plans/{plan}/reviews',
    summary: 'Draws your own targets of a plan',
    description: 'Once; later it says where your review stands.',
    request: { params: planParams },
    responses: answers('Your review', ownReview),
  }),
  own: createRoute({
    ...needs('plan.review', { word: 'plan', command: 'allclear plan review plan_81', problems: ['not-found'] }),
    method: 'get',
    path: '/api/v1/plans/{plan}/reviews/own',
    summary: 'Where your review stands',
    description: 'With your verdicts by ordinal; no account is in it.',
    request: { params: planParams },
    responses: answers('Your review', ownReview),
  }),
  /** A POST: each reading is an entry of the ledger. */
  read: createRoute({
    ...needs('plan.review', { word: 'plan', command: 'allclear plan review plan_81', problems: ['not-found'] }),
    method: 'post',
    path: '/api/v1/plans/{plan}/reviews/own/readings',
    summary: 'Your targets with the evidence behind each',
    description: 'No address is in it.',
    request: {
      params: planParams,
      body: takes(
        z.object({
          after: z.number().int().min(0).nullable().default(null),
          limit: z.number().int().min(1).max(pageMax).default(pageMax),
          which: z.enum(['open', 'all']).default('open'),
        }),
        { after: null, limit: 20, which: 'open' },
      ),
    },
    responses: answers('Targets by ordinal', z.object({ targets: z.array(reviewTarget).readonly() })),
  }),
  judge: createRoute({
    ...needs('plan.review', {
      word: 'plan',
      command: 'allclear plan review plan_81 --verdicts FILE',
      problems: ['not-found', 'conflict'],
    }),
    method: 'post',
    path: '/api/v1/plans/{plan}/reviews/own/verdicts',
    summary: 'What you say of your targets',
    description: 'All or none of them. One that is wrong blocks the plan for everyone.',
    request: {
      params: planParams,
      body: takes(
        z.object({
          verdicts: z
            .array(z.object({ ordinal: z.number().int().min(0), accountId: accountIdText, verdict }))
            .min(1, 'holds no verdict')
            .max(verdictsMax),
        }),
        { verdicts: [{ ordinal: 4, accountId: 'u5d1c', verdict: 'right' }] },
      ),
    },
    responses: answers('Your review', ownReview),
  }),
};
