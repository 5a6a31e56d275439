import { createRoute, z } from '@hono/zod-openapi';
import { answers, takes } from './answers.ts';
import { needs } from './declare-route.ts';
import { explanation } from './explain.ts';
import { instant } from './typed-ids.ts';

const openPlans = z.array(z.object({ plan: z.string(), why: z.string(), until: instant.nullable() })).readonly();

const subjectExport = z.object({
  account: z.string(),
  exportedAt: instant,
  about: z.record(z.string(), z.string()),
  frozen: z
    .array(
      z.object({
        plan: z.string(),
        frozenAt: instant,
        address: z.string().nullable(),
        isAddressErased: z.boolean(),
        language: z.string().nullable(),
        noticeNumber: z.string(),
      }),
    )
    .readonly(),
  control: z.array(z.object({ plan: z.string(), frozenAt: instant })).readonly(),
  evidence: z
    .array(
      z.object({
        evidence: z.number(),
        batch: z.string(),
        source: z.string(),
        authority: z.string(),
        class: z.string(),
        state: z.string(),
        cause: z.string().nullable(),
        against: z.string().nullable(),
        remark: z.string().nullable(),
        eventId: z.string().nullable(),
        eventAt: instant.nullable(),
        rule: z.string().nullable(),
        reason: z.string().nullable(),
        recordedAt: instant,
        withdrawnAt: instant.nullable(),
      }),
    )
    .readonly(),
  appeals: z
    .array(
      z.object({
        appeal: z.string(),
        noticeNumber: z.string(),
        openedAt: instant,
        words: z.string().nullable(),
        decision: z.string().nullable(),
        decidedAt: instant.nullable(),
      }),
    )
    .readonly(),
  story: explanation,
  ledger: z
    .array(
      z.object({
        chain: z.string(),
        seq: z.number(),
        event: z.string(),
        at: instant,
        field: z.string(),
        value: z.string(),
      }),
    )
    .readonly(),
  open: openPlans,
});

const erasure = z.object({
  account: z.string(),
  addresses: z.number(),
  evidenceTexts: z.number(),
  appealTexts: z.number(),
  ledgerValues: z.number(),
  controlGroups: z.number(),
  open: openPlans,
  stays: z.array(z.string()).readonly(),
});

export type SubjectErasureAnswer = z.infer<typeof erasure>;

/** Every one a POST: an address does not belong into a URL. */
const body = takes(z.object({ query: z.string().min(1).max(1_024) }), { query: 'u5d1c' });

export const subjectRoutes = {
  export: createRoute({
    ...needs('subject.export', {
      word: 'subject',
      command: 'allclear subject export ACCOUNT',
      problems: ['not-found'],
    }),
    method: 'post',
    path: '/api/v1/subjects/exports',
    summary: 'Everything that is held of one account',
    description: 'By its id, an address or a notice number. The reading is recorded.',
    request: { body },
    responses: answers('What is held, with words', subjectExport),
  }),
  previewErasure: createRoute({
    ...needs('subject.erase', { word: 'subject', command: 'allclear subject erase ACCOUNT', problems: ['not-found'] }),
    method: 'post',
    path: '/api/v1/subjects/erasure-previews',
    summary: 'What an erasure of one account would erase',
    description: 'And until when the account is still open. Changes nothing.',
    request: { body },
    responses: answers('What would be erased, and what stays', erasure),
  }),
  erase: createRoute({
    ...needs('subject.erase', {
      word: 'subject',
      command: 'allclear subject erase ACCOUNT --yes',
      problems: ['not-found', 'conflict'],
    }),
    method: 'post',
    path: '/api/v1/subjects/erasures',
    summary: 'Erases the personal values of one account',
    description: 'There is no way back, and the ledger stays whole.',
    request: { body },
    responses: answers('What was erased, and what stays', erasure),
  }),
};
