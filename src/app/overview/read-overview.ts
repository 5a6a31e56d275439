import type { Operator } from '../../domain/approval/operator.ts';
import type { RolloutRow } from '../ports/rollout-store.ts';
import type { Store, Tx } from '../ports/store.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { PlanId, RetractionId } from '../../domain/shared/ids.ts';
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
  /**
   * Rollouts with something running or halted, newest first. A plan that was put right is among them only while something of it
   * moves, or somebody of it knows nothing.
   */
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
      unfinished: await newestFirst(tx, await tx.rollouts.unfinished()),
      waiting: await findWaiting(deps, tx, me),
    };
  });
  const rollouts: RolloutStatus[] = [];
  const read = seen.unfinished.slice(0, rolloutsRead);
  for (const { subject } of read) rollouts.push(await readRolloutStatus(deps, subject));
  const putRight = new Map(read.flatMap((one) => (one.by === null ? [] : [[one.subject, one.by] as const])));
  return {
    readAt: seen.readAt,
    rollouts: rollouts.filter((status) => !putRight.has(status.subject) || isOpenStill(status)),
    more: Math.max(0, seen.unfinished.length - rolloutsRead),
    waiting: seen.waiting,
    wrong: findWrong({ ...seen, statuses: rollouts, putRight }),
  };
}

interface Unfinished {
  readonly subject: PlanId | RetractionId;
  /** The retraction that put it right; null where none did, or where it goes on. */
  readonly by: RetractionId | null;
}

/** What was put right last: it hardly needs anybody any more. */
async function newestFirst(tx: Tx, rows: readonly RolloutRow[]): Promise<readonly Unfinished[]> {
  const all: Unfinished[] = [];
  for (const row of rows.toReversed())
    all.push({ subject: subjectOf(row), by: row.kind === 'plan' ? await putRightBy(tx, row) : null });
  return [...all.filter(({ by }) => by === null), ...all.filter(({ by }) => by !== null)];
}

/** The newest retraction of a plan, where it ended and the plan has not gone on since. */
async function putRightBy(tx: Tx, { no, subjectNo }: RolloutRow): Promise<RetractionId | null> {
  const [newest] = await tx.retractions.ofPlan(`plan_${subjectNo}`);
  const rollout = newest === undefined ? null : await tx.rollouts.find('retraction', numberOf(newest.id));
  if (newest === undefined || rollout === null) return null;
  const isEnded = (await tx.rollouts.tracks(rollout.no)).every(({ phase }) => phase === 'finished');
  const own = (await tx.rollouts.tracks(no)).filter(({ track }) => track === 'contain' || track === 'tell');
  // Halted after the retraction began: it was resumed in between, and that is another matter.
  const isStill = own.every(
    ({ phase, haltedAt }) => phase !== 'running' && (haltedAt === null || haltedAt < rollout.startedAt),
  );
  return isEnded && isStill ? newest.id : null;
}

function isOpenStill({ tracks, containedUntold }: RolloutStatus): boolean {
  return tracks.some(({ phase }) => phase === 'running') || (containedUntold?.count ?? 0) > 0;
}
