import type { GivenApproval } from '../../domain/approval/quorum.ts';
import type { Clock } from '../ports/clock.ts';

/** More approvals than hold at one time; the longest unasked are watched anew. */
const mostWatched = 10_000;

/**
 * An approval ends at a moment of the database's clock, and that clock can be set back. A process therefore lets none hold for longer
 * than was left of it when it first saw it, on a clock that nobody sets (I23). A process that starts anew watches anew.
 */
export interface ApprovalWatch {
  /** Whether its time is not over yet, as far as this process has watched it; `now` is the database's. */
  holds(subject: string, approval: GivenApproval, now: Date): boolean;
}

export function makeApprovalWatch(clock: Pick<Clock, 'monotonicMs'>): ApprovalWatch {
  const endsAtMs = new Map<string, number>();
  return {
    holds(subject, { operator, digest, decision, expiresAt, givenAt }, now) {
      const leftMs = expiresAt.getTime() - now.getTime();
      if (leftMs <= 0) return false;
      const key = [subject, operator.operatorId, digest, decision, givenAt.getTime(), expiresAt.getTime()].join(' ');
      const nowMs = clock.monotonicMs();
      // A clock that is ahead for a while makes it shorter, and none makes it longer.
      const ends = Math.min(endsAtMs.get(key) ?? Infinity, nowMs + leftMs);
      endsAtMs.delete(key);
      endsAtMs.set(key, ends);
      const [oldest] = endsAtMs.keys();
      if (endsAtMs.size > mostWatched && oldest !== undefined) endsAtMs.delete(oldest);
      return nowMs < ends;
    },
  };
}
