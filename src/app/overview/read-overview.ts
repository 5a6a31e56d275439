import type { Operator } from '../../domain/approval/operator.ts';
import type { Store } from '../ports/store.ts';
import { readRolloutStatus } from '../rollout/read-status.ts';
import type { ReadStatusDeps, RolloutStatus } from '../rollout/read-status.ts';
import { disputeSensor } from '../rollout/take-permit.ts';
import { findWaiting } from './find-waiting.ts';
import type { FindWaitingDeps, Waiting } from './find-waiting.ts';
import { findWrong } from './find-wrong.ts';
import type { Wrong } from './find-wrong.ts';
import { subjectOf } from './list-rollouts.ts';

/** Each is read whole, at up to two seconds for half a million members; the rest is counted. */
const rolloutsRead = 8;
/** Longer ago it was stopped on purpose, or somebody knows. */
const workersRemembered = 3_600;

export interface ReadOverviewDeps extends ReadStatusDeps, FindWaitingDeps {
  readonly store: Store;
}

export interface Overview {
  readonly readAt: Date;
  /** Rollouts with something running or halted, newest first. */
  readonly rollouts: readonly RolloutStatus[];
  /** How many more there are than were read. */
  readonly more: number;
  readonly waiting: readonly Waiting[];
  readonly wrong: readonly Wrong[];
}

/** What runs now, what waits for this person, and what is wrong. */
export async function readOverview(deps: ReadOverviewDeps, me: Operator): Promise<Overview> {
  const seen = await deps.store.transact(async (tx) => {
    const [worker] = await tx.operation.workers(workersRemembered);
    return {
      readAt: await tx.rollouts.now(),
      behind: await tx.standing.behind(),
      workerSilentSeconds: worker?.silentSeconds ?? null,
      sensorAgeSeconds: await tx.rollouts.sensorAgeSeconds(disputeSensor),
      mailHolds: await tx.rollouts.mailHolds(),
      unfinished: (await tx.rollouts.unfinished()).map(subjectOf).toReversed(),
      waiting: await findWaiting(deps, tx, me),
    };
  });
  const rollouts: RolloutStatus[] = [];
  for (const subject of seen.unfinished.slice(0, rolloutsRead)) rollouts.push(await readRolloutStatus(deps, subject));
  return {
    readAt: seen.readAt,
    rollouts,
    more: Math.max(0, seen.unfinished.length - rolloutsRead),
    waiting: seen.waiting,
    wrong: findWrong({ ...seen, statuses: rollouts }),
  };
}
