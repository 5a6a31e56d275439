import { createRoute, z } from '@hono/zod-openapi';
import type { PlanHeader } from '../domain/plan/frozen-plan.ts';
import { answers, streams, takes } from './answers.ts';
import { nextCursor, pageQuery } from './page.ts';
import { signedStatement } from './operator.ts';
import { shownPlan } from './plan-view.ts';
import { batchId, instant, planId, typedTotal } from './typed-ids.ts';

/** One plan rests on a handful of lists; each is read whole. */
const maxBatches = 20;

export const planHeader = z.custom<PlanHeader>().openapi({ type: 'object', description: 'What two people say yes to' });

export const frozenPlan = z.object({
  id: z.string(),
  digest: z.string(),
  total: z.number(),
  header: planHeader,
});

export type FrozenPlanAnswer = z.infer<typeof frozenPlan>;

const planParams = z.object({ plan: planId });

const rehearsal = z.object({
  plan: z.string(),
  to: z.string(),
  mails: z
    .array(z.object({ kind: z.string(), language: z.string(), subject: z.string(), outcome: z.string() }))
    .readonly(),
  accepted: z.number(),
});

export const approvalTaken = z.object({ decision: z.string(), expiresAt: instant });

export const planRoutes = {
  draft: createRoute({
    method: 'post',
    path: '/api/v1/plans',
    summary: 'Draws up and freezes a plan; it acts on nobody',
    request: {
      body: takes(
        z.object({
          evidence: z.array(batchId).min(1, 'names no batch; a plan rests on evidence').max(maxBatches),
          action: z.literal('reset'),
          notice: z.string().min(1).max(100),
          pace: z.enum(['standard', 'sample']).nullable().default(null),
          order: z.enum(['interlocked', 'contain-first']).default('interlocked'),
          budget: z.enum(['normal', 'attack']).default('normal'),
        }),
      ),
    },
    responses: streams('Accounts placed so far, then the frozen plan or a problem'),
  }),
  list: createRoute({
    method: 'get',
    path: '/api/v1/plans',
    summary: 'Plans, newest first',
    request: { query: pageQuery },
    responses: answers(
      'Plans',
      z.object({
        plans: z
          .array(
            z.object({
              id: z.string(),
              digest: z.string(),
              total: z.number(),
              directory: z.string(),
              createdAt: instant,
            }),
          )
          .readonly(),
        next: nextCursor,
      }),
    ),
  }),
  show: createRoute({
    method: 'get',
    path: '/api/v1/plans/{plan}',
    summary: 'Everything that a person needs before saying yes; no address is in it',
    request: { params: planParams },
    responses: answers('Counts, lanes, exclusions, a sample, risks, budgets and approvals', shownPlan),
  }),
  /** A POST: each reading is an entry of the ledger, and a GET changes nothing. */
  export: createRoute({
    method: 'post',
    path: '/api/v1/plans/{plan}/exports',
    summary: 'Everything that the digest is over, line by line; no address is in it',
    request: { params: planParams },
    responses: streams('The header, every target by ordinal, every exclusion'),
  }),
  rehearse: createRoute({
    method: 'post',
    path: '/api/v1/plans/{plan}/rehearsals',
    summary: 'Sends the mails of the plan to an operator, by the transport that knows no holder',
    request: { params: planParams, body: takes(z.object({ to: z.string().min(3).max(254) })) },
    responses: answers('What was sent', rehearsal),
  }),
  approve: createRoute({
    method: 'post',
    path: '/api/v1/plans/{plan}/approvals',
    summary: 'A signed yes to exactly this plan, or to resuming it as it stands',
    request: { params: planParams, body: takes(signedStatement) },
    responses: answers('The yes, recorded', approvalTaken),
  }),
  start: createRoute({
    method: 'post',
    path: '/api/v1/plans/{plan}/rollout',
    summary: 'Starts the tracks of an approved plan',
    request: { params: planParams, body: takes(z.object({ total: typedTotal })) },
    responses: answers('The rollout', z.object({ rolloutNo: z.number() })),
  }),
};
