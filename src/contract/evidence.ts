import { createRoute, z } from '@hono/zod-openapi';
import { withdrawalCauses } from '../domain/evidence/evidence.ts';
import { refusalReasons } from '../domain/evidence/refusal.ts';
import { accountId } from '../domain/shared/ids.ts';
import { answers, streams, takes } from './answers.ts';
import { needs } from './declare-route.ts';
import { nextCursor, pageQuery } from './page.ts';
import { accountIdText, batchId, instant, typedTotal } from './typed-ids.ts';

/** Named lines or accounts of one withdrawal; for more, withdraw the whole batch or several times. */
const maxSelected = 100_000;

export const listClass = z.enum(['credentials', 'observed', 'reported']);
export const sourceAuthority = z.enum(['outside', 'own']);
const evidenceClass = z.enum(['verified', 'observed', 'reported', 'weak']);

const source = z.object({
  sourceNo: z.number(),
  name: z.string(),
  authority: sourceAuthority,
  createdAt: instant,
});

export const evidenceReport = z.object({
  batch: z.object({
    batch: z.string(),
    source,
    class: listClass,
    state: z.enum(['importing', 'finished', 'abandoned']),
    directory: z.string(),
    fileName: z.string(),
    importedBy: z.string(),
    reportedBy: z.string().nullable(),
    mark: z.object({ lines: z.number(), bytes: z.number(), prefixDigest: z.string() }),
    accepted: z.number(),
    linesMet: z.number(),
    candidates: z.number(),
    refused: z.partialRecord(z.enum(refusalReasons), z.number()),
    begunAt: instant,
    finishedAt: instant.nullable(),
  }),
  tally: z.object({
    accounts: z.number(),
    classes: z
      .array(
        z.object({
          class: evidenceClass,
          state: z.enum(['live', 'withdrawn']),
          remark: z.string().nullable(),
          evidence: z.number(),
        }),
      )
      .readonly(),
  }),
  /** What the source has brought in all. */
  sourceTally: z.object({ batches: z.number(), live: z.number(), withdrawn: z.number() }),
  facts: z.object({
    accounts: z.number(),
    verified: z.number(),
    weak: z.number(),
    verifiedShare: z.number().nullable(),
    passwordless: z.number(),
    unknownScheme: z.number(),
    noRestorePoint: z.number(),
    olderThanPassword: z.number(),
  }),
});

const batchList = z.object({ batches: z.array(evidenceReport.shape.batch).readonly(), next: nextCursor });

const sourceList = z.object({
  sources: z
    .array(
      z.object({
        source,
        batches: z.number(),
        causes: z.array(z.enum(withdrawalCauses)).readonly().describe('Why any of it was taken back.'),
        judged: z
          .object({ right: z.number(), wrong: z.number(), cannotTell: z.number() })
          .describe('Targets that rest on it, as approvers judged them; the newest 50 reviewed plans.'),
        verifiedShare: z
          .number()
          .nullable()
          .describe('Of the leaked passwords that could be tried, those that worked.'),
        strong: z
          .object({ live: z.number(), withdrawn: z.number() })
          .describe('Pieces that may act on somebody: verified, observed, reported.'),
        standingShare: z.number().nullable().describe('Of those, the share that was never taken back.'),
        wrongAtMost: z.number().nullable().describe('By what was judged, at most this share is wrong, at 95 %.'),
      }),
    )
    .readonly(),
  next: nextCursor,
});

export type EvidenceReportAnswer = z.infer<typeof evidenceReport>;

const selection = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('all') }),
  z.object({ kind: z.literal('lines'), lines: z.array(z.number().int().positive()).min(1).max(maxSelected) }),
  z.object({
    kind: z.literal('accounts'),
    accounts: z.array(accountIdText.transform(accountId)).min(1).max(maxSelected),
  }),
]);

export type SelectionBody = z.input<typeof selection>;

const withdrawalPlan = z.object({
  evidence: z.number(),
  byClass: z.record(evidenceClass, z.number()),
  accounts: z.number(),
  heldByOther: z.number(),
  partlyCovered: z.number(),
  withoutEvidence: z.number(),
});

export type WithdrawalPlanAnswer = z.infer<typeof withdrawalPlan>;

const batchParams = z.object({ batch: batchId });

/** `true` and `false` as they stand in a query. */
const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((text) => text === 'true');

const listBytes = z.string().openapi({ format: 'binary', description: 'The list, byte for byte.' });

export const evidenceRoutes = {
  import: createRoute({
    ...needs('evidence.import', {
      word: 'evidence',
      command: 'allclear evidence import leak.txt --source collection-9',
      problems: ['import-unreadable', 'conflict', 'directory-unavailable'],
    }),
    method: 'post',
    path: '/api/v1/evidence',
    summary: 'Imports a list',
    description:
      'The body is the list itself as raw bytes (application/octet-stream), of any length, read in constant memory. No line of it is fatal: what cannot be read is counted. Passwords are tried and forgotten; only verdicts are kept. An interrupted import goes on where it stood when the same bytes are sent again.',
    request: {
      query: z.object({
        source: z.string().min(1).max(200).openapi({
          description: 'Where the list comes from; named for the first time, it is made.',
          example: 'collection-9',
        }),
        authority: sourceAuthority.default('outside').describe('`own`: it may be our own leak.'),
        class: listClass.default('credentials').describe('What the lines are.'),
        fileName: z.string().max(1_000).default('-'),
        reportedBy: z.string().max(200).optional().describe('Who names the accounts of a `reported` list.'),
        anew: flag.describe('Begin again instead of going on where the same bytes stood.'),
      }),
      body: { required: true, content: { 'application/octet-stream': { schema: listBytes } } },
    },
    responses: streams('Progress, then the batch or a problem'),
  }),
  list: createRoute({
    ...needs('evidence.read', { word: 'evidence', command: 'allclear evidence list' }),
    method: 'get',
    path: '/api/v1/evidence',
    summary: 'Imported lists, newest first',
    request: { query: pageQuery },
    responses: answers('Batches with their counts of lines', batchList),
  }),
  sources: createRoute({
    ...needs('evidence.read', { word: 'evidence' }),
    method: 'get',
    path: '/api/v1/sources',
    summary: 'Sources with their authority, and how right each was',
    description:
      'Newest first. How right a source was is measured twice: by what was taken back of it, and by what approvers found when they judged targets that rest on it.',
    request: { query: pageQuery },
    responses: answers('Sources', sourceList),
  }),
  show: createRoute({
    ...needs('evidence.read', { word: 'evidence', command: 'allclear evidence show batch_7', problems: ['not-found'] }),
    method: 'get',
    path: '/api/v1/evidence/{batch}',
    summary: 'What was imported, by counts',
    description: 'No password and no address is in it.',
    request: { params: batchParams },
    responses: answers('The batch', evidenceReport),
  }),
  previewWithdrawal: createRoute({
    ...needs('evidence.read', {
      word: 'evidence',
      command: 'allclear evidence withdraw batch_7',
      problems: ['not-found'],
    }),
    method: 'post',
    path: '/api/v1/evidence/{batch}/withdrawal-previews',
    summary: 'What a withdrawal would do',
    description: 'Nothing changes. A POST because a selection may name 100,000 accounts.',
    request: { params: batchParams, body: takes(z.object({ selection }), { selection: { kind: 'all' } }) },
    responses: answers('Counts', withdrawalPlan),
  }),
  withdraw: createRoute({
    ...needs('evidence.withdraw', {
      word: 'evidence',
      command:
        'allclear evidence withdraw batch_7 --cause wrong-verdict --reason "the list was our own" --yes --total 412',
      problems: ['not-found', 'conflict', 'total-mismatch'],
    }),
    method: 'post',
    path: '/api/v1/evidence/{batch}/withdrawals',
    summary: 'Takes evidence back, for one cause',
    description: 'Changes no account by itself: a retraction derives anew what each account is owed.',
    request: {
      params: batchParams,
      body: takes(
        z.object({ selection, cause: z.enum(withdrawalCauses), reason: z.string().max(4_000), total: typedTotal }),
        { selection: { kind: 'all' }, cause: 'wrong-verdict', reason: 'the list was our own', total: 412 },
      ),
    },
    responses: answers('What was withdrawn', withdrawalPlan),
  }),
};
