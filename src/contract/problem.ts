import { z } from '@hono/zod-openapi';

export const problemType = 'application/problem+json';

/** RFC 9457. `code` is the name in the failure table; `detail` says what happened and what to do next. */
export const problem = z.object({
  type: z.string(),
  title: z.string().describe('What happened, the same for every occurrence.'),
  status: z.number(),
  code: z.string().describe('The name in the table of problems: what programs branch on.'),
  detail: z.string().describe('What happened, to what, and what to do next.'),
  next: z.string().describe('General advice.'),
  requestId: z.string().describe("Finds the request in the server's log."),
  facts: z.record(z.string(), z.unknown()).describe('Ids, counts and names of rules.'),
});

export type Problem = z.infer<typeof problem>;
