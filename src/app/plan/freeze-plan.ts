import { planWaves } from '../../domain/plan/waves.ts';
import type { FrozenPlan, PinnedTemplate, PlanHeader } from '../../domain/plan/frozen-plan.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { PlanDigest, PlanId } from '../../domain/shared/ids.ts';
import type { Tx } from '../ports/store.ts';
import { digestExclusions, digestTargets } from './digest-plan.ts';
import { digestControl } from './draw-control.ts';
import { isSuspending } from './plan-draft.ts';
import type { DraftPlanDeps, DraftPlanRequest } from './plan-draft.ts';

interface FreezeInput {
  readonly plan: PlanId;
  readonly request: DraftPlanRequest;
  readonly templates: readonly PinnedTemplate[];
  readonly orderKey: string;
  readonly told: number;
  readonly total: number;
  readonly sealKeyId: string;
}

/** What lives on beside a suspension, whatever the directory: it is for the service to look at the mark. */
const suspensionCollateral = [
  'A session, a key or a token that the service takes without looking at the account stays usable until it expires there.',
];

/** Writes the header over the ordered rows; from here on one changed byte is another plan (I21). */
export async function freezePlan(deps: DraftPlanDeps, tx: Tx, input: FreezeInput): Promise<FrozenPlan> {
  const { plan, request } = input;
  const targets = await digestTargets(deps.digests, tx, plan);
  const exclusions = await digestExclusions(deps.digests, tx, plan);
  const control = await digestControl(deps.digests, tx, plan);
  const { sessionsLiveMinutes } = deps.directory.capabilities;
  const header: PlanHeader = {
    v: 1,
    plan,
    deployment: deps.deployment.id,
    environment: deps.deployment.environment,
    directory: deps.directory.name,
    author: request.author,
    action: request.action,
    ...(isSuspending(request) ? { suspension: request.suspension } : {}),
    notice: request.notice,
    codeVersion: deps.codeVersion,
    createdAt: (await tx.rollouts.now()).toISOString(),
    evidence: { batches: [...request.batches], items: targets.evidenceItems },
    targets: { total: input.total, told: input.told, lanes: targets.lanes, digest: targets.digest },
    exclusions,
    templates: input.templates,
    constants: deps.constants,
    limits: request.limits,
    waves: planWaves(targets.tells, request.limits),
    orderKey: input.orderKey,
    addressComparison: deps.directory.capabilities.addressComparison,
    collateral: isSuspending(request) ? [...suspensionCollateral] : [...deps.directory.capabilities.collateral],
    ...(sessionsLiveMinutes === null ? {} : { sessionsLiveMinutes }),
    ...(control.total === 0 ? {} : { control }),
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
