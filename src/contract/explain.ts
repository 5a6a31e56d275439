import { createRoute, z } from '@hono/zod-openapi';
import { answers, takes } from './answers.ts';
import { needs } from './declare-route.ts';
import { laneWords } from './plan-view.ts';
import { instant } from './typed-ids.ts';

const notes = z.array(z.object({ attempt: z.number(), state: z.string(), note: z.string(), at: instant })).readonly();

const explainedNotice = z.object({
  number: z.string(),
  kind: z.string(),
  track: z.string(),
  state: z.string(),
  recordedAt: instant.nullable(),
  waitsUntil: instant.nullable(),
  conditional: z.boolean(),
  notes,
  dispute: z.object({ pressedAt: instant, counted: z.boolean() }).nullable(),
  feedback: z
    .array(
      z.object({
        kind: z.string(),
        class: z.string().nullable(),
        status: z.string().nullable(),
        source: z.string(),
        at: instant,
      }),
    )
    .readonly(),
});

const explainedPlan = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('excluded'), plan: z.string(), reason: z.string(), words: z.string() }),
  z.object({
    kind: z.literal('target'),
    plan: z.string(),
    lane: z.string(),
    laneWords: laneWords,
    effect: z.string(),
    reason: z.string(),
    evidence: z.array(z.number()).readonly(),
    containment: z.object({
      outcome: z.string(),
      containedAt: instant.nullable(),
      sessionsEndedAt: instant.nullable(),
      sessionsEnded: z.number().nullable(),
      notes,
    }),
    restorePoint: z
      .object({ state: z.string(), sealedAt: instant, closedAt: instant.nullable(), closedBy: z.string().nullable() })
      .nullable(),
    suspension: z
      .object({
        state: z.string(),
        because: z.string(),
        suspendedAt: instant.nullable(),
        lapsesAt: instant.nullable(),
        closedAt: instant.nullable(),
        closedBy: z.string().nullable(),
      })
      .nullable()
      .describe('Null unless the plan suspended the account.'),
    notices: z.array(explainedNotice).readonly(),
    retractions: z
      .array(
        z.object({
          retraction: z.string(),
          started: z.boolean().describe('False: it was drawn up, and nothing of it was done to anybody.'),
          decision: z.string(),
          reason: z.string(),
          outcome: z.string().nullable(),
          recordedAt: instant.nullable(),
          credential: z.string(),
          letter: z.string(),
          isTerminal: z.boolean(),
        }),
      )
      .readonly(),
  }),
]);

export const explanation = z.object({
  accountId: z.string(),
  now: z.object({
    inDirectory: z.boolean().nullable(),
    liveEvidence: z.number(),
    quarantinedBy: z.string().nullable(),
    words: z.string(),
  }),
  evidence: z
    .array(
      z.object({
        evidence: z.number(),
        batch: z.string(),
        source: z.string(),
        class: z.string(),
        state: z.enum(['live', 'withdrawn']),
        cause: z.string().nullable(),
        at: instant,
        withdrawnAt: instant.nullable(),
        rule: z.string().nullable(),
        reason: z.string().nullable(),
      }),
    )
    .readonly(),
  plans: z.array(explainedPlan).readonly(),
  events: z.array(z.object({ at: instant, what: z.string(), of: z.string() })).readonly(),
});

export type ExplanationAnswer = z.infer<typeof explanation>;

export const explainRoutes = {
  explain: createRoute({
    ...needs('account.explain', {
      word: 'account',
      command: 'allclear explain someone@example.org',
      problems: ['not-found', 'directory-unavailable'],
    }),
    method: 'post',
    path: '/api/v1/explanations',
    summary: 'The whole story of one account',
    description:
      'By its id, an address or a notice number. A POST, because an address does not belong into a URL, and because each reading is an entry of the ledger with its reader.',
    request: {
      body: takes(
        z.object({
          query: z.string().min(1).max(1_024).describe('An account id, an address or a notice number.'),
        }),
        { query: 'someone@example.org' },
      ),
    },
    responses: answers('Why, what was done, and what is known now', explanation),
  }),
};
