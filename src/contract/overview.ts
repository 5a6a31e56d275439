import { createRoute, z } from '@hono/zod-openapi';
import { answers } from './answers.ts';
import { needs } from './declare-route.ts';
import { rolloutStatus } from './rollout.ts';
import { instant } from './typed-ids.ts';

const waiting = z.object({
  step: z.enum(['review', 'approve', 'start', 'admit']).describe('What has to be done next.'),
  subject: z.string(),
  name: z.string().optional().describe('Of the operator whom it is about.'),
  total: z.number().nullable(),
  have: z.number(),
  required: z.number(),
  mine: z.boolean().describe('Whether you may do it.'),
});

const wrong = z.object({
  what: z.enum([
    'behind',
    'no-worker',
    'silent-sensor',
    'mail-held',
    'halted',
    'paused',
    'gate-failed',
    'held',
    'disputed',
    'untold',
  ]),
  subject: z.string().nullable().describe('Null: it concerns everything.'),
  words: z.string(),
  next: z.string().describe('What to do about it.'),
});

export const overview = z.object({
  readAt: instant,
  rollouts: z.array(rolloutStatus).readonly(),
  more: z.number().describe('Unfinished rollouts beside those; see the list of rollouts.'),
  waiting: z.array(waiting).readonly(),
  wrong: z.array(wrong).readonly(),
});

export const overviewRoutes = {
  read: createRoute({
    ...needs('rollout.read', { word: 'rollout' }),
    method: 'get',
    path: '/api/v1/overview',
    summary: 'What runs now, what waits for you, what is wrong',
    description: 'The first page of the console. Rollouts that are finished are not in it.',
    responses: answers('As it is now, for the person who asks', overview),
  }),
};
