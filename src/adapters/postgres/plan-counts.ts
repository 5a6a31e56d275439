import { sql } from 'kysely';
import type { PlanDifference, TargetTally } from '../../app/ports/plan-store.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { PlanId } from '../../domain/shared/ids.ts';
import type { DatabaseTx } from './database.ts';

interface PlanCounts {
  readonly targets: readonly TargetTally[];
  readonly exclusions: Readonly<Record<string, number>>;
  readonly difference: (Omit<PlanDifference, 'previous'> & { readonly previous: number }) | null;
}

/** A frozen plan never changes: its rows are counted in the transaction that freezes it, and not at each look. */
export async function keepPlanCounts(trx: DatabaseTx, plan: PlanId): Promise<void> {
  const no = numberOf(plan);
  await sql`INSERT INTO plan_count SELECT ${no}::bigint, c.* FROM count_plan(${no}) c`.execute(trx);
}

/** As they were kept; where they were not, a draft or a plan of the version before, they are counted now. */
export async function readPlanCounts(trx: DatabaseTx, plan: PlanId): Promise<PlanCounts> {
  const no = numberOf(plan);
  const kept = await sql<PlanCounts>`
    SELECT targets, exclusions, difference FROM plan_count WHERE plan_no = ${no}`.execute(trx);
  const [counts] = kept.rows.length > 0 ? kept.rows : await countNow(trx, no);
  return counts ?? { targets: [], exclusions: {}, difference: null };
}

async function countNow(trx: DatabaseTx, planNo: number): Promise<readonly PlanCounts[]> {
  return (await sql<PlanCounts>`SELECT targets, exclusions, difference FROM count_plan(${planNo})`.execute(trx)).rows;
}
