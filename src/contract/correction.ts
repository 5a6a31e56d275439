import { createRoute, z } from '@hono/zod-openapi';
import { answers, takes } from './answers.ts';
import { planId, typedTotal } from './typed-ids.ts';

const correctionParams = z.object({ plan: planId, kind: z.enum(['holding', 'late']) });

export const correctionPreview = z.object({ goesOn: z.boolean(), recipients: z.number(), conditional: z.number() });

export const correctionRoutes = {
  preview: createRoute({
    method: 'get',
    path: '/api/v1/plans/{plan}/corrections/{kind}',
    summary: 'Who would get the letter now, by counts',
    request: { params: correctionParams },
    responses: answers('Counts', correctionPreview),
  }),
  send: createRoute({
    method: 'post',
    path: '/api/v1/plans/{plan}/corrections/{kind}',
    summary: 'Sends the letter that was approved with the plan: one person, at once',
    request: { params: correctionParams, body: takes(z.object({ total: typedTotal })) },
    responses: answers('Counts', correctionPreview),
  }),
};
