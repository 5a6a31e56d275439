import { createRoute, z } from '@hono/zod-openapi';
import { answers, takes } from './answers.ts';
import { needs } from './declare-route.ts';
import { nextCursor, pageQuery } from './page.ts';
import { counts, instant, subjectId } from './typed-ids.ts';

export const eventStream = 'text/event-stream';

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
  /** People who wait until it is day where they live. */
  heldForHours: z.object({ people: z.number(), nextAt: instant }).nullable(),
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

const mailQueue = z.object({
  host: z.string(),
  hostName: z.string(),
  waiting: z.number(),
  deferred: z.number(),
  onHold: z.number(),
  others: z.number(),
  cap: z.number(),
  /** Whether mails of ours may be put on hold there. */
  commanded: z.boolean(),
  holdReason: z.string().nullable(),
  readError: z.string().nullable(),
  commandError: z.string().nullable(),
  /** The figures are of then; null: they were never read. */
  readAt: instant.nullable(),
});

const handedOver = z.object({
  /** May still be in the provider's queue: at most so many. */
  mails: z.number(),
  withinHours: z.number(),
  /** Put on hold by a halt: they go out when it is resumed. */
  onHold: z.number(),
  /** Mails of all rollouts that each host's mail server still holds; empty: not known. */
  queues: z.array(mailQueue).readonly(),
});

export type HandedOverAnswer = z.infer<typeof handedOver>;

const mailRate = z.object({
  limits: z
    .array(
      z.object({
        /** `all`, or `provider:` or `domain:` and a name of the configuration. */
        key: z.string(),
        windowSeconds: z.number(),
        allowed: z.number(),
        /** Of these, for notices; the rest is kept for corrections. */
        forNotices: z.number(),
        used: z.number(),
      }),
    )
    .readonly(),
  /** Of every domain that has no rate of its own, each by itself; which they are is not told. */
  eachDomain: z
    .object({
      limits: z.array(z.object({ windowSeconds: z.number(), allowed: z.number(), forNotices: z.number() })).readonly(),
      waiting: z.number().describe('Domains that have no room now for all that was asked.'),
      freeInSeconds: z.number().nullable().describe('About when the first of these has room again.'),
    })
    .nullable()
    .optional(),
  /** By the rate of all mail alone; waves and soaks come on top. */
  leastSecondsToGo: z.number(),
});

/** Between these bounds, each of which is one-sided; of a share, 0.02 are two points. */
const gap = z.object({ atLeast: z.number(), atMost: z.number() });

const signInCount = z.object({
  wave: z.number(),
  /** So long after the notices of the wave. */
  ageSeconds: z.number(),
  toldAt: instant,
  dueAt: instant,
  readAt: instant.nullable(),
  /** Null until it was counted. */
  taken: z
    .object({
      /** Sign-ins of the control group count from here: half of the wave was contained. */
      countedFrom: instant.nullable(),
      people: z.number(),
      signedIn: z.number(),
      control: z.number(),
      controlSignedIn: z.number(),
    })
    .nullable(),
  verdict: z
    .object({
      kind: z.enum(['pass', 'hold']),
      reason: z.string(),
      /** How far the wave is below the control group. */
      gap,
      short: z.number(),
      power: z.object({ holdsAtMost: z.number().nullable(), smallestGapCaught: z.number().nullable() }),
    })
    .nullable(),
});

const signIns = z.object({
  /** Unaffected look-alikes that are only looked at; 0 where there are none, and then it says why nothing is measured. */
  control: z.number(),
  notMeasured: z.string().nullable(),
  shareLeast: z.number(),
  counts: z.array(signInCount).readonly(),
});

export type SignInsAnswer = z.infer<typeof signIns>;

export const rolloutStatus = z.object({
  subject: z.string(),
  digest: z.string(),
  kind: z.enum(['plan', 'retraction']),
  startedAt: instant,
  readAt: instant,
  phase: z.string(),
  /** A person's pause: nothing more begins, and what was begun is finished. */
  pause: z.object({ at: instant, by: z.string(), reason: z.string() }).nullable().optional(),
  epoch: z.number(),
  /** What two people can go on over while it is halted, and the decision that they sign. */
  goOn: z.object({ decision: z.string(), over: z.array(heldVerdict).readonly() }).nullable(),
  tracks: z.array(trackStatus).readonly(),
  disputes: z.object({ counted: z.number(), scanners: z.number() }),
  handedOver,
  /** Why the next plan cannot be started, or soon cannot, for want of a drill. */
  drillWarning: z.string().nullable().optional(),
  containedUntold: containedUntold.nullable(),
  /** People of a plan who may be told in any hour, and who were in the last one; none where it is too small for that to matter. */
  hours: z
    .array(z.object({ track, most: z.number(), told: z.number() }))
    .readonly()
    .optional(),
  /** Null where no rate of mail is named. */
  mailRate: mailRate.nullable(),
  /** Hosted recovery by wave of a plan: contained, asked for a code, typed it, chose a new password. Empty where nobody asked. */
  recoveries: z
    .array(
      z.object({
        wave: z.number(),
        contained: z.number(),
        asked: z.number(),
        typed: z.number(),
        done: z.number(),
      }),
    )
    .readonly(),
  /** Who of each wave of notices signed in again, beside the control group in the same time. */
  signIns: signIns.nullable().optional(),
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

export const pauseResult = z.object({
  subject: z.string(),
  tracks: z.array(track).readonly(),
  inFlight: z.number(),
  pause: z.object({ at: instant, by: z.string(), reason: z.string() }),
  alreadyPaused: z.boolean(),
});

const dispute = z.object({
  noticeNumber: z.string(),
  track,
  accountId: z.string(),
  /** False: the press looks like a mail scanner's. */
  counted: z.boolean(),
  pressedAt: instant,
  /** Null where its holder wrote none, or they were erased. */
  words: z.string().nullable(),
  /** The newest one about this notice. */
  appeal: z.string().nullable(),
});

export const haltResult = z.object({
  rollouts: z
    .array(
      z.object({
        subject: z.string(),
        halted: z.array(track).readonly(),
        /** Finished tracks whose mails are held in the mail server's queue, until people resume them. */
        queues: z.array(track).readonly().optional(),
        inFlight: z.number(),
        /** Mails that may still be in the provider's queue, at most: what it holds is beyond a halt. */
        handedOver: z.number(),
      }),
    )
    .readonly(),
  alreadyHalted: z.boolean(),
  /** False: in force on the server's host, not yet in the database. */
  entered: z.boolean(),
});

export type HaltResultAnswer = z.infer<typeof haltResult>;

const listedRollout = z.object({
  subject: z.string(),
  kind: z.enum(['plan', 'retraction']),
  startedAt: instant,
  tracks: z
    .array(z.object({ track, phase: z.enum(['running', 'halted', 'finished']), members: z.number() }))
    .readonly(),
});

export const rolloutRoutes = {
  list: createRoute({
    ...needs('rollout.read', { word: 'rollout' }),
    method: 'get',
    path: '/api/v1/rollouts',
    summary: 'Rollouts, newest first',
    description: 'Of plans and of retractions, with the phase of each track. Counts are in the state of each.',
    request: { query: pageQuery },
    responses: answers('Rollouts', z.object({ rollouts: z.array(listedRollout).readonly(), next: nextCursor })),
  }),
  status: createRoute({
    ...needs('rollout.read', { word: 'rollout', command: 'allclear rollout status plan_81', problems: ['not-found'] }),
    method: 'get',
    path: '/api/v1/rollouts/{subject}',
    summary: 'Tracks, waves, gates and counts as they are now',
    request: { params: subjectParams },
    responses: answers('The state of the rollout, read in one transaction', rolloutStatus),
  }),
  events: createRoute({
    ...needs('rollout.follow', {
      word: 'rollout',
      command: 'allclear rollout watch plan_81',
      problems: ['not-found', 'server-busy'],
    }),
    method: 'get',
    path: '/api/v1/rollouts/{subject}/events',
    summary: 'The events of a rollout, as they come',
    description:
      'Server-sent events: `status` whenever it changed, `ledger` for each entry, `end` when it is finished. `Last-Event-ID` goes on after an event; `0-0` begins with the first entry.',
    request: { params: subjectParams },
    responses: {
      200: { description: 'Events (text/event-stream), from now on or after Last-Event-ID' },
      204: { description: 'It is finished, and all of it was told before Last-Event-ID' },
    },
  }),
  resume: createRoute({
    ...needs('rollout.resume', {
      word: 'rollout',
      command: 'allclear rollout resume plan_81 --digest D --total 412 --key FILE --yes',
      problems: ['not-found', 'not-halted', 'not-drained', 'halted', 'code-drift', 'template-unfit'],
    }),
    method: 'post',
    path: '/api/v1/rollouts/{subject}/resumptions',
    summary: 'Resumes the halted tracks, once enough people agreed on exactly this halted state',
    description:
      'Give the signed yes first, as to a plan. Without enough of them it answers how many agreed, and does nothing.',
    request: { params: subjectParams },
    responses: answers('Resumed, or how many agreed', resumeResult),
  }),
  pause: createRoute({
    ...needs('rollout.pause', {
      word: 'rollout',
      command: 'allclear rollout pause plan_81 --reason "the support desk is full"',
      problems: ['not-found', 'halted', 'conflict'],
    }),
    method: 'post',
    path: '/api/v1/rollouts/{subject}/pauses',
    summary: 'Pauses a rollout: nothing more begins, and what was begun is finished',
    description:
      'One person, no approval. No halt: nothing in flight is cut off, and letters that one person sends go on. Lifted as a halt is, by a resumption. Repeating it changes nothing.',
    request: {
      params: subjectParams,
      body: takes(z.object({ reason: z.string().max(2_000).describe('For those who read the status.') }), {
        reason: 'the support desk is full',
      }),
    },
    responses: answers('What lends no permit any more, and how many people were in flight', pauseResult),
  }),
  disputes: createRoute({
    ...needs('appeal.read', {
      word: 'rollout',
      command: 'allclear rollout disputes plan_81',
      problems: ['not-found'],
    }),
    method: 'get',
    path: '/api/v1/rollouts/{subject}/disputes',
    summary: 'Who said “this is not right”, newest first, with their words where they wrote some',
    description:
      'Accounts by their id, never by address. Words are of the newest appeal about the same notice, as its holder wrote them.',
    request: { params: subjectParams, query: pageQuery },
    responses: answers(
      'Disputes of this rollout',
      z.object({ disputes: z.array(dispute).readonly(), next: nextCursor }),
    ),
  }),
  halt: createRoute({
    ...needs('halt', {
      word: 'halt',
      command: 'allclear halt plan_81 --reason "people write that nothing happened"',
      problems: ['not-found'],
    }),
    method: 'post',
    path: '/api/v1/halts',
    summary: 'Halts at once: one person, no approval',
    description:
      'Every role may, and no limit on other calls holds it back. Without a subject everything halts, corrections too. Repeating it is harmless. Nothing resumes by itself.',
    request: {
      body: takes(
        z.object({
          subject: subjectId.nullable().openapi({ description: 'Null halts everything.', example: null }),
          scope: z.enum(['contain', 'tell', 'all']).describe('What is done to accounts, only mail, or both.'),
          reason: z.string().max(2_000).describe('For those who read the status.'),
        }),
        { subject: null, scope: 'all', reason: 'people write that nothing happened' },
      ),
    },
    responses: answers('What was halted, and how many people were in flight', haltResult),
  }),
};
