import { tracksStoppedBy } from '../../domain/rollout/halt-scope.ts';
import type { HaltRequest } from '../../domain/rollout/halt-request.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { PlanId, RetractionId } from '../../domain/shared/ids.ts';
import type { Track } from '../../domain/shared/track.ts';
import type { Fence } from '../ports/fence.ts';
import type { PendingHalt, PendingHalts } from '../ports/pending-halts.ts';
import type { RolloutRow, StoredTrack } from '../ports/rollout-store.ts';
import type { Store, Tx } from '../ports/store.ts';
import { countHandedOver } from './count-handed-over.ts';
import { haltQueues } from './halt-queues.ts';
import { tallyTrack } from './tally-track.ts';

/** How long a halt waits for the rollout's lock before it ends the backends that hold it. */
const lockTimeoutMs = 500;
/** Each ends whoever kept the locks for too long before it; after some twelve seconds what is left is beyond this role. */
const mostAttempts = 12;

export interface HaltDeps {
  readonly store: Store;
  readonly fence: Fence;
  /** Tells other hosts without taking any lock; a failure here must not keep the halt from committing. */
  readonly publishHalt: (rolloutNo: number, track: Track, throughEpoch: number) => Promise<void>;
  /** Says what went wrong on the way while the halt goes on. */
  readonly warn: (message: string) => void;
}

export interface PersonHaltDeps extends HaltDeps {
  readonly pending: PendingHalts;
  /** Null when `work` is not done in the time that a person who halts is kept waiting; it goes on all the same. */
  readonly inTime: <T>(work: Promise<T>) => Promise<T | null>;
}

export interface HaltedRollout {
  readonly subject: PlanId | RetractionId;
  /** Tracks that this call halted; those that stood already are not named again. */
  readonly halted: readonly Track[];
  /** Finished tracks: what mail servers still hold of them is put on hold, and stays so until people resume it. Absent: none. */
  readonly queues?: readonly Track[];
  /** Members inside permits that were open at that instant: the most that can still happen. */
  readonly inFlight: number;
  /** Mails that the mail server took, or may have taken, and may still hold: at most so many, beyond the reach of a halt. */
  readonly handedOver: number;
}

export interface HaltResult {
  readonly rollouts: readonly HaltedRollout[];
  /** Milliseconds of work are not measured here; the commit is the moment that the ledger names. */
  readonly alreadyHalted: boolean;
  /**
   * False where the database could not be told: nothing of this host acts all the same, other hosts end with their permits, and
   * the halt is entered as soon as the database answers.
   */
  readonly entered: boolean;
}

/**
 * A person's halt: at once, by one person and without approval; repeating it is harmless. The intent stands on this host
 * before anything else is asked, so that no database has to answer; then it is entered. `Failure('not-found')` where
 * there is no such rollout to halt.
 */
export async function haltRollout(deps: PersonHaltDeps, request: HaltRequest): Promise<HaltResult> {
  const pending = announce(deps, request);
  const entering = enterHalt(deps, request).then(
    (result): Entering => ({ kind: 'entered', result }),
    (error: unknown): Entering => ({ kind: 'failed', error }),
  );
  // Also when nobody waits for it any more.
  const settled = entering.then((one) => {
    if (pending !== null && (one.kind === 'entered' || isNotFound(one.error))) deps.pending.settle(pending);
    return one;
  });
  const outcome = await deps.inTime(settled);
  if (outcome?.kind === 'entered') return outcome.result;
  if (outcome !== null && (pending === null || isNotFound(outcome.error))) throw outcome.error;
  deps.warn(
    outcome === null
      ? 'The database does not answer in time; the halt is in force on this host and is entered when it does.'
      : `The halt is in force on this host and could not be entered: ${(outcome.error as Error).message}`,
  );
  return { rollouts: [], alreadyHalted: false, entered: false };
}

type Entering =
  | { readonly kind: 'entered'; readonly result: HaltResult }
  | { readonly kind: 'failed'; readonly error: unknown };

function announce(deps: PersonHaltDeps, request: HaltRequest): PendingHalt | null {
  try {
    return deps.pending.announce(request);
  } catch (error) {
    deps.warn(`The halt could not be noted on this host: ${(error as Error).message}`);
    return null;
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof Failure && error.code === 'not-found';
}

/** Enters the halts that were asked for here while the database was away, or by a process that ended over it. */
export async function enterPendingHalts(deps: PersonHaltDeps): Promise<number> {
  const left = deps.pending.leftBehind();
  for (const pending of left) {
    try {
      await enterHalt(deps, pending.request);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    deps.pending.settle(pending);
  }
  return left.length;
}

/**
 * Publishes the halt to fences and other hosts without taking any lock, then commits phase and epoch. The halt of a gate, and of a
 * server that starts, has no other form.
 */
export async function enterHalt(deps: HaltDeps, request: HaltRequest): Promise<HaltResult> {
  const found = await deps.store.transact((tx) => selectRollouts(tx, request.subject));
  const scope = tracksStoppedBy(request.scope);
  for (const { rollout, tracks } of found) {
    for (const track of tracks) {
      if (scope.includes(track.track) && track.phase === 'running')
        await publish(deps, rollout.no, track.track, track.epoch);
    }
  }
  const rollouts: HaltedRollout[] = [];
  const failures: unknown[] = [];
  for (const { rollout } of found) {
    try {
      rollouts.push(await haltOne(deps, rollout, scope, request));
    } catch (error) {
      // The others are not left running because this one could not be halted.
      failures.push(error);
      deps.warn(
        `${subjectOf(rollout)} is fenced on this host and could not be halted in the database: ${(error as Error).message}`,
      );
    }
  }
  const withQueues = await addQueues(deps, request, found, rollouts);
  if (failures.length > 0) throw failures[0];
  return {
    rollouts: withQueues,
    alreadyHalted: withQueues.every((one) => one.halted.length === 0 && one.queues === undefined),
    entered: true,
  };
}

/** With what is over and still in a mail server's queue. The halt stands by now: whatever goes wrong here is only said. */
async function addQueues(
  deps: HaltDeps,
  request: HaltRequest,
  found: readonly { readonly rollout: RolloutRow }[],
  halted: readonly HaltedRollout[],
): Promise<readonly HaltedRollout[]> {
  try {
    const marked = await haltQueues(
      deps.store,
      request,
      found.map(({ rollout }) => rollout),
    );
    const results = new Map(halted.map((one) => [one.subject, one]));
    for (const { rollout, queues, handedOver } of marked) {
      const subject = subjectOf(rollout);
      const before = results.get(subject) ?? { subject, halted: [], inFlight: 0, handedOver };
      results.set(subject, { ...before, queues: queues.map((track) => track.track) });
      // Workers look into their queues when they hear of it.
      for (const { track, epoch } of queues) await publish(deps, rollout.no, track, epoch - 1);
    }
    return [...results.values()];
  } catch (error) {
    deps.warn(`Mails of finished tracks, still in a mail server's queue, are not held: ${(error as Error).message}`);
    return halted;
  }
}

async function selectRollouts(
  tx: Tx,
  subject: PlanId | RetractionId | null,
): Promise<readonly { readonly rollout: RolloutRow; readonly tracks: readonly StoredTrack[] }[]> {
  const rows = subject === null ? await tx.rollouts.unfinished() : await rolloutOf(tx, subject);
  const found: { rollout: RolloutRow; tracks: readonly StoredTrack[] }[] = [];
  for (const rollout of rows) found.push({ rollout, tracks: await tx.rollouts.tracks(rollout.no) });
  return found;
}

async function rolloutOf(tx: Tx, subject: PlanId | RetractionId): Promise<readonly RolloutRow[]> {
  const rollout = await tx.rollouts.find(kindOf(subject), numberOf(subject));
  if (rollout === null)
    throw new Failure('not-found', `${subject} has no rollout to halt: it was never started.`, { subject });
  return [rollout];
}

async function haltOne(
  deps: HaltDeps,
  rollout: RolloutRow,
  scope: readonly Track[],
  request: HaltRequest,
): Promise<HaltedRollout> {
  const subject = subjectOf(rollout);
  const { halted, inFlight, handedOver } = await pastLocks(deps, rollout.no, async (tx) => {
    const { halted, again } = await tx.rollouts.haltTracks(rollout.no, scope, request.by, [request.reason]);
    let inFlight = 0;
    let handedOver = 0;
    const now = await tx.rollouts.now();
    for (const track of await tx.rollouts.tracks(rollout.no)) {
      const permits = await tx.rollouts.permits(rollout.no, track.track);
      const tally = tallyTrack(track, permits);
      if (scope.includes(track.track)) inFlight += tally.inFlight;
      handedOver += countHandedOver(track.track, permits, now);
    }
    if (halted.length + again.length > 0) {
      await tx.ledger.append({
        chain: 'installation',
        event: 'rollout.halted',
        body: {
          subject,
          tracks: [...halted, ...again].map((track) => ({ track: track.track, epoch: track.epoch })),
          again: again.map((track) => track.track),
          by: request.by,
          inFlight,
        },
        personal: { reason: request.reason },
      });
    }
    return { halted, inFlight, handedOver };
  });
  for (const track of halted) await publish(deps, rollout.no, track.track, track.epoch - 1);
  return { subject, halted: halted.map((track) => track.track), inFlight, handedOver };
}

/**
 * Does the halting transaction with the rollout's lock held. Whoever keeps it from that, a worker frozen in a claim or a session
 * that left a row locked, loses its connection: nobody may hold up a halt.
 */
async function pastLocks<T>(deps: HaltDeps, rolloutNo: number, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await deps.store.transact(async (tx) => {
        await tx.rollouts.lockAlone(rolloutNo, lockTimeoutMs);
        return work(tx);
      });
    } catch (error) {
      const isHeld = error instanceof Failure && error.facts['lock'] === 'held';
      if (!isHeld || attempt === mostAttempts) throw error;
      const ended = await deps.store.transact((tx) => tx.rollouts.endLockHolders());
      deps.warn(`Rollout ${rolloutNo} was locked; ${ended} sessions that held it were ended.`);
    }
  }
}

async function publish(deps: HaltDeps, rolloutNo: number, track: Track, throughEpoch: number): Promise<void> {
  try {
    deps.fence.close(rolloutNo, track, throughEpoch);
  } catch (error) {
    deps.warn(`The fence of rollout ${rolloutNo} on this host could not be written: ${(error as Error).message}`);
  }
  try {
    await deps.publishHalt(rolloutNo, track, throughEpoch);
  } catch (error) {
    deps.warn(`Other hosts could not be told of the halt of rollout ${rolloutNo}: ${(error as Error).message}`);
  }
}

export function kindOf(subject: PlanId | RetractionId): 'plan' | 'retraction' {
  return subject.startsWith('plan_') ? 'plan' : 'retraction';
}

export function subjectOf(rollout: Pick<RolloutRow, 'kind' | 'subjectNo'>): PlanId | RetractionId {
  return `${rollout.kind}_${rollout.subjectNo}`;
}
