import type { z } from '@hono/zod-openapi';

/** A route of the contract, as far as a client needs it. */
export interface Route {
  readonly method: string;
  readonly path: string;
  readonly responses: object;
}

type ParamsOf<R> = R extends { request: { params: infer S extends z.ZodType } }
  ? { readonly params: z.input<S> }
  : object;
type QueryOf<R> = R extends { request: { query: infer S extends z.ZodType } }
  ? { readonly query?: z.input<S> }
  : object;
type BodyOf<R> = R extends {
  request: { body: { content: { 'application/json': { schema: infer S extends z.ZodType } } } };
}
  ? { readonly body: z.input<S> }
  : object;

/** What a client gives: the parameters of the path, the query and the JSON body, as far as the route has them. */
export type InputOf<R> = ParamsOf<R> & QueryOf<R> & BodyOf<R>;

/** The one JSON document that a success answers with. */
export type AnswerOf<R> = R extends {
  responses: { 200: { content: { 'application/json': { schema: infer S extends z.ZodType } } } };
}
  ? z.infer<S>
  : never;
