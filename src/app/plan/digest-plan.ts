import type { PlanHeader, PlanTargetLine } from '../../domain/plan/frozen-plan.ts';
import type { PlanId } from '../../domain/shared/ids.ts';
import type { Digests } from '../ports/digests.ts';
import type { StoredTarget } from '../ports/plan-store.ts';
import type { Tx } from '../ports/store.ts';

/** Rows read at a time while digesting. */
const page = 5_000;

export interface DigestedTargets {
  readonly digest: string;
  readonly lanes: Readonly<Record<string, number>>;
  readonly tells: readonly boolean[];
  readonly evidenceItems: number;
}

/** SHA-256 over the RFC 8785 lines of all targets by ordinal, each with a line end. `onTarget` sees each row in order. */
export async function digestTargets(
  digests: Digests,
  tx: Tx,
  plan: PlanId,
  onTarget: (row: StoredTarget) => void = () => undefined,
): Promise<DigestedTargets> {
  const hash = digests.sha256Stream();
  const lanes: Record<string, number> = {};
  const tells: boolean[] = [];
  let evidenceItems = 0;
  for (let from = 0; ; from += page) {
    const rows = await tx.plans.targets(plan, from, page);
    if (rows.length === 0) return { digest: hash.digest(), lanes, tells, evidenceItems };
    for (const row of rows) {
      hash.update(`${digests.canonical(targetLine(row))}\n`);
      lanes[row.lane] = (lanes[row.lane] ?? 0) + 1;
      tells.push(row.tellOrdinal !== null);
      evidenceItems += row.evidence.length;
      onTarget(row);
    }
  }
}

/** The same over the exclusions, in the order of the export. */
export async function digestExclusions(digests: Digests, tx: Tx, plan: PlanId): Promise<PlanHeader['exclusions']> {
  const hash = digests.sha256Stream();
  let total = 0;
  for (let after = ''; ;) {
    const rows = await tx.plans.exclusions(plan, after, page);
    const last = rows.at(-1);
    if (last === undefined) return { total, digest: hash.digest() };
    for (const row of rows) hash.update(`${digests.canonical(row)}\n`);
    total += rows.length;
    after = last.accountId;
  }
}

/** The exported form of a target: everything but its address. */
export function targetLine(row: StoredTarget): PlanTargetLine {
  const { address: _address, ...line } = row;
  return line;
}
