/** So many messages in any stretch of so many seconds, however it is laid. */
export interface RateLimit {
  readonly messages: number;
  readonly windowSeconds: RateWindow;
}

/** A second, a minute, an hour, a day: what providers name their limits by. */
export type RateWindow = (typeof rateWindows)[number];
export const rateWindows = [1, 60, 3_600, 86_400] as const;

/** Monotonic clocks may be slewed by 500 ppm (adjtimex(2)); twice that lies between two hosts at most. */
export const clockSlew = 1.001;
/** A lease lasts for this part of the smallest window that it is counted in: the rate that this costs is lost. */
const lifeShare = 1 / 8;
const lifeMaxMs = 5_000;
/** Leases of one worker within this part of a window are counted as one, the newest: 40 to 50 rows a window, not 1,000. */
const bucketShare = 1 / 20;
/** Two clocks on the wall that both say that a lease is old are believed beyond this. */
export const wallDoubtMs = 120_000;

/** How long, on the monotonic clock of whoever asked and from before the request, a leased message may be sent. */
export function leaseLifeMs(limits: readonly RateLimit[]): number {
  return Math.min(lifeMaxMs, ...limits.map((one) => one.windowSeconds * 1_000 * lifeShare));
}

/**
 * A message leased at `asked` may leave until `asked` + life. Once so long has passed since then, nothing that is leased
 * from now on can fall into one window with it.
 */
export function countsForMs(windowSeconds: RateWindow): number {
  return windowSeconds * 1_000 * clockSlew;
}

/** The leases of one worker in one bucket are counted together, and are free together, with the youngest of them. */
export function bucketOf(windowSeconds: RateWindow, monotonicMs: number): number {
  return Math.floor(monotonicMs / (windowSeconds * 1_000 * bucketShare));
}

/** What ordinary notices may use of a limit: the rest is kept for corrections. A limit of one keeps nothing. */
export function ordinaryMost(messages: number, reserve: number): number {
  return Math.max(1, Math.floor(messages * (1 - reserve)));
}

/** Ordinary notices that limits let out in so many seconds, at most; null where there is no limit. */
export function ordinaryWithin(limits: readonly RateLimit[], reserve: number, seconds: number): number | null {
  if (limits.length === 0) return null;
  const each = limits.map((one) => {
    const most = ordinaryMost(one.messages, reserve);
    return seconds <= one.windowSeconds ? most : most * (seconds / cycleSeconds(one));
  });
  return Math.max(1, Math.floor(Math.min(...each)));
}

/** The least seconds in which so many ordinary notices can leave, from empty windows; 0 where there is no limit. */
export function secondsToSend(limits: readonly RateLimit[], reserve: number, messages: number): number {
  const each = limits.map((one) => {
    const most = ordinaryMost(one.messages, reserve);
    return messages <= most ? 0 : (Math.ceil(messages / most) - 1) * cycleSeconds(one);
  });
  return Math.max(0, ...each);
}

/** After so long the whole of a limit is there again: its window, the life of a lease, and what a bucket rounds away. */
function cycleSeconds({ messages, windowSeconds }: RateLimit): number {
  const life = leaseLifeMs([{ messages, windowSeconds }]) / 1_000;
  return windowSeconds * (clockSlew + bucketShare) + life;
}

/** The tightest of several limits of one window. */
export function tightest(limits: readonly RateLimit[]): readonly RateLimit[] {
  return rateWindows.flatMap((windowSeconds) => {
    const most = limits.filter((one) => one.windowSeconds === windowSeconds).map((one) => one.messages);
    return most.length === 0 ? [] : [{ messages: Math.min(...most), windowSeconds }];
  });
}

const units = { 1: 's', 60: 'min', 3600: 'h', 86400: 'day' } as const;

/** `14 per s, 50000 per day`. */
export function limitsInWords(limits: readonly RateLimit[]): string {
  return limits.map((one) => `${one.messages} per ${units[one.windowSeconds]}`).join(', ');
}
