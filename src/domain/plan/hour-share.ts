import { clockSlew } from '../rate/rate-limit.ts';
import type { PlanLimits } from './limits.ts';

/** A permit's mails leave within its time, so that this much later none of them can fall into one hour with a new one. */
const hourSeconds = 3_600;

/** How far back a permit counts: the hour, and the longest that its mails may leave after it was taken. */
export function hourCountsSeconds({ permitSeconds, smallPermitSeconds }: PlanLimits): number {
  return hourSeconds + Math.max(permitSeconds, smallPermitSeconds);
}

/** The same on a clock that may be slewed. */
export function hourCountsForMs(limits: PlanLimits): number {
  return hourCountsSeconds(limits) * 1_000 * clockSlew;
}

/**
 * The most people of a plan who are told in any stretch of an hour: its share of those it tells, and never fewer than the floor, which
 * is the largest of the named first waves. Null: the plan was frozen before there was a bound.
 */
export function hourMost(
  told: number,
  { tellHourShare, tellHourFloor }: Pick<PlanLimits, 'tellHourShare' | 'tellHourFloor'>,
): number | null {
  if (tellHourShare === undefined) return null;
  return Math.max(tellHourFloor ?? 1, Math.floor(told * tellHourShare), 1);
}
