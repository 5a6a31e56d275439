import type { Decision } from '../../domain/approval/approval-statement.ts';
import { resumeEpoch } from '../../domain/rollout/halt-scope.ts';
import { decisionToGoOn } from '../../domain/rollout/held-verdict.ts';
import type { HeldVerdict } from '../../domain/rollout/held-verdict.ts';
import { quorumFor } from '../../domain/retraction/quorum-for.ts';
import { isQueueHalted } from '../../domain/rollout/queue-halt.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { OperatorId, PlanId, RetractionId } from '../../domain/shared/ids.ts';
import { isForward, isResumedByQuorum } from '../../domain/shared/track.ts';
import type { Track } from '../../domain/shared/track.ts';
import { checkQuorum } from '../approval/check-quorum.ts';
import type { ReadApprovalsDeps } from '../approval/read-approvals.ts';
import type { Fence } from '../ports/fence.ts';
import type { RolloutRow } from '../ports/rollout-store.ts';
import type { Store, Tx } from '../ports/store.ts';
import { kindOf } from './halt-rollout.ts';
import { requireDrained } from './require-drained.ts';
import { readHeld } from './read-held.ts';
import type { RolloutPolicy } from './rollout-policy.ts';

const lockTimeoutMs = 2_000;

export interface ResumeDeps extends ReadApprovalsDeps {
  readonly store: Store;
  readonly fence: Fence;
  readonly policy: RolloutPolicy;
}

export type ResumeResult =
  /** `over`: the verdicts that they agreed to go on over; each counts for its own wave only. */
  | { readonly kind: 'resumed'; readonly tracks: readonly Track[]; readonly over: readonly HeldVerdict[] }
  /** This state was not agreed on by enough people yet. */
  | { readonly kind: 'waiting'; readonly have: number; readonly required: number; readonly epoch: number };

/**
 * Resumes the halted tracks of a rollout, lifts its pause and lets go what queues hold of its finished ones, once the same
 * number of people as before agreed on exactly this state and everything in flight of what is halted is settled. Nothing
 * resumes by itself (I12). Where they agreed to go on over the verdicts that
 * hold now, those are acknowledged, each for its own wave; a plain yes leaves them holding.
 */
export async function resumeRollout(
  deps: ResumeDeps,
  subject: PlanId | RetractionId,
  by: OperatorId,
): Promise<ResumeResult> {
  if (deps.fence.haltFilePresent()) {
    throw new Failure(
      'halted',
      'A HALT file lies in the state folder of the server. Remove it and restart the server and its workers first.',
    );
  }
  return deps.store.transact(async (tx) => {
    const rollout = await tx.rollouts.find(kindOf(subject), numberOf(subject));
    if (rollout === null)
      throw new Failure('not-found', `${subject} has no rollout: it was never started.`, { subject });
    await tx.rollouts.lockAlone(rollout.no, lockTimeoutMs);
    const tracks = await tx.rollouts.tracks(rollout.no);
    const halted = tracks
      .filter((track) => track.phase === 'halted')
      .map((track) => track.track)
      .filter(isResumedByQuorum);
    const pause = await tx.pauses.current(rollout.no);
    if (halted.length === 0 && pause === null && !tracks.some(isQueueHalted))
      throw new Failure('not-halted', `${subject} is neither halted nor paused.`, { subject });
    await requireDrained(tx, subject, rollout.no, halted);
    const epoch = resumeEpoch(tracks, await tx.pauses.count(rollout.no));
    const held = await readHeld(deps.policy, tx, rollout, tracks);
    const goingOn = held.length === 0 ? null : await agreedOn(deps, tx, subject, rollout, decisionToGoOn(epoch, held));
    const over = goingOn?.kind === 'met' ? held : [];
    const agreed = over.length > 0 ? null : await agreedOn(deps, tx, subject, rollout, `resume-epoch-${epoch}`);
    if (agreed?.kind === 'missing') {
      const have = Math.max(agreed.have, goingOn?.kind === 'missing' ? goingOn.have : 0);
      return { kind: 'waiting', have, required: agreed.required, epoch };
    }
    const goesOn =
      pause === null ? halted : tracks.filter(({ phase }) => phase !== 'finished').map(({ track }) => track);
    if (rollout.kind === 'plan' && goesOn.some(isForward))
      await deps.policy.requireApproved(tx, await deps.policy.planOf(tx, rollout));
    await tx.rollouts.resumeTracks(rollout.no, halted);
    const queues = await tx.rollouts.resumeQueues(rollout.no);
    if (pause !== null) await tx.pauses.end(rollout.no);
    await tx.rollouts.acknowledge(rollout.no, over);
    await tx.ledger.append({
      chain: 'installation',
      event: 'rollout.resumed',
      body: {
        subject,
        tracks: halted,
        ...(queues.length === 0 ? {} : { queues }),
        epoch,
        by,
        over: over.map((one) => ({ ...one })),
        ...(pause === null ? {} : { pausedBy: pause.by }),
      },
    });
    return { kind: 'resumed', tracks: [...goesOn.filter(isResumedByQuorum), ...queues], over };
  });
}

async function agreedOn(
  deps: ResumeDeps,
  tx: Tx,
  subject: PlanId | RetractionId,
  rollout: RolloutRow,
  decision: Decision,
): Promise<Awaited<ReturnType<typeof checkQuorum>>> {
  const retraction = rollout.kind === 'retraction' ? await tx.retractions.read(subject as RetractionId) : null;
  const needed = retraction === null ? { people: 2 as const, authorMayApprove: false } : quorumFor(retraction.affected);
  const authorNo = retraction?.authorNo ?? (await deps.policy.planOf(tx, rollout)).authorNo;
  return checkQuorum(deps, tx, {
    subject,
    digest: rollout.digest,
    decision,
    required: needed.people,
    author: needed.authorMayApprove ? null : `operator_${authorNo}`,
  });
}
