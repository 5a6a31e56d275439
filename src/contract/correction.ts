import { createRoute, z } from '@hono/zod-openapi';
import { answers, takes } from './answers.ts';
import { needs } from './declare-route.ts';
import { planId, typedTotal } from './typed-ids.ts';

const kind = z.enum(['holding', 'late']).openapi({ description: 'Which letter.', example: 'holding' });

const correctionParams = z.object({ plan: planId, kind });

/** Anyone who halts and approves may say "we are checking"; the late letter tells people of what was done to them. */
const sending = {
  parameter: 'kind',
  values: { holding: 'correction.send-holding', late: 'correction.send-late' },
} as const;

export const correctionPreview = z.object({ goesOn: z.boolean(), recipients: z.number(), conditional: z.number() });

export const correctionRoutes = {
  preview: createRoute({
    ...needs('correction.read', {
      word: 'correction',
      command: 'allclear correction send plan_81 --holding',
      problems: ['not-found', 'not-halted', 'not-drained', 'conflict'],
    }),
    method: 'get',
    path: '/api/v1/plans/{plan}/corrections/{kind}',
    summary: 'Who would get the letter now, by counts',
    description:
      'Sends nothing. `recipients` is the total that the sending has to name; `conditional` are those of whom it is unknown whether the notice arrived.',
    request: { params: correctionParams },
    responses: answers('Counts', correctionPreview),
  }),
  send: createRoute({
    ...needs(sending, {
      word: 'correction',
      command: 'allclear correction send plan_81 --holding --yes --total 57',
      problems: ['not-found', 'not-halted', 'not-drained', 'conflict', 'total-mismatch', 'nothing-selected'],
    }),
    method: 'post',
    path: '/api/v1/plans/{plan}/corrections/{kind}',
    summary: 'Sends a letter that was approved with the plan: one person, at once',
    description:
      '`holding` says "we are checking" to everyone whom the notice reached or may have reached. `late` is for those who were contained and told nothing. The words were approved with the plan, so nobody is asked again.',
    request: { params: correctionParams, body: takes(z.object({ total: typedTotal }), { total: 57 }) },
    responses: answers('Counts', correctionPreview),
  }),
};
