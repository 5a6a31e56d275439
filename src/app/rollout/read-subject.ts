import type { Decision, FrozenSubject } from '../../domain/approval/approval-statement.ts';
import { decisionToOverride } from '../../domain/approval/drill-override.ts';
import { quorumFor } from '../../domain/retraction/quorum-for.ts';
import { resumeEpoch } from '../../domain/rollout/halt-scope.ts';
import { decisionToGoOn } from '../../domain/rollout/held-verdict.ts';
import { isQueueHalted } from '../../domain/rollout/queue-halt.ts';
import { isTypedId, numberOf } from '../../domain/shared/ids.ts';
import type { PlanId, RetractionId } from '../../domain/shared/ids.ts';
import type { SubjectFacts } from '../approval/record-approval.ts';
import { factsOfLoss } from '../ledger/show-loss.ts';
import type { Tx } from '../ports/store.ts';
import { kindOf } from './halt-rollout.ts';
import { readHeld } from './read-held.ts';
import type { RolloutPolicy } from './rollout-policy.ts';

/** Reads what a person may say yes to now, of a plan, a retraction or a loss: its digest, its total, and the decisions that are open. */
export function makeSubjectReader(
  policy: Pick<RolloutPolicy, 'judge'>,
): (tx: Tx, subject: FrozenSubject) => Promise<SubjectFacts | null> {
  return (tx, subject) => (isTypedId('loss', subject) ? factsOfLoss(tx, subject) : readSubject(policy, tx, subject));
}

async function readSubject(
  policy: Pick<RolloutPolicy, 'judge'>,
  tx: Tx,
  subject: PlanId | RetractionId,
): Promise<SubjectFacts | null> {
  const decisions = await openDecisions(policy, tx, subject);
  if (isTypedId('plan', subject)) {
    const plan = await tx.plans.read(subject);
    if (plan === null) return null;
    return {
      digest: plan.digest,
      total: plan.total,
      directory: plan.header.directory,
      decisions,
      author: `operator_${plan.authorNo}`,
    };
  }
  const retraction = await tx.retractions.read(subject);
  if (retraction === null) return null;
  return {
    digest: retraction.digest,
    total: retraction.affected,
    directory: retraction.header.directory,
    decisions,
    author: quorumFor(retraction.affected).authorMayApprove ? null : `operator_${retraction.authorNo}`,
  };
}

/**
 * Approving is open until all is done, since approvals lapse; resuming while something is halted or paused, as it stands or over
 * exactly the verdicts that hold now.
 */
async function openDecisions(
  policy: Pick<RolloutPolicy, 'judge'>,
  tx: Tx,
  subject: PlanId | RetractionId,
): Promise<readonly Decision[]> {
  const rollout = await tx.rollouts.find(kindOf(subject), numberOf(subject));
  if (rollout === null) return ['approve', ...(await openOverrides(tx, subject))];
  const tracks = await tx.rollouts.tracks(rollout.no);
  const isPaused = (await tx.pauses.current(rollout.no)) !== null;
  if (!isPaused && !tracks.some((track) => track.phase === 'halted' || isQueueHalted(track))) return ['approve'];
  const epoch = resumeEpoch(tracks, await tx.pauses.count(rollout.no));
  const held = await readHeld(policy, tx, rollout, tracks);
  const over = held.length === 0 ? [] : [decisionToGoOn(epoch, held)];
  return ['approve', `resume-epoch-${epoch}`, ...over];
}

/** Starting without a drill, for the newest reason that somebody gave; none where nobody did. */
async function openOverrides(tx: Tx, subject: PlanId | RetractionId): Promise<readonly Decision[]> {
  const asked = isTypedId('plan', subject) ? await tx.drills.override(subject) : null;
  return asked === null ? [] : [decisionToOverride(asked.reasonDigest)];
}
