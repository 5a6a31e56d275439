import { decisionToOverride } from '../../domain/approval/drill-override.ts';
import { mayStart, standingInWords } from '../../domain/drill/drill-standing.ts';
import type { DrillRule } from '../../domain/drill/drill-standing.ts';
import type { FrozenPlan } from '../../domain/plan/frozen-plan.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { checkQuorum } from '../approval/check-quorum.ts';
import type { ReadApprovalsDeps } from '../approval/read-approvals.ts';
import type { Tx } from '../ports/store.ts';
import { readDrillStanding } from './read-drill-standing.ts';

/**
 * Asked inside the transaction that starts a plan, and by nothing else: halts, retractions and corrections go on without
 * any drill. Where two people agreed to do without, that is entered here. `Failure('drill-due')`.
 */
export async function requireDrill(deps: ReadApprovalsDeps, tx: Tx, rule: DrillRule, plan: FrozenPlan): Promise<void> {
  const standing = await readDrillStanding(tx, rule);
  if (mayStart(standing)) return;
  const asked = await tx.drills.override(plan.id);
  const next = `Pass one: allclear drill begin --yes. In a live attack two may start this plan without: allclear drill override ${plan.id} --reason TEXT`;
  if (asked === null)
    throw new Failure('drill-due', `${plan.id} was not started: ${standingInWords(standing)}. ${next}`, {
      plan: plan.id,
    });
  const quorum = await checkQuorum(deps, tx, {
    subject: plan.id,
    digest: plan.digest,
    decision: decisionToOverride(asked.reasonDigest),
    required: 2,
    author: `operator_${plan.authorNo}`,
  });
  if (quorum.kind === 'missing')
    throw new Failure(
      'drill-due',
      `${plan.id} was not started: ${standingInWords(standing)}, and ${quorum.have} of ${quorum.required} people agreed to start it without a drill. ${next}`,
      { plan: plan.id, have: quorum.have, required: quorum.required },
    );
  await tx.ledger.append({
    chain: 'installation',
    event: 'drill.overridden',
    body: {
      plan: plan.id,
      digest: plan.digest,
      by: quorum.by,
      reasonDigest: asked.reasonDigest,
      standing: standing.kind,
    },
    personal: { reason: asked.reason },
  });
}
