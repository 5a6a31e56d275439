import type { z } from '@hono/zod-openapi';
import { failureTable } from '../contract/failure-table.ts';
import { problem, problemType } from '../contract/problem.ts';
import type { Problem } from '../contract/problem.ts';
import type { StreamLine } from '../contract/stream-line.ts';
import { Failure } from '../domain/shared/failure.ts';
import type { FailureCode, FailureFacts } from '../domain/shared/failure.ts';
import { linesOf } from './lines-of.ts';

/** A whole ledger or a large retraction takes minutes; a server that takes longer is not going to answer. */
const answerTimeoutMs = 600_000;
/** Only a GET is asked again: whoever repeats anything else should see first what the first attempt did. */
const getPausesMs = [250, 1_000];

/** A route of the contract, as far as a client needs it. */
interface Route {
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
type InputOf<R> = ParamsOf<R> & QueryOf<R> & BodyOf<R>;
type AnswerOf<R> = R extends {
  responses: { 200: { content: { 'application/json': { schema: infer S extends z.ZodType } } } };
}
  ? z.infer<S>
  : never;

interface Parts {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
}

export interface ApiClient {
  /** One JSON answer. Throws the server's failure under its own code. */
  call<R extends Route>(route: R, input: InputOf<R>): Promise<AnswerOf<R>>;
  /** A streamed answer, line by line; a line of kind `problem` is thrown. `upload` is sent as raw bytes. */
  stream<Line>(route: Route, input: object, upload?: AsyncIterable<Uint8Array>): AsyncIterable<Line>;
}

export interface ApiClientOptions {
  readonly url: string;
  /** Read at the first request that needs it; null: the request goes without. */
  readonly token: () => Promise<string | null>;
  readonly fetch: typeof fetch;
}

export function makeApiClient(options: ApiClientOptions): ApiClient {
  async function send(route: Route, given: object, upload?: AsyncIterable<Uint8Array>): Promise<Response> {
    // What a route takes was checked by its own types; from here on it is parts of a request.
    const input = given as Parts;
    const token = await options.token();
    const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
    if (upload !== undefined) headers['content-type'] = 'application/octet-stream';
    else if (input.body !== undefined) headers['content-type'] = 'application/json';
    const body = upload === undefined ? JSON.stringify(input.body) : ReadableStream.from(upload);
    const request: RequestInit = {
      method: route.method.toUpperCase(),
      headers,
      redirect: 'error',
      ...(body === undefined ? {} : { body }),
      // An import may take hours; as long as it speaks it is alive.
      ...(upload === undefined ? { signal: AbortSignal.timeout(answerTimeoutMs) } : { duplex: 'half' }),
    };
    const pausesMs = route.method === 'get' ? getPausesMs : [];
    for (let attempt = 0; ; attempt += 1) {
      const pauseMs = pausesMs[attempt];
      try {
        const response = await options.fetch(new URL(pathOf(route, input), options.url), request);
        if (response.ok) return response;
        if (response.status !== 503 || pauseMs === undefined) throw await failureOf(response);
        await response.body?.cancel();
      } catch (error) {
        if (error instanceof Failure) throw error;
        if (pauseMs === undefined) throw unreachable(options.url, error);
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }

  return {
    async call(route, input) {
      const response = await send(route, input);
      return (await response.json()) as AnswerOf<typeof route>;
    },
    async *stream<Line>(route: Route, input: object, upload?: AsyncIterable<Uint8Array>) {
      const response = await send(route, input, upload);
      if (response.body === null) return;
      for await (const text of linesOf(response.body)) {
        const line = JSON.parse(text) as StreamLine<unknown, unknown>;
        if (line.kind === 'problem') throw failureFrom(line.problem);
        yield line as Line;
      }
    },
  };
}

/** The result of streamed work, its progress told on the way. A stream that ends without one was cut off. */
export async function resultOf<Progress, Result>(
  lines: AsyncIterable<StreamLine<Progress, Result>>,
  onProgress: (progress: Progress) => void,
): Promise<Result> {
  for await (const line of lines) {
    if (line.kind === 'progress') onProgress(line.progress);
    if (line.kind === 'result') return line.result;
  }
  throw new Failure(
    'server-unavailable',
    'The server went away before it was done. Look at what is there, then repeat the command.',
  );
}

function pathOf(route: Route, { params = {}, query = {} }: Parts): string {
  const path = route.path.replace(/\{([a-z]+)\}/gi, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  return search.size === 0 ? path : `${path}?${search.toString()}`;
}

async function failureOf(response: Response): Promise<Failure> {
  const text = await response.text();
  if (response.headers.get('content-type')?.startsWith(problemType) === true) {
    const read = problem.safeParse(JSON.parse(text));
    if (read.success) return failureFrom(read.data);
  }
  return new Failure(
    'internal',
    `What answers at this address is not Allclear (status ${response.status}). See ALLCLEAR_URL.`,
  );
}

function failureFrom({ code, detail, facts, requestId }: Problem): Failure {
  const known = Object.hasOwn(failureTable, code) ? (code as FailureCode) : 'internal';
  return new Failure(known, detail, { ...(facts as FailureFacts), ...(known === 'internal' ? { requestId } : {}) });
}

function unreachable(url: string, error: unknown): Failure {
  const { origin } = new URL(url);
  const cause = error instanceof Error ? (error.cause as NodeJS.ErrnoException | undefined) : undefined;
  const why = cause?.code ?? (error instanceof Error ? error.name : 'unknown');
  return new Failure(
    'server-unavailable',
    `No server answers at ${origin} (${why}). Start it with: npm start. To halt without it: allclear halt --direct`,
  );
}
