import type { z } from '@hono/zod-openapi';

/** The answers of a route whose success is one JSON document. Refusals are problem documents everywhere (`problem.ts`). */
export function answers<Schema extends z.ZodType>(description: string, schema: Schema) {
  return { 200: { description, content: { 'application/json': { schema } } } } as const;
}

/** A JSON body that has to be there, with an example that its schema takes. */
export function takes<Schema extends z.ZodType>(schema: Schema, example: z.input<Schema>) {
  return { content: { 'application/json': { schema, example } }, required: true } as const;
}

/** NDJSON: progress lines, then one line with the result or a problem. The status is 200 since it is sent before the work. */
export const ndjson = 'application/x-ndjson';

export function streams(description: string): { readonly 200: { readonly description: string } } {
  return { 200: { description: `${description} (${ndjson}, one line each; read the last one, not the status)` } };
}
