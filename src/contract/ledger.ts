import { createRoute, z } from '@hono/zod-openapi';
import { answers } from './answers.ts';

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

export const ledgerRoutes = {
  verify: createRoute({
    method: 'get',
    path: '/api/v1/ledger/verdict',
    summary: 'Verifies every chain against itself, its anchors, the signed checkpoints and the stored outcomes',
    responses: answers('What was checked and what was found', ledgerVerdict),
  }),
  erase: createRoute({
    method: 'post',
    path: '/api/v1/ledger/erasures',
    summary: 'Erases one personal value beside the ledger; the chain stays whole and says that it was erased',
    request: { body: { required: true, content: { 'application/json': { schema: erasure } } } },
    responses: answers('Whether there was such a value', z.object({ erased: z.boolean() })),
  }),
};
