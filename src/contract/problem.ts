import { z } from '@hono/zod-openapi';

export const problemType = 'application/problem+json';

/** RFC 9457. `code` is the name in the failure table; `detail` says what happened and what to do next. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  code: z.string(),
  detail: z.string(),
  next: z.string(),
  /** Finds the request in the server's log. */
  requestId: z.string(),
  /** Ids, counts and names of rules. */
  facts: z.record(z.string(), z.unknown()),
});

export type Problem = z.infer<typeof problem>;
