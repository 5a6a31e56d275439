import type { Logger } from 'pino';

/** What goes on being wrong is said again after this long, with how often it came: a full disk must not fill the log too. */
const againMs = 600_000;

export interface SayOnce {
  /** The first time, and then every ten minutes while it goes on. */
  failed(what: string, error: unknown, words: string): void;
  /** A state in words, when it changes; null where it is over. */
  held(what: string, reason: string | null): void;
  /** It works again: the next failure is a new one. */
  well(what: string): void;
}

export function makeSayOnce(log: Pick<Logger, 'error' | 'warn' | 'info'>, nowMs: () => number): SayOnce {
  const failing = new Map<string, { saidMs: number; times: number }>();
  const reasons = new Map<string, string>();
  return {
    failed(what, error, words) {
      const known = failing.get(what);
      if (known !== undefined && nowMs() - known.saidMs < againMs) {
        known.times += 1;
        return;
      }
      log.error({ err: error, ...(known === undefined ? {} : { timesSince: known.times }) }, words);
      failing.set(what, { saidMs: nowMs(), times: 1 });
    },
    held(what, reason) {
      if (reason === (reasons.get(what) ?? null)) return;
      if (reason === null) {
        reasons.delete(what);
        log.info({ held: what }, 'no longer held');
        return;
      }
      reasons.set(what, reason);
      log.warn({ held: what, reason }, 'held: no permit is taken');
    },
    well(what) {
      if (failing.delete(what)) log.info({ what }, 'works again');
    },
  };
}
