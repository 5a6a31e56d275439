import type { Decision } from '../../domain/approval/approval-statement.ts';
import { quorumFor } from '../../domain/retraction/quorum-for.ts';
import { resumeEpoch } from '../../domain/rollout/halt-scope.ts';
import { isTypedId, numberOf } from '../../domain/shared/ids.ts';
import type { PlanId, RetractionId } from '../../domain/shared/ids.ts';
import type { SubjectFacts } from '../approval/record-approval.ts';
import type { Tx } from '../ports/store.ts';
import { kindOf } from './halt-rollout.ts';

/** What a person may say yes to now, of a plan or a retraction: its digest, its total, and the decisions that are open. */
export async function readSubject(tx: Tx, subject: PlanId | RetractionId): Promise<SubjectFacts | null> {
  const decisions = await openDecisions(tx, subject);
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

/** Approving is open until all is done, since approvals lapse; resuming while something is halted. */
async function openDecisions(tx: Tx, subject: PlanId | RetractionId): Promise<readonly Decision[]> {
  const rollout = await tx.rollouts.find(kindOf(subject), numberOf(subject));
  if (rollout === null) return ['approve'];
  const tracks = await tx.rollouts.tracks(rollout.no);
  if (!tracks.some((track) => track.phase === 'halted')) return ['approve'];
  return ['approve', `resume-epoch-${resumeEpoch(tracks)}`];
}
