import { hourCountsForMs, hourCountsSeconds, hourMost } from '../../domain/plan/hour-share.ts';
import type { PlanLimits } from '../../domain/plan/limits.ts';
import { isOrdinaryMail } from '../../domain/shared/track.ts';
import type { StoredTrack } from '../ports/rollout-store.ts';
import type { HourAsker } from '../ports/rollout-store.ts';
import type { Tx } from '../ports/store.ts';
import type { HourClock } from './hour-clock.ts';

/** What of a plan may be told in any hour, and what permits were lent for of it by now, as the database's clock has it. */
export interface HourUse {
  readonly most: number;
  readonly told: number;
}

/** Null where it cannot bind: the track is no notice, has no more people than that, or was frozen before there was a bound. */
export async function readHourUse(tx: Tx, track: StoredTrack, limits: PlanLimits): Promise<HourUse | null> {
  const most = mostOf(track, limits);
  if (most === null) return null;
  return { most, told: await tx.rollouts.lentWithin(track.rolloutNo, hourCountsSeconds(limits)) };
}

function mostOf({ track, members }: StoredTrack, limits: PlanLimits): number | null {
  const most = isOrdinaryMail(track) ? hourMost(members, limits) : null;
  return most === null || members <= most ? null : most;
}

/**
 * Whether one more permit may be taken, and how large. The answer stands until the transaction ends: who asks meanwhile waits. A
 * range that comes back may be as large as any, so nothing is taken while less than that is left: never one too many.
 */
export async function hourRoom(
  tx: Tx,
  track: StoredTrack,
  limits: PlanLimits,
  clock: Pick<HourClock, 'stillCounted'>,
  asker: HourAsker,
): Promise<
  | { readonly kind: 'room'; readonly sizeMost: number; readonly isBounded: boolean }
  | { readonly kind: 'used'; readonly reason: string }
> {
  const most = mostOf(track, limits);
  if (most === null) return { kind: 'room', sizeMost: Infinity, isBounded: false };
  await tx.rollouts.lockHour(track.rolloutNo);
  const countsForMs = hourCountsForMs(limits);
  const { here, elsewhere } = await tx.rollouts.lentForHour(track.rolloutNo, asker, countsForMs);
  const told = here + clock.stillCounted(elsewhere, countsForMs);
  const sizeMost = Math.min(most, Math.max(limits.permitSize, limits.smallPermitSize));
  if (most - told >= sizeMost) return { kind: 'room', sizeMost, isBounded: true };
  return { kind: 'used', reason: hourInWords(most) };
}

/** Without what is used: a reason that changes with every permit would be logged with every permit. */
export function hourInWords(most: number): string {
  return `what may be told of this plan in an hour, ${most} people, is used up: it goes on as the hour moves`;
}
