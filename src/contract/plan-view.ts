import { z } from '@hono/zod-openapi';
import type { PlanHeader } from '../domain/plan/frozen-plan.ts';
import { shownReviews } from './review.ts';
import { counts, instant } from './typed-ids.ts';

export const laneWords = z.object({ why: z.string(), does: z.string(), owner: z.string(), clock: z.string() });

export const shownApprovals = z.object({
  given: z
    .array(z.object({ operator: z.string(), name: z.string(), givenAt: instant, until: instant, holds: z.boolean() }))
    .readonly(),
  have: z.number(),
  required: z.number(),
  until: instant.nullable(),
});

export type ShownApprovalsAnswer = z.infer<typeof shownApprovals>;

const budget = z.object({
  name: z.string(),
  limit: z.number(),
  used: z.number(),
  asked: z.number(),
  over: z.number(),
});

/** A part of the frozen header as it stands there. */
function headerPart<Part extends 'limits' | 'waves' | 'templates'>() {
  return z.custom<PlanHeader[Part]>().openapi({ type: 'object' });
}

export const shownPlan = z.object({
  plan: z.string(),
  digest: z.string(),
  digestWords: z.string().describe('Its first 66 bits in six words, to be compared by voice.'),
  author: z.string(),
  createdAt: instant,
  directory: z.string(),
  environment: z.string(),
  action: z.string(),
  suspension: z
    .object({ reason: z.string(), days: z.number(), words: z.string() })
    .nullable()
    .describe('Why and for how long; null unless the plan suspends.'),
  codeVersion: z.string(),
  batches: z.array(z.string()).readonly(),
  counts: z.object({
    total: z.number(),
    told: z.number(),
    quarantined: z.number(),
    suspended: z.number(),
    sessionsOnly: z.number(),
    excluded: z.number(),
    evidence: z.number(),
    control: z.number().describe('Unaffected look-alikes whose sign-ins are counted beside those of the targets.'),
  }),
  lanes: z
    .array(laneWords.extend({ lane: z.string(), count: z.number(), told: z.number(), reasons: counts }))
    .readonly(),
  exclusions: z.array(z.object({ reason: z.string(), words: z.string(), count: z.number() })).readonly(),
  sample: z
    .array(
      z.object({
        accountId: z.string(),
        ordinal: z.number(),
        lane: z.string(),
        effect: z.string(),
        told: z.boolean(),
        language: z.string().nullable(),
        reason: z.string(),
        evidence: z.array(z.object({ class: z.string(), source: z.string(), state: z.string() })).readonly(),
      }),
    )
    .readonly(),
  difference: z.object({ previous: z.string(), added: z.number(), removed: z.number(), kept: z.number() }).nullable(),
  risks: z.array(z.object({ risk: z.string(), count: z.number(), words: z.string() })).readonly(),
  cannotBeUndone: z.array(z.string()).readonly(),
  lastRestoreAt: instant.nullable(),
  budgets: z.array(budget).readonly().nullable(),
  limits: headerPart<'limits'>(),
  waves: headerPart<'waves'>(),
  templates: headerPart<'templates'>(),
  review: shownReviews,
  approvals: shownApprovals,
  started: z.boolean(),
});

export type ShownPlanAnswer = z.infer<typeof shownPlan>;
