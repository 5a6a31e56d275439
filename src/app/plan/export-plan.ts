import type { PlanExportLine } from '../../domain/plan/recompute-plan.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { PlanId } from '../../domain/shared/ids.ts';
import type { Store } from '../ports/store.ts';
import { targetLine } from './digest-plan.ts';

const page = 5_000;

/**
 * Everything that the digest is over, line by line. Each reading is in the ledger: who has an export knows which
 * accounts have a password that others know.
 */
export async function* exportPlan(store: Store, plan: PlanId, by: string): AsyncIterable<PlanExportLine> {
  const frozen = await store.transact(async (tx) => {
    const found = await tx.plans.read(plan);
    if (found === null) throw new Failure('not-found', `There is no ${plan}.`, { plan });
    await tx.ledger.append({ chain: 'installation', event: 'plan.exported', body: { plan, by } });
    return found;
  });
  yield { kind: 'plan', digest: frozen.digest, header: frozen.header };
  for (let from = 0; ; from += page) {
    const rows = await store.transact((tx) => tx.plans.targets(plan, from, page));
    if (rows.length === 0) break;
    for (const row of rows) yield { kind: 'target', target: targetLine(row) };
  }
  for (let after = ''; ;) {
    const rows = await store.transact((tx) => tx.plans.exclusions(plan, after, page));
    const last = rows.at(-1);
    if (last === undefined) return;
    for (const row of rows) yield { kind: 'exclusion', exclusion: row };
    after = last.accountId;
  }
}
