import { containOutcomeCodes } from '../../domain/action/contain-outcome.ts';
import { haltedMsSince } from '../../domain/rollout/halt-period.ts';
import { deliveryByte, deliveryStates } from '../../domain/notice/delivery-state.ts';
import { isUntold } from '../../domain/notice/delivery-transitions.ts';
import type { UntoldTally } from '../ports/rollout-store.ts';
import type { Tx } from '../ports/store.ts';

/** People who are contained and whom no notice can have reached: a counted state with a deadline (I25). */
export interface ContainedUntold {
  /** Of those whom the plan means to tell. */
  readonly count: number;
  /** Those whom the plan never meant to tell, by lane: each lane has an owner and a clock. */
  readonly lanes: Readonly<Record<string, number>>;
  /** When the longest waiting of `count` was contained. */
  readonly oldestContainedAt: Date | null;
  /** Told by another approved way by then, or restored. */
  readonly deadline: Date | null;
  readonly overdue: boolean;
}

const bytes = {
  contained: containOutcomeCodes.contained,
  untold: deliveryStates.filter(isUntold).map(deliveryByte),
};

export async function countUntold(tx: Tx, rolloutNo: number, untoldHours: number, now: Date): Promise<ContainedUntold> {
  const tallies = await tx.rollouts.containedUntold(rolloutNo, bytes);
  const meant = tallies.filter((tally) => tally.meantToBeTold);
  const oldestContainedAt = oldestOf(meant);
  const deadline =
    oldestContainedAt === null ? null : await untoldDeadline(tx, rolloutNo, oldestContainedAt, untoldHours, now);
  return {
    count: meant.reduce((sum, tally) => sum + tally.count, 0),
    lanes: Object.fromEntries(
      tallies.filter((tally) => !tally.meantToBeTold).map((tally) => [tally.lane, tally.count]),
    ),
    oldestContainedAt,
    deadline,
    overdue: deadline !== null && now > deadline,
  };
}

/**
 * Nobody can be told while notices stand halted: the deadline is moved by as long as they do. A pause moves it not at all: one person
 * set it, and who is contained and untold must not wait longer in silence for that (docs/adr/0040).
 */
export async function untoldDeadline(
  tx: Tx,
  rolloutNo: number,
  since: Date,
  untoldHours: number,
  now: Date,
): Promise<Date> {
  const haltedMs = haltedMsSince(await tx.rollouts.haltPeriods(rolloutNo, 'tell'), since, now);
  return new Date(since.getTime() + untoldHours * 3_600_000 + haltedMs);
}

function oldestOf(tallies: readonly UntoldTally[]): Date | null {
  return tallies
    .map((tally) => tally.oldestContainedAt)
    .reduce((oldest, at) => (oldest === null || (at !== null && at < oldest) ? at : oldest), null);
}
