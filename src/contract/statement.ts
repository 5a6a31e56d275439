import { createRoute, z } from '@hono/zod-openapi';
import { answers } from './answers.ts';
import { needs } from './declare-route.ts';
import { instant, planId } from './typed-ids.ts';

/** A number or a time with the ledger entries that it comes from; null reads "not yet known". */
const numberFact = z.object({ value: z.number().nullable(), source: z.string() });
const timeFact = z.object({ value: instant.nullable(), source: z.string() });

export const statement = z.object({
  plan: z.string(),
  service: z.string(),
  action: z.enum(['reset', 'suspend']),
  readAt: instant,
  counts: z.object({
    toldAccepted: numberFact,
    toldUnknown: numberFact,
    contained: numberFact,
    holding: numberFact,
    corrected: numberFact,
    correctedUnknown: numberFact,
    restored: numberFact,
    granted: numberFact,
    kept: numberFact,
    needsPerson: numberFact,
  }),
  times: z.object({
    started: timeFact,
    firstDispute: timeFact,
    halted: timeFact,
    holdingSent: timeFact,
    withdrawn: timeFact,
    corrected: timeFact,
  }),
  cause: z.object({ value: z.string().nullable(), source: z.string() }),
  /** English, Markdown. */
  text: z.string(),
});

export const statementRoutes = {
  write: createRoute({
    ...needs('statement.read', {
      word: 'statement',
      command: 'allclear statement plan_81',
      problems: ['not-found', 'ledger-broken'],
    }),
    method: 'get',
    path: '/api/v1/plans/{plan}/statement',
    summary: 'Public words about a plan, from the ledger alone',
    description: 'What the ledger does not say reads "not yet known".',
    request: { params: z.object({ plan: planId }) },
    responses: answers('Counts, times and cause with their sources', statement),
  }),
};
