import type { Context } from 'hono';
import { ndjson } from '../contract/answers.ts';
import type { StreamLine } from '../contract/stream-line.ts';
import type { ApiEnv, HttpLog } from './api-env.ts';
import { failureOf, problemOf } from './problem-of.ts';

/** Progress is for a person who watches: more lines than this show nothing more. */
const progressEveryMs = 250;

export interface StreamedWork<Progress, Result> {
  /** Does the work; `report` may be called as often as it likes. */
  run(report: (progress: Progress) => void): Promise<Result>;
  /** What kind of progress it is: the first of each kind is always sent, since it says what comes now. */
  phaseOf(progress: Progress): string;
}

/**
 * Answers long work as NDJSON: progress, then its result or its problem. The status is sent before the work begins, so
 * a client reads the last line and not the status. A client that goes away does not end the work.
 */
export function answerStream<Progress, Result>(
  c: Context<ApiEnv>,
  log: HttpLog,
  work: StreamedWork<Progress, Result>,
): Response {
  const requestId = c.get('requestId');
  const keepLastLine = c.get('keepLastLine');
  const encoder = new TextEncoder();
  let isOpen = true;
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      const send = (line: StreamLine<Progress, Result>) => {
        if (isOpen) controller.enqueue(encoder.encode(`${JSON.stringify(line)}\n`));
      };
      const end = async (line: StreamLine<Progress, Result>) => {
        // Before it is sent, and also where nobody reads any more: whoever asks again with the same key gets it.
        await keepLastLine?.(line);
        send(line);
      };
      let sentAtMs = 0;
      let phase = '';
      try {
        const result = await work.run((progress) => {
          const nowMs = performance.now();
          if (work.phaseOf(progress) === phase && nowMs - sentAtMs < progressEveryMs) return;
          sentAtMs = nowMs;
          phase = work.phaseOf(progress);
          send({ kind: 'progress', progress });
        });
        await end({ kind: 'result', result });
      } catch (error) {
        const failure = failureOf(error);
        const problem = problemOf(failure, requestId);
        if (problem.status >= 500) log.error({ err: error, requestId, code: failure.code }, 'a request failed');
        await end({ kind: 'problem', problem });
      }
      if (isOpen) controller.close();
    },
    cancel() {
      isOpen = false;
    },
  });
  return c.body(body, 200, { 'Content-Type': ndjson });
}

/** Answers an iterable line by line, as fast as the client reads. A failure half way is a last line of kind `problem`. */
export function answerLines(c: Context<ApiEnv>, log: HttpLog, lines: AsyncIterable<object>): Response {
  const requestId = c.get('requestId');
  const encoder = new TextEncoder();
  const iterator = lines[Symbol.asyncIterator]();
  // Whoever asked may go while a line is read for them: nothing of it is a failure of ours.
  let isOpen = true;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const next = await iterator.next();
        if (!isOpen) return;
        if (next.done === true) return controller.close();
        controller.enqueue(encoder.encode(`${JSON.stringify(next.value)}\n`));
      } catch (error) {
        const failure = failureOf(error);
        const problem = problemOf(failure, requestId);
        if (problem.status >= 500) log.error({ err: error, requestId, code: failure.code }, 'a request failed');
        if (!isOpen) return;
        controller.enqueue(encoder.encode(`${JSON.stringify({ kind: 'problem', problem })}\n`));
        controller.close();
      }
    },
    async cancel() {
      isOpen = false;
      await iterator.return?.();
    },
  });
  return c.body(body, 200, { 'Content-Type': ndjson });
}
