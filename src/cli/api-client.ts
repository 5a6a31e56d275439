import { randomUUID } from 'node:crypto';
import { failureTable } from '../contract/failure-table.ts';
import { eventStream } from '../contract/rollout.ts';
import { keyRuleOf } from '../contract/key-rules.ts';
import { problem, problemType } from '../contract/problem.ts';
import type { Problem } from '../contract/problem.ts';
import type { AnswerOf, InputOf, Route } from '../contract/route-types.ts';
import type { StreamLine } from '../contract/stream-line.ts';
import { Failure } from '../domain/shared/failure.ts';
import type { FailureCode, FailureFacts } from '../domain/shared/failure.ts';
import { readEvents } from './read-events.ts';
import type { ServerEvent } from './read-events.ts';
import { linesOf } from './lines-of.ts';

/** A whole ledger or a large retraction takes minutes; a server that takes longer is not going to answer. */
const answerTimeoutMs = 600_000;
/** Whoever types at night is told that it is the server that is waited for. */
const silentAfterMs = 5_000;
const getPausesMs = [250, 1_000];
/** A POST carries a key by which the server knows it again, so that one more attempt cannot act twice. */
const postPausesMs = [250];
/** Halting twice is harmless by itself. */
const haltPath = '/api/v1/halts';
/** While the first attempt is still at work its answer is asked for again: half an hour of a long draft. */
const runningAsksAtMost = 360;
/** Where the server names no time. */
const retryAfterMs = 5_000;

interface Parts {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
}

export interface Conditions {
  readonly ifMatch?: string | null;
  /**
   * Milliseconds after which the answer is not waited for any more, the request is given up and not repeated: a server that
   * was stopped takes a connection and never answers.
   */
  readonly answerWithinMs?: number;
}

export interface ApiClient {
  /**
   * One JSON answer. Throws the server's failure under its own code. `ifMatch`: only while the subject is still as it was
   * shown under that tag; else `Failure('precondition-failed')`.
   */
  call<R extends Route>(route: R, input: InputOf<R>, conditions?: Conditions): Promise<AnswerOf<R>>;
  /** The same, with the tag of what was shown (`ETag`); null where the answer has none. */
  read<R extends Route>(
    route: R,
    input: InputOf<R>,
  ): Promise<{ readonly shown: AnswerOf<R>; readonly tag: string | null }>;
  /** Server-sent events, after the one that is named; null where there is nothing more to tell. */
  events(route: Route, input: object, lastEventId: string | null): Promise<AsyncIterable<ServerEvent> | null>;
  /** A streamed answer, line by line; a line of kind `problem` is thrown. `upload` is sent as raw bytes. */
  stream<Line>(route: Route, input: object, upload?: AsyncIterable<Uint8Array>): AsyncIterable<Line>;
}

interface Extras extends Conditions {
  readonly upload?: AsyncIterable<Uint8Array> | undefined;
  readonly lastEventId?: string | null;
  /** Of a POST: one of its own for each; the same one again only with the very same request. */
  readonly key?: string;
  /** The answer to it was lost before. */
  readonly isRepeat?: boolean;
}

export interface ApiClientOptions {
  readonly url: string;
  /** Read at the first request that needs it; null: the request goes without. */
  readonly token: () => Promise<string | null>;
  readonly fetch: typeof fetch;
  /** Tells the person, once for each request, that no answer has begun after five seconds. */
  readonly say: (line: string) => void;
}

export function makeApiClient(options: ApiClientOptions): ApiClient {
  const basePath = new URL(options.url).pathname.replace(/\/+$/, '');
  async function send<T>(
    route: Route,
    given: object,
    extras: Extras,
    take: (response: Response) => Promise<T>,
  ): Promise<T> {
    const words = `No answer yet from ${new URL(options.url).origin}; it is still waited for. To stop what runs: allclear halt --direct`;
    const telling = setTimeout(() => options.say(words), silentAfterMs).unref();
    try {
      return await attempt(route, given, extras, take);
    } finally {
      clearTimeout(telling);
    }
  }

  async function attempt<T>(
    route: Route,
    given: object,
    { upload, ifMatch, answerWithinMs, lastEventId, key = newKey(), isRepeat = false }: Extras,
    /** Inside the attempt: an answer that is cut off half way is lost as well. */
    take: (response: Response) => Promise<T>,
  ): Promise<T> {
    // What a route takes was checked by its own types; from here on it is parts of a request.
    const input = given as Parts;
    const token = await options.token();
    const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
    if (upload !== undefined) headers['content-type'] = 'application/octet-stream';
    else if (input.body !== undefined) headers['content-type'] = 'application/json';
    if (route.method === 'post') headers['idempotency-key'] = key;
    if (ifMatch !== undefined && ifMatch !== null) headers['if-match'] = ifMatch;
    if (lastEventId !== undefined && lastEventId !== null) headers['last-event-id'] = lastEventId;
    const body = upload === undefined ? JSON.stringify(input.body) : ReadableStream.from(upload);
    const request = (): RequestInit => ({
      method: route.method.toUpperCase(),
      headers,
      redirect: 'error',
      ...(body === undefined ? {} : { body }),
      // An import may take hours; as long as it speaks it is alive.
      ...(upload === undefined
        ? { signal: AbortSignal.timeout(answerWithinMs ?? answerTimeoutMs) }
        : { duplex: 'half' }),
    });
    const pausesMs = pausesOf(route, upload !== undefined);
    let asked = 0;
    for (let tries = 0; ;) {
      let pauseMs = pausesMs[tries];
      try {
        const response = await options.fetch(new URL(`${basePath}${pathOf(route, input)}`, options.url), request());
        if (response.ok) return await take(response);
        if (response.status === 503 && pauseMs !== undefined && route.method === 'get') {
          await response.body?.cancel();
          tries += 1;
        } else {
          const failure = await failureOf(response);
          // Only after a lost answer: whoever sends a key of their own twice at once is told so.
          if (failure.code !== 'request-running' || (tries === 0 && !isRepeat) || asked >= runningAsksAtMost)
            throw failure;
          asked += 1;
          pauseMs = pauseOf(response);
        }
      } catch (error) {
        if (error instanceof Failure) throw error;
        const isSilent = answerWithinMs !== undefined && error instanceof Error && error.name === 'TimeoutError';
        if (pauseMs === undefined || isSilent) throw unreachable(options.url, error);
        tries += 1;
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }

  return {
    call: (route, input, conditions = {}) =>
      send(route, input, conditions, async (response) => (await response.json()) as AnswerOf<typeof route>),
    read: (route, input) =>
      send(route, input, {}, async (response) => ({
        shown: (await response.json()) as AnswerOf<typeof route>,
        tag: response.headers.get('etag'),
      })),
    async events(route, input, lastEventId) {
      const response = await send(route, input, { lastEventId }, asItComes);
      if (response.status === 204 || response.body === null) return null;
      if (response.headers.get('content-type')?.startsWith(eventStream) === true) return readEvents(response.body);
      await response.body.cancel();
      throw new Failure('not-found', 'This server gives no stream of events.');
    },
    async *stream<Line>(route: Route, input: object, upload?: AsyncIterable<Uint8Array>) {
      const key = newKey();
      const mayRepeat = upload === undefined && keyRuleOf(route.path).kind === 'kept';
      for (let isRepeat = false; ; isRepeat = true) {
        const response = await send(route, input, { upload, key, isRepeat }, asItComes);
        try {
          if (response.body === null) return;
          for await (const text of linesOf(response.body)) {
            const line = JSON.parse(text) as StreamLine<unknown, unknown>;
            if (line.kind === 'problem') throw failureFrom(line.problem);
            yield line as Line;
          }
          return;
        } catch (error) {
          if (error instanceof Failure) throw error;
          if (!mayRepeat || isRepeat) throw cutOff(error);
        }
      }
    },
  };
}

async function asItComes(response: Response): Promise<Response> {
  return response;
}

function newKey(): string {
  return `"${randomUUID()}"`;
}

/** A list is read once and cannot be sent again; and what ignores its key is not known again by the server. */
function pausesOf(route: Route, isUpload: boolean): readonly number[] {
  if (route.method === 'get') return getPausesMs;
  const isSafe = route.method === 'post' && (keyRuleOf(route.path).kind !== 'ignored' || route.path === haltPath);
  return isSafe && !isUpload ? postPausesMs : [];
}

function pauseOf(response: Response): number {
  const seconds = Number(response.headers.get('retry-after'));
  return seconds > 0 ? Math.min(seconds * 1_000, retryAfterMs) : retryAfterMs;
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
  throw cutOff();
}

function cutOff(cause?: unknown): Failure {
  return new Failure(
    'server-unavailable',
    'The server went away before it was done. Look at what is there, then repeat the command.',
    {},
    cause,
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
