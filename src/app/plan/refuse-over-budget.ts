import { judgeBudgets } from '../../domain/guardrail/judge-budgets.ts';
import type { PlanLimits } from '../../domain/plan/limits.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { Tx } from '../ports/store.ts';

/**
 * Refuses a plan that would reach more people than its budget has left, and names the budget. Asked when it is drawn up
 * and again when it starts: several plans, each within the budget, may be over it together (I13).
 */
export async function refuseOverBudget(
  tx: Tx,
  directory: string,
  asked: number,
  accounts: number,
  limits: PlanLimits,
): Promise<void> {
  const verdict = judgeBudgets(
    {
      accounts,
      asked,
      actedInDay: await tx.plans.startedTargetsWithin(directory, 24),
      actedIn30Days: await tx.plans.startedTargetsWithin(directory, 30 * 24),
    },
    limits,
  );
  if (verdict.kind === 'pass') return;
  if (verdict.kind === 'inconclusive')
    throw new Failure(
      'guardrail-failed',
      'The budgets cannot be judged: the directory’s count of accounts cannot be right.',
    );
  const words = verdict.exceeded.map(
    (one) => `${one.name}: ${one.asked} asked, ${one.used} used, limit ${one.limit}, ${one.over} too many`,
  );
  throw new Failure(
    'budget-exceeded',
    `The plan would act on more people than its budget allows (${words.join('; ')}). Check the evidence first; in an attack: --budget attack.`,
    { budgets: verdict.exceeded.map((one) => one.name) },
  );
}
