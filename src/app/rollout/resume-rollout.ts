import { resumeEpoch } from '../../domain/rollout/halt-scope.ts';
import { quorumFor } from '../../domain/retraction/quorum-for.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { OperatorId, PlanId, RetractionId } from '../../domain/shared/ids.ts';
import { isForward } from '../../domain/shared/track.ts';
import type { Track } from '../../domain/shared/track.ts';
import { checkQuorum } from '../approval/check-quorum.ts';
import type { ReadApprovalsDeps } from '../approval/read-approvals.ts';
import type { Fence } from '../ports/fence.ts';
import type { RolloutRow } from '../ports/rollout-store.ts';
import type { Store, Tx } from '../ports/store.ts';
import { kindOf } from './halt-rollout.ts';
import type { RolloutPolicy } from './rollout-policy.ts';

const lockTimeoutMs = 2_000;

export interface ResumeDeps extends ReadApprovalsDeps {
  readonly store: Store;
  readonly fence: Fence;
  readonly policy: RolloutPolicy;
}

export type ResumeResult =
  | { readonly kind: 'resumed'; readonly tracks: readonly Track[] }
  /** This state was not agreed on by enough people yet. */
  | { readonly kind: 'waiting'; readonly have: number; readonly required: number; readonly epoch: number };

/**
 * Resumes the halted tracks of a rollout, once the same number of people as before agreed on exactly this halted state
 * and everything in flight is settled. Nothing resumes by itself (I12).
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
    if (halted.length === 0) throw new Failure('not-halted', `${subject} is not halted.`, { subject });
    for (const track of halted) {
      const open = (await tx.rollouts.permits(rollout.no, track)).filter((permit) => permit.state === 'open').length;
      if (open > 0)
        throw new Failure(
          'not-drained',
          `${subject} still has ${open} permits in flight on ${track}. Try again in some seconds.`,
          { subject },
        );
    }
    const epoch = resumeEpoch(tracks);
    const agreed = await agreedOn(deps, tx, subject, rollout, epoch);
    if (agreed.kind === 'missing') return { kind: 'waiting', have: agreed.have, required: agreed.required, epoch };
    if (rollout.kind === 'plan' && halted.some(isForward))
      await deps.policy.requireApproved(tx, await deps.policy.planOf(tx, rollout));
    await tx.rollouts.resumeTracks(rollout.no, halted);
    await tx.ledger.append({
      chain: 'installation',
      event: 'rollout.resumed',
      body: { subject, tracks: halted, epoch, by },
    });
    return { kind: 'resumed', tracks: halted };
  });
}

/** The letters of a plan need one person only: `correction send` goes on with them, and never with the plan itself. */
function isResumedByQuorum(track: Track): boolean {
  return isForward(track) || track === 'restore' || track === 'correct';
}

async function agreedOn(
  deps: ResumeDeps,
  tx: Tx,
  subject: PlanId | RetractionId,
  rollout: RolloutRow,
  epoch: number,
): Promise<Awaited<ReturnType<typeof checkQuorum>>> {
  const retraction = rollout.kind === 'retraction' ? await tx.retractions.read(subject as RetractionId) : null;
  const needed = retraction === null ? { people: 2 as const, authorMayApprove: false } : quorumFor(retraction.affected);
  const authorNo = retraction?.authorNo ?? (await deps.policy.planOf(tx, rollout)).authorNo;
  return checkQuorum(deps, tx, {
    subject,
    digest: rollout.digest,
    decision: `resume-epoch-${epoch}`,
    required: needed.people,
    author: needed.authorMayApprove ? null : `operator_${authorNo}`,
  });
}
