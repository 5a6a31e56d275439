import type { HttpLog } from './api-env.ts';

export interface SeenRequest {
  readonly method: string;
  /** The pattern and not the path: a path may hold a notice number. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

export type NoteRequest = (requestId: string, startedMs: number, seen: Omit<SeenRequest, 'seconds'>) => void;

/** Requests with one method, route and status, in one second. */
interface Kind {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  seen: number;
  slowestMs: number;
}

/** More of one kind in one second are one line with their number. */
const linesOfKind = 20;
const secondMs = 1_000;

/**
 * What is left of each request: the figures, and a line of the log while there are few of its kind. A storm of one page is
 * not to fill the disk with lines that say the same, nor to hide what else is asked; a line costs as much as such a page.
 * `startedMs` is by `performance.now()`.
 */
export function makeRequestNote(log: HttpLog, onRequest?: (request: SeenRequest) => void): NoteRequest {
  const kinds = new Map<string, Kind>();
  const endSecond = (): void => {
    for (const { method, route, status, seen, slowestMs } of kinds.values())
      if (seen > linesOfKind)
        log.info(
          { method, route, status, requests: seen - linesOfKind, slowestMs },
          'more such requests in one second',
        );
    kinds.clear();
  };
  return (requestId, startedMs, { method, route, status }) => {
    const elapsedMs = performance.now() - startedMs;
    const ms = Math.round(elapsedMs);
    if (kinds.size === 0) setTimeout(endSecond, secondMs).unref();
    const key = `${method} ${status} ${route}`;
    const kind = kinds.get(key) ?? { method, route, status, seen: 0, slowestMs: 0 };
    if (kind.seen === 0) kinds.set(key, kind);
    kind.seen += 1;
    if (kind.seen <= linesOfKind) log.info({ requestId, method, route, status, ms }, 'request');
    else kind.slowestMs = Math.max(kind.slowestMs, ms);
    onRequest?.({ method, route, status, seconds: elapsedMs / 1_000 });
  };
}
