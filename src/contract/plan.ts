import { createRoute, z } from '@hono/zod-openapi';
import { suspensionDaysMax, suspensionDaysStandard, suspensionReasons } from '../domain/plan/suspension-terms.ts';
import type { PlanHeader } from '../domain/plan/frozen-plan.ts';
import { answers, streams, takes } from './answers.ts';
import { needs } from './declare-route.ts';
import { signedExample, signedStatement } from './operator.ts';
import { nextCursor, pageQuery } from './page.ts';
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
    ...needs('plan.draft', {
      word: 'plan',
      command: 'allclear plan draft --evidence batch_7 --action reset --notice password-reset',
      problems: [
        'not-found',
        'nothing-selected',
        'weak-evidence',
        'budget-exceeded',
        'guardrail-failed',
        'environment-mismatch',
        'conflict',
        'template-unfit',
        'directory-unavailable',
      ],
    }),
    method: 'post',
    path: '/api/v1/plans',
    summary: 'Draws up and freezes a plan',
    description: 'It acts on nobody. The last line holds the plan with its digest: that is what people say yes to.',
    request: {
      body: takes(
        z.object({
          evidence: z
            .array(batchId)
            .min(1, 'names no batch; a plan rests on evidence')
            .max(maxBatches)
            .describe('The batches that it rests on.'),
          action: z.enum(['reset', 'suspend']).describe('What is done to the accounts.'),
          notice: z.string().min(1).max(100).describe('The template of the notice.'),
          pace: z.enum(['standard', 'sample']).nullable().default(null).describe('Null: as the environment has it.'),
          order: z
            .enum(['interlocked', 'contain-first'])
            .default('interlocked')
            .describe('Whether each wave is told before the next is contained.'),
          budget: z.enum(['normal', 'attack']).default('normal').describe('How many people it may act on.'),
          suspension: z
            .object({
              reason: z
                .enum(suspensionReasons)
                .describe('What the holder is told; there are words of our own for each.'),
              days: z
                .number()
                .int()
                .min(1)
                .max(suspensionDaysMax)
                .default(suspensionDaysStandard)
                .describe('After how many days each suspension lapses by itself.'),
            })
            .nullable()
            .default(null)
            .describe('With the action suspend, and with no other.'),
        }),
        { evidence: ['batch_7'], action: 'reset', notice: 'password-reset' },
      ),
    },
    responses: streams('Accounts placed so far, then the frozen plan or a problem'),
  }),
  list: createRoute({
    ...needs('plan.read', { word: 'plan', command: 'allclear plan list' }),
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
              action: z.enum(['reset', 'suspend']),
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
    ...needs('plan.read', { word: 'plan', command: 'allclear plan show plan_81', problems: ['not-found'] }),
    method: 'get',
    path: '/api/v1/plans/{plan}',
    summary: 'Everything that a person needs before saying yes',
    description:
      'Counts, lanes, exclusions with their reasons, a sample, risks, budgets and who said yes. No address is in it.',
    request: { params: planParams },
    responses: answers('Counts, lanes, exclusions, a sample, risks, budgets and approvals', shownPlan),
  }),
  export: createRoute({
    ...needs('plan.export', { word: 'plan', command: 'allclear plan export plan_81', problems: ['not-found'] }),
    method: 'post',
    path: '/api/v1/plans/{plan}/exports',
    summary: 'Everything that the digest is over, line by line',
    description: 'Account ids and no address. A POST, because each reading is an entry of the ledger.',
    request: { params: planParams },
    responses: streams('The header, every target by ordinal, every exclusion'),
  }),
  rehearse: createRoute({
    ...needs('plan.rehearse', {
      word: 'plan',
      command: 'allclear plan rehearse plan_81 --to ada@example.org',
      problems: ['not-found', 'template-unfit', 'mailer-unavailable'],
    }),
    method: 'post',
    path: '/api/v1/plans/{plan}/rehearsals',
    summary: 'Sends every mail of the plan to an operator',
    description: 'By a transport that knows no holder: the address has to be that of an operator.',
    request: {
      params: planParams,
      body: takes(z.object({ to: z.string().min(3).max(254).describe("An operator's address.") }), {
        to: 'ada@example.org',
      }),
    },
    responses: answers('What was sent', rehearsal),
  }),
  approve: createRoute({
    ...needs('approval.give', {
      word: 'plan',
      command: 'allclear plan approve plan_81 --digest D --total 412 --key FILE --yes',
      problems: [
        'not-found',
        'signature-invalid',
        'digest-mismatch',
        'total-mismatch',
        'approval-expired',
        'author-cannot-approve',
        'already-approved',
        'environment-mismatch',
        'conflict',
      ],
    }),
    method: 'post',
    path: '/api/v1/plans/{plan}/approvals',
    summary: 'A signed yes to exactly this plan, or to resuming it as it stands',
    description: 'Compute the digest yourself from the export before you sign; the command line does.',
    request: { params: planParams, body: takes(signedStatement, signedExample) },
    responses: answers('The yes, recorded', approvalTaken),
  }),
  start: createRoute({
    ...needs('rollout.start', {
      word: 'plan',
      command: 'allclear rollout start plan_81 --yes --total 412',
      problems: [
        'not-found',
        'needs-approval',
        'total-mismatch',
        'code-drift',
        'environment-mismatch',
        'template-unfit',
        'conflict',
      ],
    }),
    method: 'post',
    path: '/api/v1/plans/{plan}/rollout',
    summary: 'Starts an approved plan',
    description: 'Two people have to have said yes to this very digest within a day.',
    request: { params: planParams, body: takes(z.object({ total: typedTotal }), { total: 412 }) },
    responses: answers('The rollout', z.object({ rolloutNo: z.number() })),
  }),
};
