import { createRoute, z } from '@hono/zod-openapi';
import { appealDecisions, appealLifts } from '../domain/appeal/appeal.ts';
import { answers, takes } from './answers.ts';
import { needs } from './declare-route.ts';
import { appealId, instant } from './typed-ids.ts';

const appeal = z.object({
  id: z.string(),
  noticeNumber: z.string(),
  plan: z.string(),
  accountId: z.string(),
  /** In its holder's own words, cleaned of what a terminal would act on; null where there are none. */
  words: z.string().nullable(),
  openedAt: instant,
  decision: z.enum(appealDecisions).nullable(),
  reason: z.string().nullable(),
  decidedBy: z.string().nullable(),
  decidedAt: instant.nullable(),
  /** What the mail server said of the mail that told it. */
  told: z.enum(['accepted', 'refused', 'unknown', 'unsent']).nullable(),
  lifted: z
    .enum(appealLifts)
    .nullable()
    .describe('What a granted appeal did to a suspended account; null where it is about something else.'),
  about: z.enum(['reset', 'suspend']).describe('What the plan of the notice does.'),
});

export type AppealAnswer = z.infer<typeof appeal>;

export const appealRoutes = {
  list: createRoute({
    ...needs('appeal.read', { word: 'appeal', command: 'allclear appeal list' }),
    method: 'get',
    path: '/api/v1/appeals',
    summary: 'What holders say about notices: open ones, the oldest first, or decided ones, the newest first',
    request: {
      query: z.object({
        state: z.enum(['open', 'decided']).default('open').describe('Which ones.'),
        limit: z.coerce.number().int().min(1).max(1_000).default(100).describe('At most so many.'),
        after: appealId.optional().describe('Those that come after this one.'),
      }),
    },
    responses: answers(
      'Appeals, and how many are open in all',
      z.object({
        open: z.number(),
        appeals: z.array(appeal).readonly(),
        /** `after` of the next page; null after the last. */
        next: z.string().nullable(),
      }),
    ),
  }),
  show: createRoute({
    ...needs('appeal.read', { word: 'appeal', command: 'allclear appeal show APPEAL', problems: ['not-found'] }),
    method: 'get',
    path: '/api/v1/appeals/{appeal}',
    summary: 'One appeal',
    request: { params: z.object({ appeal: appealId }) },
    responses: answers('The appeal', appeal),
  }),
  decide: createRoute({
    ...needs('appeal.decide', {
      word: 'appeal',
      command: 'allclear appeal decide APPEAL --declined --reason TEXT --yes',
      problems: ['not-found', 'conflict', 'mailer-unavailable'],
    }),
    method: 'post',
    path: '/api/v1/appeals/{appeal}/decisions',
    summary: 'Decides an appeal and tells its holder by mail',
    description:
      'Granting an appeal about a suspension lets that one account back in, for at most 25 accounts of a plan. About a reset it changes nothing: where the holder is right, withdraw the evidence and retract the plan.',
    request: {
      params: z.object({ appeal: appealId }),
      body: takes(z.object({ decision: z.enum(appealDecisions), reason: z.string().min(1).max(1_000) }), {
        decision: 'declined',
        reason: 'The leaked password works on this account.',
      }),
    },
    responses: answers('The appeal as decided, and whether its holder could be told', appeal),
  }),
};
