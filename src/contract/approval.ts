import { createRoute, z } from '@hono/zod-openapi';
import { isDecision } from '../domain/approval/approval-statement.ts';
import type { ApprovalSubject, Decision } from '../domain/approval/approval-statement.ts';
import { answers, takes } from './answers.ts';
import { browserOptions } from './browser-answer.ts';
import { needs } from './declare-route.ts';
import { instant, typedTotal } from './typed-ids.ts';

const approvedId = z
  .string()
  .regex(/^(plan|retraction|operator|loss)_[1-9][0-9]{0,15}$/, 'is no plan, retraction, operator or loss')
  .transform((text) => text as ApprovalSubject)
  .openapi({ description: 'What people say yes to.', example: 'plan_81' });

const decision = z
  .string()
  .max(600)
  .refine(isDecision, 'is no decision')
  .transform((text) => text as Decision)
  .describe(
    '`approve`, `resume-epoch-N`, `resume-epoch-N-over-...`, `add-operator`, `suspend-operator` or `accept-loss`.',
  );

export const approvalRoutes = {
  options: createRoute({
    ...needs('approval.give', {
      word: 'approval',
      problems: [
        'not-found',
        'conflict',
        'digest-mismatch',
        'total-mismatch',
        'author-cannot-approve',
        'already-approved',
        'needs-review',
        'review-wrong',
      ],
    }),
    method: 'post',
    path: '/api/v1/approvals/options',
    summary: 'The text to say yes to with a passkey, and what the browser asks for',
    description:
      'The same RFC 8785 text that a key signs; the challenge is its SHA-256, so that the passkey signs exactly this. Send both to the approvals of the plan, retraction or loss, or to the decisions about the operator. Refused where that yes would be.',
    request: {
      body: takes(
        z.object({
          kind: z.enum(['plan', 'retraction', 'operator', 'loss']),
          subject: approvedId,
          digest: z.string().regex(/^[0-9a-f]{64}$/, 'is no digest: 64 hex digits'),
          total: typedTotal.describe('As the person typed it; 1 for an operator.'),
          decision,
        }),
        { kind: 'plan', subject: 'plan_81', digest: '9f2c'.repeat(16), total: 1_204, decision: 'approve' },
      ),
    },
    responses: answers(
      'The statement, and options for `navigator.credentials.get()`',
      z.object({ statement: z.string(), publicKey: browserOptions }),
    ),
  }),
  export: createRoute({
    ...needs('ledger.verify', {
      word: 'approval',
      command: 'allclear ledger approvals plan_81',
      problems: ['not-found'],
    }),
    method: 'get',
    path: '/api/v1/approvals/{subject}',
    summary: 'Every yes to a plan, a retraction, a loss or about a person, with all that it is verified with',
    description:
      'Entries of the ledger as they stand there. `tools/verify-approvals.mjs` verifies them without a server.',
    request: { params: z.object({ subject: approvedId }) },
    responses: answers(
      'Entries in the order of the ledger',
      z.object({
        entries: z
          .array(
            z.object({
              seq: z.number(),
              at: instant,
              event: z.string(),
              body: z.record(z.string(), z.unknown()),
              hash: z.string(),
            }),
          )
          .readonly(),
      }),
    ),
  }),
};
