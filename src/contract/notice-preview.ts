import { createRoute, z } from '@hono/zod-openapi';
import { answers } from './answers.ts';
import { needs } from './declare-route.ts';
import { planId } from './typed-ids.ts';

const mailKind = z.enum(['notice', 'holding', 'final', 'late', 'confirmed']);

const previewedPerson = z.object({
  language: z.string(),
  accountId: z.string().nullable().describe('Null: nobody who was looked at reads this language.'),
  ordinal: z.number().nullable(),
  reason: z.string().nullable(),
  mails: z.array(z.object({ kind: mailKind, subject: z.string(), text: z.string() })).readonly(),
  withheld: z
    .array(z.object({ kind: mailKind, unproved: z.array(z.string()).readonly() }))
    .readonly()
    .describe('Mails that would not go out: a claim in them has no proof about this person.'),
});

export const noticePreviewRoutes = {
  read: createRoute({
    ...needs('plan.read', { word: 'plan', problems: ['not-found', 'template-unfit'] }),
    method: 'get',
    path: '/api/v1/plans/{plan}/notices',
    summary: 'What people of the plan would read, with the letters that could follow',
    description:
      'For each language and each reason somebody real, with the evidence about that very person, as if it were done now. Sends nothing. No address is in it, and the number in it is that of no mail.',
    request: { params: z.object({ plan: planId }) },
    responses: answers(
      'Mails as they read',
      z.object({ plan: z.string(), people: z.array(previewedPerson).readonly() }),
    ),
  }),
};
