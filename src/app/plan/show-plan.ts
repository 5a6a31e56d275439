import { digestWords } from '../../domain/approval/digest-words.ts';
import { suspensionReasonWords } from '../../domain/plan/suspension-terms.ts';
import type { SuspensionTerms } from '../../domain/plan/suspension-terms.ts';
import { judgeBudgets } from '../../domain/guardrail/judge-budgets.ts';
import type { Budget } from '../../domain/guardrail/judge-budgets.ts';
import { whatCannotBeUndone } from '../../domain/plan/cannot-be-undone.ts';
import type { FrozenPlan, PlanHeader } from '../../domain/plan/frozen-plan.ts';
import { exclusionInWords, laneWordsOf } from '../../domain/plan/lane-words.ts';
import type { LaneWords } from '../../domain/plan/lane-words.ts';
import { lockOutRisks } from '../../domain/plan/lock-out-risks.ts';
import type { LockOutRisk } from '../../domain/plan/lock-out-risks.ts';
import { lanes } from '../../domain/plan/place-account.ts';
import type { Effect, Lane } from '../../domain/plan/place-account.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { accountId, numberOf } from '../../domain/shared/ids.ts';
import type { AccountId, PlanId } from '../../domain/shared/ids.ts';
import { showApprovals } from '../approval/show-approvals.ts';
import type { ShownApprovals } from '../approval/show-approvals.ts';
import type { ReadApprovalsDeps } from '../approval/read-approvals.ts';
import type { Directory } from '../ports/directory.ts';
import type { PlanDifference, TargetTally } from '../ports/plan-store.ts';
import { showReviews } from '../review/show-reviews.ts';
import type { ShownReviews } from '../review/show-reviews.ts';
import { lifetimeOf } from '../retention/find-due.ts';
import type { Store, Tx } from '../ports/store.ts';

/** Targets shown with their reason: the first in the plan's keyed order, which nobody chose. */
const sampleSize = 10;

export interface ShowPlanDeps extends ReadApprovalsDeps {
  readonly store: Store;
  readonly directory: Pick<Directory, 'countAccounts'>;
}

export interface ShownLane extends LaneWords {
  readonly lane: Lane;
  readonly count: number;
  readonly told: number;
  /** The evidence behind it, in words, with counts. */
  readonly reasons: Readonly<Record<string, number>>;
}

export interface ShownTarget {
  readonly accountId: AccountId;
  readonly ordinal: number;
  readonly lane: Lane;
  readonly effect: Effect;
  readonly told: boolean;
  readonly language: string | null;
  /** A sentence for a person. */
  readonly reason: string;
  readonly evidence: readonly {
    readonly class: string;
    readonly source: string;
    readonly state: 'live' | 'withdrawn';
  }[];
}

export interface ShownPlan {
  readonly plan: PlanId;
  readonly digest: string;
  /** Its first 66 bits in six words, to be compared by voice. */
  readonly digestWords: string;
  readonly author: string;
  readonly createdAt: string;
  readonly directory: string;
  readonly environment: string;
  readonly action: string;
  /** Null unless the plan suspends. */
  readonly suspension: (SuspensionTerms & { readonly words: string }) | null;
  readonly codeVersion: string;
  readonly batches: readonly string[];
  readonly counts: {
    readonly total: number;
    readonly told: number;
    readonly quarantined: number;
    readonly suspended: number;
    readonly sessionsOnly: number;
    readonly excluded: number;
    readonly evidence: number;
    /** Unaffected look-alikes whose sign-ins are counted beside those of the targets. */
    readonly control: number;
  };
  readonly lanes: readonly ShownLane[];
  readonly exclusions: readonly { readonly reason: string; readonly words: string; readonly count: number }[];
  readonly sample: readonly ShownTarget[];
  /** Null for the first plan of the directory. */
  readonly difference: PlanDifference | null;
  readonly risks: readonly LockOutRisk[];
  readonly cannotBeUndone: readonly string[];
  /** When the seals are destroyed; null until the last wave is contained or halted. */
  readonly lastRestoreAt: Date | null;
  /** Null while the directory does not answer, or counts what cannot be. */
  readonly budgets: readonly Budget[] | null;
  readonly limits: PlanHeader['limits'];
  readonly waves: PlanHeader['waves'];
  readonly templates: PlanHeader['templates'];
  readonly review: ShownReviews;
  readonly approvals: ShownApprovals;
  readonly started: boolean;
}

/** Everything a person needs before saying yes to a plan. No address is in it. `Failure('not-found')`. */
export async function showPlan(deps: ShowPlanDeps, plan: PlanId): Promise<ShownPlan> {
  const accounts = await deps.directory.countAccounts().catch(() => null);
  return deps.store.transact(async (tx) => {
    const frozen = await tx.plans.read(plan);
    if (frozen === null) throw new Failure('not-found', `There is no ${plan}.`, { plan });
    const { header } = frozen;
    const groups = await tx.plans.tallyTargets(plan);
    const rollout = await tx.rollouts.find('plan', numberOf(plan));
    const countOf = (isOne: (group: TargetTally) => boolean): number => sum(groups.filter(isOne));
    return {
      plan,
      digest: frozen.digest,
      digestWords: digestWords(frozen.digest),
      author: header.author,
      createdAt: header.createdAt,
      directory: header.directory,
      environment: header.environment,
      action: header.action,
      suspension:
        header.suspension === undefined
          ? null
          : { ...header.suspension, words: suspensionReasonWords[header.suspension.reason] },
      codeVersion: header.codeVersion,
      batches: header.evidence.batches,
      counts: {
        total: frozen.total,
        told: header.targets.told,
        quarantined: countOf((group) => group.effect === 'quarantine'),
        suspended: countOf((group) => group.effect === 'suspend'),
        sessionsOnly: countOf((group) => group.effect === 'end-sessions'),
        excluded: header.exclusions.total,
        evidence: header.evidence.items,
        control: header.control?.total ?? 0,
      },
      lanes: shownLanes(groups, header),
      exclusions: Object.entries(await tx.plans.exclusionsByReason(plan)).map(([reason, count]) => ({
        reason,
        words: exclusionInWords(reason),
        count,
      })),
      sample: await readSample(tx, plan, header.action),
      difference: await tx.plans.differenceToPrevious(plan),
      risks: lockOutRisks(groups, header.sessionsLiveMinutes ?? null),
      cannotBeUndone: whatCannotBeUndone(header),
      lastRestoreAt: (await lifetimeOf(tx, plan)).lastRestoreAt,
      budgets: accounts === null ? null : await readBudgets(tx, frozen, accounts, rollout !== null),
      limits: header.limits,
      waves: header.waves,
      templates: header.templates,
      review: await showReviews(tx, frozen),
      approvals: await showApprovals(deps, tx, frozen, { required: 2, author: `operator_${frozen.authorNo}` }),
      started: rollout !== null,
    };
  });
}

function shownLanes(groups: readonly TargetTally[], header: PlanHeader): readonly ShownLane[] {
  return lanes.flatMap((lane) => {
    const own = groups.filter((group) => group.lane === lane);
    if (own.length === 0) return [];
    const reasons: Record<string, number> = {};
    for (const group of own) reasons[group.reason] = (reasons[group.reason] ?? 0) + group.count;
    return [
      {
        lane,
        count: sum(own),
        told: sum(own.filter((group) => group.told)),
        reasons,
        ...laneWordsOf(lane, header.sessionsLiveMinutes === undefined, header.action),
      },
    ];
  });
}

async function readSample(tx: Tx, plan: PlanId, action: PlanHeader['action']): Promise<readonly ShownTarget[]> {
  const targets = await tx.plans.targets(plan, 0, sampleSize);
  const evidence = await tx.evidence.allEvidence(targets.map((target) => accountId(target.accountId)));
  return targets.map((target) => {
    const id = accountId(target.accountId);
    const own = (evidence.get(id) ?? []).filter((item) => target.evidence.includes(item.evidenceNo));
    return {
      accountId: id,
      ordinal: target.ordinal,
      lane: target.lane,
      effect: target.effect,
      told: target.tellOrdinal !== null,
      language: target.language,
      reason: `${target.reason}; ${laneWordsOf(target.lane, true, action).why}`,
      evidence: own.map((item) => ({ class: item.class, source: item.source, state: item.state })),
    };
  });
}

/** A plan that was started is among those that used the budget, and asks for nothing more. */
async function readBudgets(
  tx: Tx,
  plan: FrozenPlan,
  accounts: number,
  started: boolean,
): Promise<readonly Budget[] | null> {
  const { directory, limits } = plan.header;
  const verdict = judgeBudgets(
    {
      accounts,
      asked: started ? 0 : plan.total,
      actedInDay: await tx.plans.startedTargetsWithin(directory, 24),
      actedIn30Days: await tx.plans.startedTargetsWithin(directory, 30 * 24),
    },
    limits,
  );
  return verdict.kind === 'inconclusive' ? null : verdict.budgets;
}

function sum(groups: readonly TargetTally[]): number {
  return groups.reduce((total, group) => total + group.count, 0);
}
