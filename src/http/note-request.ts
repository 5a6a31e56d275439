import type { HttpLog } from './api-env.ts';

export interface SeenRequest {
  readonly method: string;
  /** The pattern and not the path: a path may hold a notice number. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

export type NoteRequest = (requestId: string, startedMs: number, seen: Omit<SeenRequest, 'seconds'>) => void;

/** What is left of each request: a line of the log, and the figures. `startedMs` is by `performance.now()`. */
export function makeRequestNote(log: HttpLog, onRequest?: (request: SeenRequest) => void): NoteRequest {
  return (requestId, startedMs, { method, route, status }) => {
    const ms = performance.now() - startedMs;
    log.info({ requestId, method, route, status, ms: Math.round(ms) }, 'request');
    onRequest?.({ method, route, status, seconds: ms / 1_000 });
  };
}
