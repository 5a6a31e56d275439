import { createRoute, z } from '@hono/zod-openapi';
import { answers, takes } from './answers.ts';
import { needs } from './declare-route.ts';
import { drillId, instant, planId } from './typed-ids.ts';

const figures = z.object({
  named: z.number(),
  bystanders: z.number(),
  contained: z.number(),
  told: z.number(),
  restored: z.number(),
  kept: z.number(),
  corrected: z.number(),
  wrong: z.number(),
  strayMails: z.number(),
  haltMs: z.number().nullable(),
  lastDotMs: z.number().nullable(),
  dotsAfterHalt: z.number().nullable(),
  inFlightAtHalt: z.number().nullable(),
  haltedAfterSeconds: z.number().nullable(),
  approvedAfterSeconds: z.number().nullable(),
  restoredAfterSeconds: z.number().nullable(),
});

const drill = z.object({
  drill: z.string(),
  state: z.enum(['running', 'passed', 'failed']),
  /** Made-up people whom its evidence names. */
  people: z.number(),
  codeVersion: z.string(),
  begunBy: z.string(),
  begunAt: instant,
  endedAt: instant.nullable(),
  report: z
    .object({
      figures,
      /** Whose yes the plan was started on; nobody's in a drill of before this was asked. */
      agreedBy: z.string().nullable(),
      haltedBy: z.string().nullable(),
      approvedBy: z.array(z.string()).readonly(),
      /** Why it was not passed; none where it was. */
      reasons: z.array(z.string()).readonly(),
    })
    .nullable(),
});

const shownDrill = drill.extend({
  /** What it waits for; null once it is over. */
  progress: z
    .object({
      stage: z.enum(['preparing', 'agreeing', 'telling', 'draining', 'approving', 'restoring', 'judging']),
      plan: z.string().nullable(),
      /** What one person says yes to before anything starts. */
      agree: z.object({ digest: z.string(), total: z.number() }).nullable(),
      told: z.number(),
      retraction: z.object({ id: z.string(), digest: z.string(), affected: z.number() }).nullable(),
    })
    .nullable(),
});

export type DrillAnswer = z.infer<typeof shownDrill>;

const listedDrills = z.object({
  standing: z.enum(['not-asked', 'fresh', 'due-soon', 'lapsed', 'never']),
  inWords: z.string(),
  lastPassedAt: instant.nullable(),
  until: instant.nullable(),
  drills: z.array(drill).readonly(),
});

export type DrillListAnswer = z.infer<typeof listedDrills>;

const override = z.object({
  plan: z.string(),
  digest: z.string(),
  total: z.number(),
  reason: z.string(),
  /** What two people sign over the plan's digest, as they sign the plan. */
  decision: z.string(),
});

export type DrillOverrideAnswer = z.infer<typeof override>;

const planParams = z.object({ plan: planId });

export const drillRoutes = {
  begin: createRoute({
    ...needs('drill.begin', {
      word: 'drill',
      command: 'allclear drill begin --yes',
      problems: ['conflict', 'needs-approval', 'usage'],
    }),
    method: 'post',
    path: '/api/v1/drills',
    summary: 'Begins a drill of halt and reversal, on made-up people',
    description:
      'Answers once people can take part. While it runs, the API of the drill is under /drill/api/v1, with the same tokens and sessions. Nothing of it touches the live directory, mailer or database.',
    request: { body: takes(z.object({}), {}) },
    responses: answers('The drill as it stands', shownDrill),
  }),
  list: createRoute({
    ...needs('drill.read', { word: 'drill', command: 'allclear drill list' }),
    method: 'get',
    path: '/api/v1/drills',
    summary: 'The last drills, newest first, and until when a rollout may be started',
    request: {
      query: z.object({ limit: z.coerce.number().int().min(1).max(100).default(20).describe('At most so many.') }),
    },
    responses: answers('The right to start, and the drills', listedDrills),
  }),
  newest: createRoute({
    ...needs('drill.read', { word: 'drill', command: 'allclear drill show', problems: ['not-found'] }),
    method: 'get',
    path: '/api/v1/drills/newest',
    summary: 'The newest drill, and what it waits for',
    responses: answers('The drill', shownDrill),
  }),
  show: createRoute({
    ...needs('drill.read', { word: 'drill', command: 'allclear drill show DRILL', problems: ['not-found'] }),
    method: 'get',
    path: '/api/v1/drills/{drill}',
    summary: 'One drill with its figures',
    request: { params: z.object({ drill: drillId }) },
    responses: answers('The drill', shownDrill),
  }),
  askOverride: createRoute({
    ...needs('drill.override', {
      word: 'drill',
      command: 'allclear drill override PLAN --reason TEXT --key FILE --yes',
      problems: ['not-found', 'conflict'],
    }),
    method: 'post',
    path: '/api/v1/plans/{plan}/drill-override',
    summary: 'Gives the reason why one plan is to be started without a recent drill',
    description:
      'It allows nothing by itself. Two people who did not write the plan sign its decision over the plan’s digest (POST /api/v1/plans/{plan}/approvals); it holds for 24 hours.',
    request: {
      params: planParams,
      body: takes(z.object({ reason: z.string().trim().min(10).max(1_000) }), {
        reason: 'Thieves are signing in with the leaked passwords right now.',
      }),
    },
    responses: answers('What two people sign', override),
  }),
  readOverride: createRoute({
    ...needs('drill.read', { word: 'drill', command: 'allclear drill override PLAN', problems: ['not-found'] }),
    method: 'get',
    path: '/api/v1/plans/{plan}/drill-override',
    summary: 'The reason that was given last, and the decision that two people sign',
    request: { params: planParams },
    responses: answers('What two people sign', override),
  }),
};
