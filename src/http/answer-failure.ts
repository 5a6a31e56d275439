import type { Context } from 'hono';
import type { FailureCode } from '../domain/shared/failure.ts';
import { problemType } from '../contract/problem.ts';
import type { ApiEnv, HttpLog } from './api-env.ts';
import { failureOf, problemOf } from './problem-of.ts';

/** Seconds that a client is asked to wait where we know nothing better. */
const retryAfterSeconds = 5;

/** States that the server itself says once: a probe asks every few seconds, and each answer is in the log of requests. */
const toldOnce: readonly FailureCode[] = ['database-behind', 'disk-full'];

/** Answers anything thrown with its problem document; ours to mend is logged with its cause, refusals are not. */
export function answerFailure(error: unknown, c: Context<ApiEnv>, log: HttpLog): Response {
  const failure = failureOf(error);
  const requestId = c.get('requestId');
  const problem = problemOf(failure, requestId);
  if (problem.status >= 500 && !toldOnce.includes(failure.code))
    log.error({ err: error, requestId, code: failure.code }, 'a request failed');
  if (problem.status === 401) c.header('WWW-Authenticate', 'Bearer');
  const wait = failure.facts['retryAfterSeconds'] ?? retryAfterSeconds;
  const isForLater = problem.status === 429 || problem.status === 503 || problem.code === 'request-running';
  if (isForLater) c.header('Retry-After', String(wait));
  return c.body(JSON.stringify(problem), problem.status as 500, { 'Content-Type': problemType });
}
