import { createRoute, z } from '@hono/zod-openapi';
import type { RetractionHeader } from '../domain/retraction/frozen-retraction.ts';
import { answers, streams, takes } from './answers.ts';
import { needs } from './declare-route.ts';
import { signedExample, signedStatement } from './operator.ts';
import { nextCursor, pageQuery } from './page.ts';
import { approvalTaken } from './plan.ts';
import { shownApprovals } from './plan-view.ts';
import { counts, instant, planId, retractionId, subjectId } from './typed-ids.ts';

const retractionHeader = z
  .custom<RetractionHeader>()
  .openapi({ type: 'object', description: 'What people say yes to' });

export const frozenRetraction = z.object({
  id: z.string(),
  plan: z.string(),
  digest: z.string(),
  affected: z.number(),
  header: retractionHeader,
});

const line = z.object({
  accountId: z.string(),
  ordinal: z.number(),
  decision: z.string(),
  reason: z.string(),
  owed: z.enum(['final', 'confirmed']).nullable(),
  conditional: z.boolean(),
  credential: z.string(),
  letter: z.string(),
  isTerminal: z.boolean(),
});

const action = z.enum(['reset', 'suspend']).describe('What the plan did, and this puts right.');

export const shownRetraction = z.object({
  retraction: z.string(),
  plan: z.string(),
  action,
  digest: z.string(),
  digestWords: z.string().describe('Its first 66 bits in six words, to be compared by voice.'),
  author: z.string(),
  createdAt: instant,
  affected: z.number(),
  decisions: counts,
  reasons: counts,
  approvals: shownApprovals,
  /** Accounts in each wave, as they were frozen with it. */
  waves: z.object({ restore: z.array(z.number()).readonly(), correct: z.array(z.number()).readonly() }),
  started: z.boolean(),
  tally: z.object({
    total: z.number(),
    credentials: z.record(z.string(), z.number().optional()),
    letters: z.record(z.string(), z.number().optional()),
    terminal: z.number(),
    remainder: z.number(),
  }),
  remainder: z.array(line).readonly(),
  lines: z.array(line).readonly(),
  /** Of `lines`; the remainder has a list of its own. */
  next: nextCursor,
});

const linePage = z.object({ action, lines: z.array(line).readonly(), next: nextCursor });

export type ShownRetractionAnswer = z.infer<typeof shownRetraction>;
export type RetractionLineAnswer = z.infer<typeof line>;

export const startResult = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('started'), rolloutNo: z.number() }),
  z.object({ kind: z.literal('waiting'), have: z.number(), required: z.number() }),
]);

const retractionParams = z.object({ retraction: retractionId });

const listedRetraction = z.object({
  retraction: z.string(),
  createdAt: instant,
  affected: z.number(),
  started: z.boolean(),
});

export const retractionRoutes = {
  draft: createRoute({
    ...needs('retraction.draft', {
      word: 'retraction',
      command: 'allclear retract plan_81',
      problems: ['not-found', 'not-halted', 'not-drained', 'nothing-selected'],
    }),
    method: 'post',
    path: '/api/v1/plans/{plan}/retractions',
    summary: 'Draws up and freezes what puts a plan right',
    description:
      'Derives anew, from the evidence that is left, what each account of the plan is owed. Nothing is done yet.',
    request: { params: z.object({ plan: planId }) },
    responses: answers('The retraction', frozenRetraction),
  }),
  list: createRoute({
    ...needs('retraction.read', { word: 'retraction', problems: ['not-found'] }),
    method: 'get',
    path: '/api/v1/plans/{plan}/retractions',
    summary: 'The retractions of a plan, newest first',
    description: 'None, one, or a few: after more evidence was withdrawn another one is drawn up.',
    request: { params: z.object({ plan: planId }) },
    responses: answers(
      'Retractions, whether or not they were started',
      z.object({ retractions: z.array(listedRetraction).readonly() }),
    ),
  }),
  show: createRoute({
    ...needs('retraction.read', {
      word: 'retraction',
      command: 'allclear retract show plan_81',
      problems: ['not-found'],
    }),
    method: 'get',
    path: '/api/v1/retractions/{subject}',
    summary: 'A retraction, or the newest of a plan, account by account',
    description: 'With the remainder: who is in no final state yet.',
    request: {
      params: z.object({ subject: subjectId }),
    },
    responses: answers('Decisions with their reasons', shownRetraction),
  }),
  lines: createRoute({
    ...needs('retraction.read', {
      word: 'retraction',
      command: 'allclear retract accounts retraction_4',
      problems: ['not-found'],
    }),
    method: 'get',
    path: '/api/v1/retractions/{retraction}/lines',
    summary: 'The accounts of a retraction in their frozen order',
    request: { params: retractionParams, query: pageQuery },
    responses: answers('Accounts with their decisions', linePage),
  }),
  remainder: createRoute({
    ...needs('retraction.read', {
      word: 'retraction',
      command: 'allclear retract accounts retraction_4 --left-over',
      problems: ['not-found'],
    }),
    method: 'get',
    path: '/api/v1/retractions/{retraction}/remainder',
    summary: 'Only those accounts that somebody still has to close; a page may be short before the last',
    request: { params: retractionParams, query: pageQuery },
    responses: answers('Accounts in no terminal state', linePage),
  }),
  export: createRoute({
    ...needs('plan.export', { word: 'retraction', problems: ['not-found'] }),
    method: 'post',
    path: '/api/v1/retractions/{retraction}/exports',
    summary: 'Everything that the digest of a retraction is over, line by line',
    description:
      'Account ids and no address. From it whoever says yes computes the digest on their own side. A POST, because each reading is an entry of the ledger.',
    request: { params: retractionParams },
    responses: streams('The header, then every account by ordinal'),
  }),
  approve: createRoute({
    ...needs('approval.give', {
      word: 'retraction',
      command: 'allclear retract approve retraction_4 --digest D --total 57 --key FILE --yes',
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
    path: '/api/v1/retractions/{retraction}/approvals',
    summary: 'A signed yes to exactly this retraction, or to resuming it as it stands',
    request: { params: retractionParams, body: takes(signedStatement, signedExample) },
    responses: answers('The yes, recorded', approvalTaken),
  }),
  start: createRoute({
    ...needs('retraction.start', {
      word: 'retraction',
      command: 'allclear retract approve retraction_4 --digest D --total 57 --key FILE --yes',
      problems: ['not-found', 'conflict', 'digest-mismatch'],
    }),
    method: 'post',
    path: '/api/v1/retractions/{retraction}/rollout',
    summary: 'Starts a retraction, once enough people said yes to its digest',
    description:
      'Two people for more than 25 accounts, else one. Without them it answers how many agreed, and does nothing.',
    request: { params: retractionParams },
    responses: answers('Started, or how many agreed', startResult),
  }),
};
