import type { ApprovedPlan } from '../../domain/plan/frozen-plan.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { OperatorId, PlanId } from '../../domain/shared/ids.ts';
import { refuseOverBudget } from '../plan/refuse-over-budget.ts';
import type { Directory } from '../ports/directory.ts';
import type { Store, Tx } from '../ports/store.ts';
import { refuseLostStart } from './refuse-lost-start.ts';
import type { RolloutPolicy } from './rollout-policy.ts';

export interface StartRolloutDeps {
  readonly store: Store;
  readonly policy: RolloutPolicy;
  readonly codeVersion: string;
  readonly directory: Pick<Directory, 'name' | 'environment' | 'countAccounts'>;
  readonly mailerEnvironment: string;
  readonly environment: string;
}

/**
 * Starts the two tracks of an approved plan; the workers take it from there. `total` is what the starter typed. Refuses without
 * a recent, passed drill, `Failure('drill-due')`.
 */
export async function startRollout(
  deps: StartRolloutDeps,
  plan: PlanId,
  total: number,
  by: OperatorId,
): Promise<number> {
  refuseMixedEnvironments(deps);
  const accounts = await deps.directory.countAccounts();
  return deps.store.transact(async (tx) => {
    await tx.approvals.lockSubject(plan);
    const frozen = await tx.plans.read(plan);
    if (frozen === null) throw new Failure('not-found', `There is no ${plan}.`, { plan });
    if (frozen.header.directory !== deps.directory.name) {
      throw new Failure(
        'environment-mismatch',
        `${plan} is for the directory ${frozen.header.directory}, this is ${deps.directory.name}.`,
      );
    }
    if (frozen.total !== total)
      throw new Failure(
        'total-mismatch',
        `${plan} acts on ${frozen.total} accounts, not ${total}. Nothing was started.`,
        { plan },
      );
    if ((await tx.rollouts.find('plan', numberOf(plan))) !== null) {
      throw new Failure('conflict', `${plan} was started already. See: allclear rollout status ${plan}`, { plan });
    }
    await refuseLostStart(tx, plan);
    const approved = await deps.policy.requireApproved(tx, frozen);
    await deps.policy.requireDrill(tx, frozen);
    await tx.plans.lockStarts(deps.directory.name);
    await refuseOverBudget(tx, deps.directory.name, frozen.total, accounts, frozen.header.limits);
    return begin(deps, tx, approved, by);
  });
}

async function begin(deps: StartRolloutDeps, tx: Tx, plan: ApprovedPlan, by: OperatorId): Promise<number> {
  const { waves, limits, targets } = plan.header;
  const rolloutNo = await tx.rollouts.create({
    kind: 'plan',
    subjectNo: numberOf(plan.id),
    digest: plan.digest,
    codeVersion: deps.codeVersion,
    startedByNo: numberOf(by),
  });
  const interlocked = limits.order === 'interlocked' && targets.told > 0;
  await tx.rollouts.addTrack(rolloutNo, {
    track: 'contain',
    members: targets.total,
    waveEnds: waves.containEnds,
    soakSeconds: interlocked ? interlockedSoaks(plan) : limits.containSoakSeconds,
  });
  await tx.rollouts.addTrack(rolloutNo, {
    track: 'tell',
    members: targets.told,
    waveEnds: waves.tellEnds,
    soakSeconds: limits.tellSoakSeconds,
  });
  await tx.ledger.append({
    chain: 'installation',
    event: 'rollout.started',
    body: { plan: plan.id, rollout: rolloutNo, digest: plan.digest, total: plan.total, by },
  });
  return rolloutNo;
}

/** The soak of a wave that notices follow is theirs; a wave after which nobody is told next has one of its own. */
function interlockedSoaks({ header: { waves, limits } }: ApprovedPlan): readonly number[] {
  const { containNeedsTold } = waves;
  return containNeedsTold.map((needed, wave) => {
    const isFollowedByNotices = (containNeedsTold[wave + 1] ?? Infinity) > needed;
    return isFollowedByNotices ? 0 : (limits.containSoakSeconds[wave] ?? limits.containSoakSeconds.at(-1) ?? 0);
  });
}

function refuseMixedEnvironments(deps: StartRolloutDeps): void {
  const all = new Set([deps.environment, deps.directory.environment, deps.mailerEnvironment]);
  if (all.size === 1) return;
  throw new Failure(
    'environment-mismatch',
    `Deployment (${deps.environment}), directory (${deps.directory.environment}) and mailer (${deps.mailerEnvironment}) must be of one environment. Nothing was started.`,
  );
}
