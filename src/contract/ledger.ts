import { createRoute, z } from '@hono/zod-openapi';
import { answers, takes } from './answers.ts';
import { needs } from './declare-route.ts';
import { nextCursor, pageQuery } from './page.ts';
import { instant, subjectId } from './typed-ids.ts';

export const ledgerVerdict = z.object({
  whole: z.boolean(),
  chains: z.array(z.object({ chain: z.string(), entries: z.number(), hash: z.string() })).readonly(),
  checkpoints: z.object({
    count: z.number(),
    lastAt: z.string().nullable(),
    lossesAccepted: z.array(z.string()).readonly(),
  }),
  rangesChecked: z.number(),
  findings: z.array(z.object({ kind: z.string(), chain: z.string(), seq: z.number(), detail: z.string() })).readonly(),
});

export const erasure = z.object({ chain: z.string(), seq: z.int().positive(), field: z.string() });

const ledgerEntry = z.object({
  chain: z.string(),
  seq: z.number(),
  at: instant,
  event: z.string(),
  body: z.record(z.string(), z.unknown()).describe('As it is hashed; a personal value is its salted digest.'),
  prevHash: z.string(),
  hash: z.string(),
});

export const ledgerPage = z.object({ entries: z.array(ledgerEntry).readonly(), next: nextCursor });

export const ledgerRoutes = {
  list: createRoute({
    ...needs('ledger.read', {
      word: 'ledger',
      command: 'allclear ledger list plan_81 --event rollout.halted',
      problems: ['not-found'],
    }),
    method: 'get',
    path: '/api/v1/ledger/entries',
    summary: 'Entries of one chain, newest first',
    description:
      "The installation's own chain, or that of one plan's or retraction's rollout. Each entry has what its hash is of.",
    request: {
      query: pageQuery.extend({
        of: z
          .union([z.literal('installation'), subjectId])
          .default('installation')
          .describe('`installation`, a plan or a retraction.'),
        event: z.string().max(64).optional().describe('Only this one; docs/reference/events.md has them all.'),
      }),
    },
    responses: answers('Entries, and where the next page begins', ledgerPage),
  }),
  verify: createRoute({
    ...needs('ledger.verify', { word: 'ledger', command: 'allclear ledger verify' }),
    method: 'get',
    path: '/api/v1/ledger/verdict',
    summary: 'Whether the ledger is whole',
    description:
      'Verifies every chain against itself, its anchors, the signed checkpoints and the stored outcomes. Takes minutes on a large one.',
    responses: answers('What was checked and what was found', ledgerVerdict),
  }),
  erase: createRoute({
    ...needs('ledger.erase', {
      word: 'ledger',
      command: 'allclear ledger erase installation 12 name --yes',
    }),
    method: 'post',
    path: '/api/v1/ledger/erasures',
    summary: 'Erases one personal value beside the ledger',
    description: 'The chain stays whole and says that it was erased. There is no way back.',
    request: { body: takes(erasure, { chain: 'installation', seq: 12, field: 'name' }) },
    responses: answers('Whether there was such a value', z.object({ erased: z.boolean() })),
  }),
};
