import { judgeAppeals } from '../../domain/guardrail/judge-appeals.ts';
import type { PlanId } from '../../domain/shared/ids.ts';
import type { GateVerdict } from '../../domain/rollout/decide-next-step.ts';
import type { Tx } from '../ports/store.ts';

/**
 * What granted appeals say of the rules that a plan which suspends stands on. Of other plans an appeal feeds no gate: a thief may
 * write one too, and only a suspension can be judged by looking at what its holder did.
 */
export async function judgeAppealed(tx: Tx, plan: PlanId): Promise<GateVerdict> {
  const verdict = judgeAppeals(await tx.appeals.decidedByRule(plan));
  if (verdict.kind === 'pass')
    return {
      gate: 'appeals',
      result: 'pass',
      reason: `${verdict.granted} of ${verdict.decided} decided appeals granted`,
    };
  const { source, rule, granted, decided } = verdict.worst;
  const named = rule === null ? `source ${source}` : `rule ${rule} of ${source}`;
  return {
    gate: 'appeals',
    result: 'fail',
    reason: `${granted} of ${decided} decided appeals about ${named} were granted; withdraw its evidence, or find out why`,
    cause: { word: 'appeals-granted', count: granted },
  };
}
