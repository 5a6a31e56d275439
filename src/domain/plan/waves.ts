import { ordinaryWithin } from '../rate/rate-limit.ts';
import { hourMost } from './hour-share.ts';
import type { PlanLimits } from './limits.ts';

/**
 * How the two tracks of a plan are cut into waves, frozen with it. Ends are cumulative: wave w of a track holds the
 * ordinals from `ends[w-1]` to `ends[w] - 1` of that track.
 */
export interface WavePlan {
  readonly containEnds: readonly number[];
  readonly tellEnds: readonly number[];
  /** Tell wave w opens only when every contain ordinal below this is settled: nobody is told before it is done. */
  readonly tellNeedsContained: readonly number[];
  /** Contain wave w opens only when this many tell waves passed their gate; 0 throughout when containing first. */
  readonly containNeedsTold: readonly number[];
}

/** Cumulative ends for `total` members: the named sizes, then each `growth` times the last, never past `largest`. */
export function waveEnds(total: number, sizes: readonly number[], growth: number, largest: number): readonly number[] {
  return waveEndsAt([total], sizes, growth, largest);
}

/** A wave that takes longer than this to leave is judged when most of it was sent long ago. */
const longestWaveSeconds = 3_600;

/** The waves of notices to `told` people: none larger than what the rate, or the share of the plan, lets out in an hour; the first aside. */
export function tellEndsOf(told: number, limits: PlanLimits): readonly number[] {
  const { tellWaveSizes, growth, largestWave, mailRate } = limits;
  const carried = mailRate === undefined ? null : ordinaryWithin(mailRate.limits, mailRate.reserve, longestWaveSeconds);
  const ofHour = hourMost(told, limits) ?? Infinity;
  const bound = Math.min(ofHour, Math.max(carried ?? Infinity, tellWaveSizes[0] ?? 1));
  return waveEnds(
    told,
    tellWaveSizes.map((size) => Math.min(size, bound)),
    growth,
    Math.min(largestWave, bound),
  );
}

/** `tellsInOrder[i]` says whether the i-th contained member is also told; members keep this one order on both tracks. */
export function planWaves(tellsInOrder: Iterable<boolean>, limits: PlanLimits): WavePlan {
  const { containOf, containTotal } = containPositionsOfTold(tellsInOrder);
  const { growth, largestWave, containWaveSizes } = limits;
  const tellEnds = tellEndsOf(containOf.length, limits);
  // Also where a wave goes zone by zone inside: who is in it, and so the last of them to be contained, is the same.
  const tellNeedsContained = tellEnds.map((end) => (containOf[end - 1] ?? -1) + 1);
  if (limits.order === 'contain-first' || tellEnds.length === 0) {
    const containEnds = waveEnds(containTotal, containWaveSizes, growth, largestWave);
    return { containEnds, tellEnds, tellNeedsContained, containNeedsTold: containEnds.map(() => 0) };
  }
  // A wave of containment ends where a wave of notices can begin, and sooner where too many of it are told nothing.
  const containEnds = waveEndsAt(tellNeedsContained.with(-1, containTotal), containWaveSizes, growth, largestWave);
  const containNeedsTold = containEnds.map(
    (_, wave) => tellNeedsContained.filter((needed) => needed <= (containEnds[wave - 1] ?? 0)).length,
  );
  return { containEnds, tellEnds, tellNeedsContained, containNeedsTold };
}

/** Cumulative ends up to the last of `stops`; each stop ends a wave. Stops do not fall. */
function waveEndsAt(
  stops: readonly number[],
  sizes: readonly number[],
  growth: number,
  largest: number,
): readonly number[] {
  const ends: number[] = [];
  let end = 0;
  let size = 0;
  for (const stop of stops) {
    while (end < stop) {
      size = Math.max(1, sizes[ends.length] ?? Math.min(largest, size * growth));
      end = Math.min(stop, end + size);
      ends.push(end);
    }
  }
  return ends;
}

function containPositionsOfTold(tellsInOrder: Iterable<boolean>): { containOf: number[]; containTotal: number } {
  const containOf: number[] = [];
  let containTotal = 0;
  for (const tells of tellsInOrder) {
    if (tells) containOf.push(containTotal);
    containTotal += 1;
  }
  return { containOf, containTotal };
}
