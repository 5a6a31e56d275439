import { judgeDrillStanding } from '../../domain/drill/drill-standing.ts';
import type { DrillRule, DrillStanding } from '../../domain/drill/drill-standing.ts';
import type { Tx } from '../ports/store.ts';

/** Whether a rollout may be started, as far as drills go, by the database's clock. A database without a deployment asks for one. */
export async function readDrillStanding(tx: Tx, rule: DrillRule): Promise<DrillStanding> {
  const deployment = await tx.deployment.read();
  return judgeDrillStanding(rule, {
    environment: deployment?.environment ?? 'production',
    lastPassedAt: await tx.drills.lastPassedAt(),
    countedFrom: await tx.drills.countedFrom(),
    now: await tx.approvals.now(),
  });
}
