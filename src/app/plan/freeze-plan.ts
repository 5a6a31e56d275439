import { planWaves } from '../../domain/plan/waves.ts';
import type { FrozenPlan, PinnedTemplate, PlanHeader, PlanTargetLine } from '../../domain/plan/frozen-plan.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { PlanDigest, PlanId } from '../../domain/shared/ids.ts';
import type { StoredTarget } from '../ports/plan-store.ts';
import type { Tx } from '../ports/store.ts';
import type { DraftPlanDeps, DraftPlanRequest } from './plan-draft.ts';

/** Rows read at a time while digesting. */
const page = 5_000;

interface FreezeInput {
  readonly plan: PlanId;
  readonly request: DraftPlanRequest;
  readonly templates: readonly PinnedTemplate[];
  readonly orderKey: string;
  readonly told: number;
  readonly total: number;
  readonly evidenceItems: number;
  readonly sealKeyId: string;
}

/** Writes the header over the ordered rows; from here on one changed byte is another plan (I21). */
export async function freezePlan(deps: DraftPlanDeps, tx: Tx, input: FreezeInput): Promise<FrozenPlan> {
  const { plan, request } = input;
  const targets = await digestTargets(deps, tx, plan);
  const exclusions = await digestExclusions(deps, tx, plan);
  const header: PlanHeader = {
    v: 1,
    plan,
    deployment: deps.deployment.id,
    environment: deps.deployment.environment,
    directory: deps.directory.name,
    author: request.author,
    action: request.action,
    notice: request.notice,
    codeVersion: deps.codeVersion,
    createdAt: (await tx.rollouts.now()).toISOString(),
    evidence: { batches: [...request.batches], items: input.evidenceItems },
    targets: { total: input.total, told: input.told, lanes: targets.lanes, digest: targets.digest },
    exclusions,
    templates: input.templates,
    constants: deps.constants,
    limits: request.limits,
    waves: planWaves(targets.tells, request.limits),
    orderKey: input.orderKey,
    addressComparison: deps.directory.capabilities.addressComparison,
    collateral: [...deps.directory.capabilities.collateral],
    sealKeyId: input.sealKeyId,
  };
  const text = deps.digests.canonical(header);
  const digest = deps.digests.sha256(text) as PlanDigest;
  await tx.plans.freeze(plan, text, digest, input.total);
  await tx.ledger.append({
    chain: 'installation',
    event: 'plan.frozen',
    body: { plan, digest, total: input.total, author: request.author, evidence: [...request.batches] },
  });
  return { id: plan, digest, total: input.total, header, authorNo: numberOf(request.author) };
}

async function digestTargets(
  deps: DraftPlanDeps,
  tx: Tx,
  plan: PlanId,
): Promise<{
  readonly digest: string;
  readonly lanes: Readonly<Record<string, number>>;
  readonly tells: readonly boolean[];
}> {
  const hash = deps.digests.sha256Stream();
  const laneCounts: Record<string, number> = {};
  const tells: boolean[] = [];
  for (let from = 0; ; from += page) {
    const rows = await tx.plans.targets(plan, from, page);
    if (rows.length === 0) return { digest: hash.digest(), lanes: laneCounts, tells };
    for (const row of rows) {
      hash.update(`${deps.digests.canonical(targetLine(row))}\n`);
      laneCounts[row.lane] = (laneCounts[row.lane] ?? 0) + 1;
      tells.push(row.tellOrdinal !== null);
    }
  }
}

async function digestExclusions(deps: DraftPlanDeps, tx: Tx, plan: PlanId): Promise<PlanHeader['exclusions']> {
  const hash = deps.digests.sha256Stream();
  let total = 0;
  for (let after = ''; ;) {
    const rows = await tx.plans.exclusions(plan, after, page);
    const last = rows.at(-1);
    if (last === undefined) return { total, digest: hash.digest() };
    for (const row of rows) hash.update(`${deps.digests.canonical(row)}\n`);
    total += rows.length;
    after = last.accountId;
  }
}

/** The exported form of a target: everything but its address. */
export function targetLine(row: StoredTarget): PlanTargetLine {
  const { address: _address, ...line } = row;
  return line;
}
