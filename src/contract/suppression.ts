import { createRoute, z } from '@hono/zod-openapi';
import { answers, takes } from './answers.ts';
import { needs } from './declare-route.ts';
import { nextCursor, pageQuery } from './page.ts';
import { instant } from './typed-ids.ts';

const suppression = z.object({
  /** The notice that failed; `explain` tells whose it is. No address is kept. */
  noticeNumber: z.string(),
  reason: z.string(),
  status: z.string().nullable(),
  suppressedAt: instant,
});

export const suppressionRoutes = {
  list: createRoute({
    ...needs('suppression.read', { word: 'suppression', command: 'allclear suppression list' }),
    method: 'get',
    path: '/api/v1/suppressions',
    summary: 'Addresses that ordinary notices are not sent to any more',
    description: 'By the notice that failed, newest first.',
    request: {
      query: pageQuery.extend({
        notice: z.string().min(1).max(64).optional().describe('Only the one that this notice failed at.'),
      }),
    },
    responses: answers(
      'A page of them, and how many there are in all',
      z.object({
        total: z.number(),
        suppressions: z.array(suppression).readonly(),
        next: nextCursor,
      }),
    ),
  }),
  remove: createRoute({
    ...needs('suppression.remove', {
      word: 'suppression',
      command: 'allclear suppression remove NOTICE --yes',
      problems: ['not-found'],
    }),
    method: 'post',
    path: '/api/v1/suppressions/removals',
    summary: 'Lets ordinary notices go again to the address that a notice failed at',
    request: { body: takes(z.object({ notice: z.string().min(1).max(64) }), { notice: '7K3M-9QXA-4DTR-V0WE-H' }) },
    responses: answers('Removed', z.object({ noticeNumber: z.string() })),
  }),
};
