import { createRoute, z } from '@hono/zod-openapi';
import { answers } from './answers.ts';

export const ledgerVerdict = z.object({
  whole: z.boolean(),
  chains: z.array(z.object({ chain: z.string(), entries: z.number(), hash: z.string() })).readonly(),
  checkpoints: z.object({ count: z.number(), lastAt: z.string().nullable() }),
  rangesChecked: z.number(),
  findings: z.array(z.object({ kind: z.string(), chain: z.string(), seq: z.number(), detail: z.string() })).readonly(),
});

export const ledgerRoutes = {
  verify: createRoute({
    method: 'get',
    path: '/api/v1/ledger/verdict',
    summary: 'Verifies every chain against itself, its anchors, the signed checkpoints and the stored outcomes',
    responses: answers('What was checked and what was found', ledgerVerdict),
  }),
};
