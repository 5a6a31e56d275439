import { z } from '@hono/zod-openapi';

/** A page that a person or a terminal can still take in; whoever wants all follows the cursors. */
const largestPage = 1_000;

/** What every list takes: how many, and after which cursor. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(largestPage).default(100),
  after: z.string().max(200).optional().openapi({ description: '`next` of the page before' }),
});

/** Where the next page begins; null after the last. A page may be shorter than its limit before that. */
export const nextCursor = z.string().nullable();
