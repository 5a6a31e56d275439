import { createRoute, z } from '@hono/zod-openapi';
import { answers, takes } from './answers.ts';
import { needs } from './declare-route.ts';
import { signedExample, signedStatement } from './operator.ts';
import { approvalTaken } from './plan.ts';
import { instant, lossId } from './typed-ids.ts';

const shownLoss = z.object({
  loss: z.string(),
  record: z.string().describe('RFC 8785 text of all that is signed; its SHA-256 is the digest.'),
  digest: z.string(),
  digestWords: z.string().describe('Its first 66 bits in six words, to be compared by voice.'),
  total: z.number().describe('People who would become unknown, counted on each track.'),
  proposedAt: instant,
  given: z
    .array(z.object({ operator: z.string(), name: z.string(), givenAt: instant, until: instant, holds: z.boolean() }))
    .readonly(),
  have: z.number().describe('People whose yes to exactly this counts now.'),
  required: z.number(),
});

export type ShownLossAnswer = z.infer<typeof shownLoss>;

export const lossRoutes = {
  waiting: createRoute({
    ...needs('ledger.read', {
      word: 'ledger',
      command: 'allclear ledger approve-restored',
      problems: ['not-found'],
    }),
    method: 'get',
    path: '/api/v1/losses/waiting',
    summary: 'What was lost of the database, as it was put forward to be accepted',
    description:
      'Put forward on the server’s own machine, where the checkpoints and journals are. Two people sign it; then it is accepted there.',
    responses: answers('The loss, and how many have signed it', shownLoss),
  }),
  approve: createRoute({
    ...needs('approval.give', {
      word: 'ledger',
      command: 'allclear ledger approve-restored --digest D --key FILE --yes --total 110',
      problems: [
        'not-found',
        'signature-invalid',
        'digest-mismatch',
        'total-mismatch',
        'approval-expired',
        'already-approved',
        'environment-mismatch',
        'conflict',
      ],
    }),
    method: 'post',
    path: '/api/v1/losses/{loss}/approvals',
    summary: 'A signed yes to accepting exactly this loss',
    description:
      'Taken while the database may be older than the world; it changes nothing by itself. The decision is `accept-loss`.',
    request: { params: z.object({ loss: lossId }), body: takes(signedStatement, signedExample) },
    responses: answers('The yes, recorded', approvalTaken),
  }),
};
