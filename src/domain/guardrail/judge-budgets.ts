import type { PlanLimits } from '../plan/limits.ts';

/** How much of a service one plan may reach, with everything that other plans reached already. */
export interface BudgetTally {
  /** Accounts in the directory. */
  readonly accounts: number;
  /** People that this plan would act on. */
  readonly asked: number;
  /** People that other plans acted on, or are approved to, in the last 24 hours and the last 30 days. */
  readonly actedInDay: number;
  readonly actedIn30Days: number;
}

export type BudgetProfile = 'normal' | 'attack';

export interface Budget {
  readonly name: 'day' | '30-days';
  /** People. */
  readonly limit: number;
  readonly used: number;
  readonly asked: number;
  /** How many people too many; 0 when within. */
  readonly over: number;
}

export type BudgetVerdict =
  | { readonly kind: 'pass'; readonly budgets: readonly Budget[] }
  | { readonly kind: 'fail'; readonly budgets: readonly Budget[]; readonly exceeded: readonly Budget[] }
  /** A count that cannot be: unreadable means held. */
  | { readonly kind: 'inconclusive'; readonly reason: 'tally-impossible' };

/** Shares of all accounts; below the floor a share of a small service would be nobody. */
export type BudgetLimits = Pick<
  PlanLimits,
  'budgetDayShare' | 'budgetMonthShare' | 'budgetAttackShare' | 'budgetFloor' | 'budgetProfile'
>;

/** An attack needs more at once, two people and a reason. */
function shareOf(name: Budget['name'], limits: BudgetLimits): number {
  if (limits.budgetProfile === 'attack') return limits.budgetAttackShare;
  return name === 'day' ? limits.budgetDayShare : limits.budgetMonthShare;
}

/** 0.01 of 12,000 is 120 people, whatever binary fractions make of it. */
const roundingSlack = 1e-6;

/** Judges a plan against both budgets and says by how many people it is over. */
export function judgeBudgets(tally: BudgetTally, limits: BudgetLimits): BudgetVerdict {
  const { accounts, asked, actedInDay, actedIn30Days } = tally;
  const counts = [accounts, asked, actedInDay, actedIn30Days];
  if (!counts.every((count) => Number.isSafeInteger(count) && count >= 0) || actedInDay > actedIn30Days) {
    return { kind: 'inconclusive', reason: 'tally-impossible' };
  }
  const budgetOf = (name: Budget['name'], used: number): Budget => {
    const limit = Math.max(limits.budgetFloor, Math.floor(accounts * shareOf(name, limits) + roundingSlack));
    return { name, limit, used, asked, over: Math.max(0, used + asked - limit) };
  };
  const budgets = [budgetOf('day', actedInDay), budgetOf('30-days', actedIn30Days)];
  const exceeded = budgets.filter((budget) => budget.over > 0);
  return exceeded.length === 0 ? { kind: 'pass', budgets } : { kind: 'fail', budgets, exceeded };
}
