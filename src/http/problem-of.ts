import { HTTPException } from 'hono/http-exception';
import { failureTable } from '../contract/failure-table.ts';
import type { Problem } from '../contract/problem.ts';
import { Failure } from '../domain/shared/failure.ts';

/** Sorts whatever was thrown. What we did not foresee is `internal`, and its words stay in the log. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof HTTPException && error.status < 500) return new Failure('usage', unreadable(error.message));
  return new Failure('internal', failureTable.internal.title, {}, error);
}

/** The framework's words for a body that it could not read say neither what was wanted nor that nothing happened. */
function unreadable(words: string): string {
  switch (words) {
    case 'Unsupported Media Type':
      return 'The body is not said to be JSON. Send "Content-Type: application/json". Nothing was done.';
    case 'Malformed JSON in request body':
      return 'The body is no JSON. Nothing was done.';
    default:
      return `${words}. Nothing was done.`;
  }
}

/** The problem document (RFC 9457) of a failure. */
export function problemOf(failure: Failure, requestId: string): Problem {
  const { status, title, next } = failureTable[failure.code];
  return {
    type: `urn:allclear:problem:${failure.code}`,
    title,
    status,
    code: failure.code,
    detail: failure.message,
    next,
    requestId,
    facts: { ...failure.facts },
  };
}
