import { createRoute, z } from '@hono/zod-openapi';
import { answers, takes } from './answers.ts';
import { counts, instant, subjectId } from './typed-ids.ts';

const track = z.enum(['contain', 'tell', 'holding', 'late', 'restore', 'correct']);

const subjectParams = z.object({ subject: subjectId });

const gateVerdict = z.object({
  gate: z.string(),
  result: z.enum(['pass', 'fail', 'inconclusive']),
  reason: z.string(),
  /** What two people may go on over, for this wave alone; absent where nobody may. */
  cause: z.object({ word: z.string(), count: z.number() }).optional(),
});

const heldVerdict = z.object({
  track,
  wave: z.number(),
  gate: z.string(),
  cause: z.string(),
  count: z.number(),
});

const trackStatus = z.object({
  track,
  phase: z.enum(['running', 'halted', 'finished']),
  reasons: z.array(z.string()).readonly(),
  epoch: z.number(),
  wave: z.object({ opened: z.number(), of: z.number(), openTo: z.number() }),
  members: z.number(),
  /** People per outcome word; they add up to `members`. */
  counts,
  inFlight: z.number(),
  soakUntil: instant.nullable(),
  haltedAt: instant.nullable(),
  haltedBy: z.string().nullable(),
  gates: z.array(gateVerdict).readonly(),
});

export type TrackStatusAnswer = z.infer<typeof trackStatus>;

const containedUntold = z.object({
  count: z.number(),
  lanes: counts,
  oldestContainedAt: instant.nullable(),
  deadline: instant.nullable(),
  overdue: z.boolean(),
});

export const rolloutStatus = z.object({
  subject: z.string(),
  digest: z.string(),
  kind: z.enum(['plan', 'retraction']),
  startedAt: instant,
  readAt: instant,
  phase: z.string(),
  epoch: z.number(),
  /** What two people can go on over while it is halted, and the decision that they sign. */
  goOn: z.object({ decision: z.string(), over: z.array(heldVerdict).readonly() }).nullable(),
  tracks: z.array(trackStatus).readonly(),
  disputes: z.object({ counted: z.number(), scanners: z.number() }),
  containedUntold: containedUntold.nullable(),
});

export type RolloutStatusAnswer = z.infer<typeof rolloutStatus>;

export const resumeResult = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('resumed'),
    tracks: z.array(track).readonly(),
    over: z.array(heldVerdict).readonly(),
  }),
  z.object({ kind: z.literal('waiting'), have: z.number(), required: z.number(), epoch: z.number() }),
]);

export const haltResult = z.object({
  rollouts: z
    .array(z.object({ subject: z.string(), halted: z.array(track).readonly(), inFlight: z.number() }))
    .readonly(),
  alreadyHalted: z.boolean(),
});

export type HaltResultAnswer = z.infer<typeof haltResult>;

export const rolloutRoutes = {
  status: createRoute({
    method: 'get',
    path: '/api/v1/rollouts/{subject}',
    summary: 'Tracks, waves, gates and counts as they are now',
    request: { params: subjectParams },
    responses: answers('The state of the rollout, read in one transaction', rolloutStatus),
  }),
  resume: createRoute({
    method: 'post',
    path: '/api/v1/rollouts/{subject}/resumptions',
    summary: 'Resumes the halted tracks, once enough people agreed on exactly this halted state',
    request: { params: subjectParams },
    responses: answers('Resumed, or how many agreed', resumeResult),
  }),
  halt: createRoute({
    method: 'post',
    path: '/api/v1/halts',
    summary: 'Halts at once, by one person and without approval; without a subject everything',
    request: {
      body: takes(
        z.object({
          subject: subjectId.nullable(),
          scope: z.enum(['contain', 'tell', 'all']),
          reason: z.string().max(2_000),
        }),
      ),
    },
    responses: answers('What was halted, and how many people were in flight', haltResult),
  }),
};
