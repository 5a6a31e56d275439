import type { DrillOverrideDecision } from '../../domain/approval/drill-override.ts';
import { decisionToOverride } from '../../domain/approval/drill-override.ts';
import { mayStart } from '../../domain/drill/drill-standing.ts';
import type { DrillRule } from '../../domain/drill/drill-standing.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { OperatorId, PlanId } from '../../domain/shared/ids.ts';
import type { Digests } from '../ports/digests.ts';
import type { Store } from '../ports/store.ts';
import { readDrillStanding } from './read-drill-standing.ts';

export interface AskOverrideDeps {
  readonly store: Store;
  readonly digests: Digests;
  readonly drillRule: DrillRule;
}

export interface AskedOverride {
  readonly plan: PlanId;
  readonly digest: string;
  readonly total: number;
  readonly reason: string;
  /** What two people sign over the plan's digest. */
  readonly decision: DrillOverrideDecision;
}

/**
 * Writes down why one plan is to be started without a recent drill. It allows nothing by itself: two people sign it, as
 * they sign the plan. `Failure('not-found' | 'conflict')`.
 */
export async function askOverride(
  deps: AskOverrideDeps,
  plan: PlanId,
  reason: string,
  by: OperatorId,
): Promise<AskedOverride> {
  return deps.store.transact(async (tx) => {
    await tx.approvals.lockSubject(plan);
    const frozen = await tx.plans.read(plan);
    if (frozen === null) throw new Failure('not-found', `There is no ${plan}.`, { plan });
    if ((await tx.rollouts.find('plan', numberOf(plan))) !== null)
      throw new Failure('conflict', `${plan} was started already: nothing stands in its way.`, { plan });
    if (mayStart(await readDrillStanding(tx, deps.drillRule)))
      throw new Failure('conflict', `No drill is due: ${plan} can be started as it is.`, { plan });
    const reasonDigest = deps.digests.sha256(reason);
    await tx.drills.askOverride({ plan, reason, reasonDigest, askedBy: by });
    await tx.ledger.append({
      chain: 'installation',
      event: 'drill.override-asked',
      body: { plan, digest: frozen.digest, reasonDigest, by },
      personal: { reason },
    });
    const { digest, total } = frozen;
    return { plan, digest, total, reason, decision: decisionToOverride(reasonDigest) };
  });
}

/** What was asked for last, for whoever is to sign it. `Failure('not-found')`. */
export async function readOverride({ store }: Pick<AskOverrideDeps, 'store'>, plan: PlanId): Promise<AskedOverride> {
  return store.transact(async (tx) => {
    const frozen = await tx.plans.read(plan);
    const asked = await tx.drills.override(plan);
    if (frozen === null || asked === null)
      throw new Failure(
        'not-found',
        `Nobody asked to start ${plan} without a drill. To ask: allclear drill override ${plan} --reason TEXT`,
        { plan },
      );
    const { digest, total } = frozen;
    return { plan, digest, total, reason: asked.reason, decision: decisionToOverride(asked.reasonDigest) };
  });
}
