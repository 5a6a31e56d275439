import type { Problem } from '../../../src/contract/problem.ts';

/** The server said no, in its own words; or it could not be asked, in ours. */
export class Refused extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.name = 'Refused';
    this.problem = problem;
  }
}

export function isRefusedFor(error: unknown, code: string): boolean {
  return error instanceof Refused && error.problem.code === code;
}

/** What is shown of anything that was thrown. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Refused) return error.problem;
  return unanswered(error instanceof Error ? error.message : 'Something went wrong in the console itself.');
}

export function unanswered(detail: string): Problem {
  return {
    type: 'about:blank',
    title: 'The server did not answer.',
    status: 0,
    code: 'server-unavailable',
    detail,
    next: 'Try again. To halt without the server, on its own machine: allclear halt --direct',
    requestId: '',
    facts: {},
  };
}
