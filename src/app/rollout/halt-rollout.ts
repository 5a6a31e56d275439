import { tracksStoppedBy } from '../../domain/rollout/halt-scope.ts';
import type { HaltScope } from '../../domain/rollout/halt-scope.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { PlanId, RetractionId } from '../../domain/shared/ids.ts';
import type { Track } from '../../domain/shared/track.ts';
import type { Fence } from '../ports/fence.ts';
import type { RolloutRow, StoredTrack } from '../ports/rollout-store.ts';
import type { Store, Tx } from '../ports/store.ts';
import { tallyTrack } from './tally-track.ts';

/** How long a halt waits for the rollout's lock before it ends the backends that hold it. */
const lockTimeoutMs = 500;

export interface HaltDeps {
  readonly store: Store;
  readonly fence: Fence;
  /** Tells other hosts without taking any lock; a failure here must not keep the halt from committing. */
  readonly publishHalt: (rolloutNo: number, track: Track, throughEpoch: number) => Promise<void>;
  /** Says what went wrong on the way while the halt goes on. */
  readonly warn: (message: string) => void;
}

export interface HaltRequest {
  /** Null: every rollout, retractions too. */
  readonly subject: PlanId | RetractionId | null;
  readonly scope: HaltScope;
  /** Who: an operator's id, or the gate or circumstance that did it. */
  readonly by: string;
  readonly reason: string;
}

export interface HaltedRollout {
  readonly subject: PlanId | RetractionId;
  /** Tracks that this call halted; those that stood already are not named again. */
  readonly halted: readonly Track[];
  /** Members inside permits that were open at that instant: the most that can still happen. */
  readonly inFlight: number;
}

export interface HaltResult {
  readonly rollouts: readonly HaltedRollout[];
  /** Milliseconds of work are not measured here; the commit is the moment that the ledger names. */
  readonly alreadyHalted: boolean;
}

/**
 * Halts at once, by one person and without approval; repeating it is harmless. The intent is published before any lock
 * is taken: senders of this host read it at their next look, other hosts hear it. Then phase and epoch are committed.
 */
export async function haltRollout(deps: HaltDeps, request: HaltRequest): Promise<HaltResult> {
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
  if (failures.length > 0) throw failures[0];
  return { rollouts, alreadyHalted: rollouts.every((one) => one.halted.length === 0) };
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
  const { halted, inFlight } = await deps.store.transact(async (tx) => {
    await tx.rollouts.lockAlone(rollout.no, lockTimeoutMs);
    const { halted, again } = await tx.rollouts.haltTracks(rollout.no, scope, request.by, [request.reason]);
    let inFlight = 0;
    for (const track of await tx.rollouts.tracks(rollout.no)) {
      if (scope.includes(track.track))
        inFlight += tallyTrack(track, await tx.rollouts.permits(rollout.no, track.track)).inFlight;
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
    return { halted, inFlight };
  });
  for (const track of halted) await publish(deps, rollout.no, track.track, track.epoch - 1);
  return { subject, halted: halted.map((track) => track.track), inFlight };
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
