import type { Context, MiddlewareHandler } from 'hono';
import type { KeptAnswer, KeyedRequest } from '../app/ports/request-key-store.ts';
import type { Mac, RequestKeys } from '../app/request/request-keys.ts';
import { ndjson } from '../contract/answers.ts';
import { failureTable } from '../contract/failure-table.ts';
import { keyRuleOf, readIdempotencyKey } from '../contract/key-rules.ts';
import type { Problem } from '../contract/problem.ts';
import type { StreamLine } from '../contract/stream-line.ts';
import type { Operator } from '../domain/approval/operator.ts';
import { Failure } from '../domain/shared/failure.ts';
import type { FailureCode } from '../domain/shared/failure.ts';
import type { ApiEnv, HttpLog } from './api-env.ts';
import type { Services } from './services.ts';

/** The one body that is streamed: its list is too long to be digested before it is taken. */
const importPath = '/api/v1/evidence';
/** Exit codes of refusals that mean "nothing was done, ask again": usage, unavailable, try again. */
const doneNothing: readonly number[] = [2, 69, 75];

/**
 * Makes a POST with an Idempotency-Key act once (draft-ietf-httpapi-idempotency-key-header-06): its answer is kept and given
 * again to the same request of the same caller. What a key means to each route, and why some ignore it, is in
 * `contract/key-rules.ts`. Without the header nothing is different.
 */
export function honourKey(services: Services, log: HttpLog): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const header = c.req.header('idempotency-key');
    if (header === undefined || c.req.method !== 'POST') return next();
    const rule = keyRuleOf(c.req.path);
    // Keys are told apart by who calls; a route that asks nobody's name has none to tell apart.
    const operator = c.get('operator') as Operator | undefined;
    if (rule.kind === 'ignored' || operator === undefined) return next();
    const key = readIdempotencyKey(header);
    if (key === null) {
      throw new Failure('usage', 'An Idempotency-Key is 1 to 255 visible ASCII characters. Nothing was done.');
    }
    const keys = services.requestKeys;
    const upload = c.req.path === importPath ? watchUpload(c, keys) : null;
    const request: KeyedRequest = {
      caller: operator.operatorId,
      key,
      fingerprint: await fingerprintOf(c, keys, upload === null),
    };
    const isAnew = upload !== null && c.req.query('anew') === 'true';
    const claimed = await keys.claim(request, rule.kind === 'read' || (rule.whenLost === 'repeat' && !isAnew));
    switch (claimed.kind) {
      case 'other':
        throw reused();
      case 'running':
        if (rule.kind === 'read') return next();
        throw new Failure(
          'request-running',
          'The first request with this Idempotency-Key is still at work. Repeat this one in some seconds; it gets that answer.',
        );
      case 'lost':
        throw new Failure(
          'outcome-unknown',
          'The server ended while it did the first request with this Idempotency-Key. Whether that was done is not known, and this request did nothing. Look at what is there, then ask with a new key.',
        );
      case 'answered':
        if (rule.kind === 'read') return next();
        if (upload !== null && (await upload.readAll()) !== claimed.answer.bodyMac) throw reused();
        return replay(c, claimed.answer);
      case 'new':
        break;
    }
    const recorder = makeRecorder({ keys, request, log, requestId: c.get('requestId'), upload });
    if (rule.kind === 'read') {
      // At once: a reading is never waited for, only recognised.
      await recorder.keep({ status: 204, contentType: ndjson, body: null });
      return next();
    }
    c.set('keepLastLine', (line) => recorder.keepLine(line));
    await next();
    const contentType = c.res.headers.get('content-type') ?? '';
    if (c.res.ok && contentType.startsWith(ndjson)) return undefined;
    await recorder.keep({ status: c.res.status, contentType, body: await c.res.clone().text() });
    return undefined;
  };
}

interface Recorder {
  keep(answer: Omit<KeptAnswer, 'bodyMac'>): Promise<void>;
  keepLine(line: StreamLine<unknown, unknown>): Promise<void>;
}

/** What was done is answered even where the answer cannot be kept: the key is then known as lost, and acts no second time. */
function makeRecorder(of: {
  readonly keys: RequestKeys;
  readonly request: KeyedRequest;
  readonly log: HttpLog;
  readonly requestId: string;
  readonly upload: WatchedUpload | null;
}): Recorder {
  const { keys, request, log, requestId, upload } = of;
  const settle = async (answer: Omit<KeptAnswer, 'bodyMac'>, isDone: boolean): Promise<void> => {
    try {
      if (isDone) await keys.keep(request, { ...answer, bodyMac: upload?.mac() ?? null });
      else await keys.free(request);
    } catch (error) {
      log.error({ err: error, requestId }, 'the answer to a keyed request could not be kept');
    }
  };
  return {
    // A list that was refused before it was read is not known by its digest.
    keep: (answer) => settle(answer, upload === null && (answer.status < 400 || !didNothing(codeOf(answer.body)))),
    async keepLine(line) {
      if (line.kind === 'progress') return;
      const answer = { status: 200, contentType: ndjson, body: `${JSON.stringify(line)}\n` };
      // An import that failed goes on where it stood when it is sent again, with the same key too.
      const isDone = line.kind === 'result' || (upload === null && !didNothing(line.problem.code));
      await settle(answer, isDone);
    },
  };
}

function didNothing(code: string): boolean {
  return Object.hasOwn(failureTable, code) && doneNothing.includes(failureTable[code as FailureCode].exit);
}

function codeOf(body: string | null): string {
  try {
    return (JSON.parse(body ?? '') as Problem).code;
  } catch {
    return 'internal';
  }
}

function replay(c: Context<ApiEnv>, { status, contentType, body }: KeptAnswer): Response {
  if (body === null) {
    throw new Failure(
      'outcome-unknown',
      'The first request with this Idempotency-Key was answered, and its answer was too large to keep, or a secret. This one did nothing. Look at what is there.',
    );
  }
  return c.body(body, status as 200, { 'Content-Type': contentType, 'Idempotent-Replayed': 'true' });
}

function reused(): Failure {
  return new Failure(
    'key-reused',
    'This Idempotency-Key was sent with another request before. Nothing was done. Take a new key for each request.',
  );
}

async function fingerprintOf(c: Context<ApiEnv>, keys: RequestKeys, withBody: boolean): Promise<string> {
  const { pathname, search } = new URL(c.req.url);
  const mac = keys.startMac();
  mac.update(`${c.req.method} ${pathname}${search}\n`);
  if (withBody) mac.update(new Uint8Array(await c.req.arrayBuffer()));
  return mac.hex();
}

interface WatchedUpload {
  /** Of the whole list; null until its end was read. */
  mac(): string | null;
  /** Reads a list that nobody else reads, to tell whether it is the same. */
  readAll(): Promise<string | null>;
}

/** Digests a list while the import reads it: in constant memory, however long it is. */
function watchUpload(c: Context<ApiEnv>, keys: RequestKeys): WatchedUpload {
  const mac: Mac = keys.startMac();
  let whole: string | null = null;
  const body = c.req.raw.body?.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        mac.update(chunk);
        controller.enqueue(chunk);
      },
      flush() {
        whole = mac.hex();
      },
    }),
  );
  if (body !== undefined) c.req.raw = new Request(c.req.raw, { body, duplex: 'half' } as RequestInit);
  return {
    mac: () => whole,
    async readAll() {
      if (body === undefined) return null;
      await body.pipeTo(new WritableStream());
      return whole;
    },
  };
}
