import { standardDrillRule } from '../../domain/drill/drill-standing.ts';
import type { DrillRule } from '../../domain/drill/drill-standing.ts';
import { judgeActions } from '../../domain/guardrail/judge-actions.ts';
import { judgeContent } from '../../domain/guardrail/judge-content.ts';
import type { ContentVerdict } from '../../domain/guardrail/judge-content.ts';
import { judgeDisputes, standardDisputeLimits } from '../../domain/guardrail/judge-disputes.ts';
import type { DisputeVerdict } from '../../domain/guardrail/judge-disputes.ts';
import { pairTemplateWithAction } from '../../domain/notice/pair-template-with-action.ts';
import type { NoticeTemplate } from '../../domain/notice/template.ts';
import type { ApprovedPlan, FrozenPlan, PlanHeader } from '../../domain/plan/frozen-plan.ts';
import type { PlanLimits } from '../../domain/plan/limits.ts';
import type { WavePlan } from '../../domain/plan/waves.ts';
import { quorumFor } from '../../domain/retraction/quorum-for.ts';
import type { GateVerdict } from '../../domain/rollout/decide-next-step.ts';
import { withoutAcknowledged } from '../../domain/rollout/held-verdict.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { OperatorId, PlanId, RetractionId } from '../../domain/shared/ids.ts';
import { isForward, isResumedByQuorum, sendsMail } from '../../domain/shared/track.ts';
import type { Track } from '../../domain/shared/track.ts';
import { readPlanOnce } from '../plan/read-plan-once.ts';
import { requireUnchanged } from '../plan/require-unchanged.ts';
import { checkQuorum } from '../approval/check-quorum.ts';
import type { CheckQuorumDeps } from '../approval/check-quorum.ts';
import { requireDrill } from '../drill/require-drill.ts';
import type { RolloutRow, StoredTrack } from '../ports/rollout-store.ts';
import type { Tx } from '../ports/store.ts';
import type { TemplateCatalog } from '../ports/template-catalog.ts';
import type { CountedTrack } from './tally-track.ts';
import { pauseGate, pauseInWords } from './pause-rollout.ts';
import { judgeAppealed } from './judge-appealed.ts';
import { judgeReturned } from './judge-returned.ts';
import { judgeSignedIn } from './judge-signed-in.ts';
import { disputeSensor } from './take-permit.ts';

/** A sensor heard within this many seconds counts as alive. */
const sensorAliveSeconds = 10;

export interface RolloutPolicyDeps extends CheckQuorumDeps {
  /** How long a passed drill carries the right to start; as the safety rules have it where none is given. */
  readonly drillRule?: DrillRule;
  readonly templates: TemplateCatalog;
  readonly codeVersion: string;
  /** Something is configured that takes bounces and complaints: its silence is then no good sign. */
  readonly hasFeedback: boolean;
}

/** What a plan or a retraction allows its rollout: read from the frozen rows, asked again inside each transaction that acts. */
export interface RolloutPolicy {
  readonly drillRule: DrillRule;
  /** Asked of a start, and of nothing that halts or puts right. `Failure('drill-due')`. */
  readonly requireDrill: (tx: Tx, plan: FrozenPlan) => Promise<void>;
  readonly limitsOf: (tx: Tx, rollout: RolloutRow) => Promise<PlanLimits>;
  readonly wavesOf: (tx: Tx, rollout: RolloutRow) => Promise<WavePlan | null>;
  readonly planOf: (tx: Tx, rollout: RolloutRow) => Promise<FrozenPlan>;
  readonly objection: (tx: Tx, rollout: RolloutRow, track: Track) => Promise<string | null>;
  /** The notices of a wave are out: from now on it is counted who of it comes back. */
  readonly noteTold: (tx: Tx, rollout: RolloutRow, wave: number) => Promise<void>;
  readonly judge: (
    tx: Tx,
    rollout: RolloutRow,
    track: StoredTrack,
    tally: CountedTrack,
  ) => Promise<readonly GateVerdict[]>;
  /**
   * The plan with the approvals of two people that hold now, its rows compared with its digest.
   * `Failure('needs-approval' | 'review-wrong' | 'code-drift' | 'template-unfit' | 'digest-mismatch')`.
   */
  readonly requireApproved: (tx: Tx, plan: FrozenPlan) => Promise<ApprovedPlan>;
}

export function makeRolloutPolicy(deps: RolloutPolicyDeps): RolloutPolicy {
  const driftOf = makeDriftOf(deps);

  async function planOf(tx: Tx, rollout: RolloutRow): Promise<FrozenPlan> {
    const planId: PlanId =
      rollout.kind === 'plan' ? `plan_${rollout.subjectNo}` : (await retractionOf(tx, rollout)).plan;
    const plan = await readPlanOnce(tx, planId);
    if (plan === null) throw new Failure('not-found', `There is no ${planId}.`);
    return plan;
  }

  async function objection(tx: Tx, rollout: RolloutRow, track: Track): Promise<string | null> {
    return (await pauseObjection(tx, rollout, track)) ?? (await approvedObjection(tx, rollout, track));
  }

  async function approvedObjection(tx: Tx, rollout: RolloutRow, track: Track): Promise<string | null> {
    if (track === 'holding' || track === 'late') return null;
    if (rollout.kind === 'retraction') return retractionObjection(deps, tx, rollout);
    const plan = await planOf(tx, rollout);
    if (isForward(track)) {
      const drift = driftOf(plan);
      if (drift !== null) return drift;
      const closed = await closedObjection(tx, plan);
      if (closed !== null) return closed;
    }
    return (await reviewObjection(tx, plan)) ?? (await approvalObjection(deps, tx, plan));
  }

  const drillRule = deps.drillRule ?? standardDrillRule;
  return {
    drillRule,
    requireDrill: (tx, plan) => requireDrill(deps, tx, drillRule, plan),
    planOf,
    objection,

    async noteTold(tx, rollout, wave) {
      const { id, header } = await planOf(tx, rollout);
      await tx.controls.schedule(id, wave, header.limits.signInAgesSeconds ?? []);
    },

    async limitsOf(tx, rollout) {
      return (await planOf(tx, rollout)).header.limits;
    },

    async wavesOf(tx, rollout) {
      if (rollout.kind === 'retraction') return (await retractionOf(tx, rollout)).header.waves;
      return (await planOf(tx, rollout)).header.waves;
    },

    async judge(tx, rollout, track, tally) {
      const verdicts: GateVerdict[] = [];
      const paused = await pauseObjection(tx, rollout, track.track);
      if (paused !== null) verdicts.push({ gate: pauseGate, result: 'inconclusive', reason: paused });
      const against = await approvedObjection(tx, rollout, track.track);
      if (against !== null) verdicts.push({ gate: 'approval', result: 'inconclusive', reason: against });
      if (track.track === 'tell') {
        const plan = await planOf(tx, rollout);
        const { limits } = plan.header;
        verdicts.push(await judgeTold(tx, rollout, limits, tally));
        verdicts.push(...(await judgeSignedIn(tx, plan)));
        verdicts.push(...(await judgeReturned(tx, rollout, limits, tally, deps.hasFeedback)));
      }
      if (sendsMail(track.track))
        verdicts.push(contentGate(judgeContent(await tx.rollouts.mailSamples(rollout.no, track.track))));
      if (track.track === 'contain') verdicts.push(actionGate(tally.waveCounts));
      if (rollout.kind === 'plan' && isForward(track.track)) {
        const plan = await planOf(tx, rollout);
        if (plan.header.action === 'suspend') verdicts.push(await judgeAppealed(tx, plan.id));
      }
      return withoutAcknowledged(track, verdicts, track.acknowledged);
    },

    async requireApproved(tx, plan) {
      const drift = driftOf(plan);
      if (drift !== null) throw new Failure('code-drift', `${plan.id} cannot go forward: ${drift}.`, { plan: plan.id });
      const wrong = await reviewObjection(tx, plan);
      if (wrong !== null)
        throw new Failure('review-wrong', `${plan.id} cannot go forward: ${wrong}.`, { plan: plan.id });
      const against = (await closedObjection(tx, plan)) ?? (await approvalObjection(deps, tx, plan));
      if (against !== null)
        throw new Failure('needs-approval', `${plan.id} cannot go forward: ${against}.`, { plan: plan.id });
      await requireUnchanged(deps.digests, tx, plan);
      return plan as ApprovedPlan;
    },
  };
}

async function retractionOf(
  tx: Tx,
  rollout: RolloutRow,
): Promise<NonNullable<Awaited<ReturnType<Tx['retractions']['read']>>>> {
  const id: RetractionId = `retraction_${rollout.subjectNo}`;
  const retraction = await tx.retractions.read(id);
  if (retraction === null) throw new Failure('not-found', `There is no ${id}.`);
  return retraction;
}

/** What keeps a plan from going on under this version, or null. */
type DriftOf = (plan: FrozenPlan) => string | null;

function makeDriftOf({ codeVersion, templates }: RolloutPolicyDeps): DriftOf {
  // A template of the catalog never changes, and reading all its words takes longer than the rest of a permit.
  const known = new WeakMap<NoticeTemplate, Map<PlanHeader['action'], string | null>>();
  return ({ header }) => {
    if (header.codeVersion !== codeVersion) return 'this is not the version of Allclear that it was approved for';
    try {
      const template = templates.findPinned(header.templates);
      const verdicts = known.get(template) ?? new Map<PlanHeader['action'], string | null>();
      known.set(template, verdicts);
      const verdict = verdicts.get(header.action);
      if (verdict !== undefined) return verdict;
      const pairing = pairTemplateWithAction(template, header.action);
      const problem = pairing.kind === 'paired' ? null : pairing.problems.join('; ');
      verdicts.set(header.action, problem);
      return problem;
    } catch (error) {
      if (error instanceof Failure && error.code === 'template-unfit') return error.message;
      throw error;
    }
  };
}

/** What is taken under a destroyed key could never be given back. */
async function closedObjection(tx: Tx, plan: FrozenPlan): Promise<string | null> {
  if (!(await tx.retention.isKeyDestroyed(plan.id))) return null;
  return 'its time is over and its key was destroyed; draft a new plan';
}

/** A person's pause holds what two people resume; letters that one person sends are not held by it. */
async function pauseObjection(tx: Tx, rollout: RolloutRow, track: Track): Promise<string | null> {
  if (!isResumedByQuorum(track)) return null;
  const pause = await tx.pauses.current(rollout.no);
  return pause === null ? null : pauseInWords(pause);
}

/** One wrong target is a finding about the evidence, and it is found by looking at a few of many. */
async function reviewObjection(tx: Tx, plan: FrozenPlan): Promise<string | null> {
  const [wrong] = await tx.reviews.wrong(plan.id, 1);
  if (wrong === undefined) return null;
  return `${wrong.reviewer} found target ${wrong.ordinal} wrong in review; withdraw that evidence and draft a new plan`;
}

async function approvalObjection(deps: RolloutPolicyDeps, tx: Tx, plan: FrozenPlan): Promise<string | null> {
  const quorum = await checkQuorum(deps, tx, {
    subject: plan.id,
    digest: plan.digest,
    decision: 'approve',
    required: 2,
    author: `operator_${plan.authorNo}`,
  });
  return quorum.kind === 'met'
    ? null
    : `it has ${quorum.have} of 2 approvals that hold now (approve: allclear plan approve ${plan.id})`;
}

async function retractionObjection(deps: RolloutPolicyDeps, tx: Tx, rollout: RolloutRow): Promise<string | null> {
  const retraction = await retractionOf(tx, rollout);
  const needed = quorumFor(retraction.affected);
  const author: OperatorId | null = needed.authorMayApprove ? null : `operator_${retraction.authorNo}`;
  const quorum = await checkQuorum(deps, tx, {
    subject: retraction.id,
    digest: retraction.digest,
    decision: 'approve',
    required: needed.people,
    author,
  });
  if (quorum.kind === 'met') return null;
  return `it has ${quorum.have} of ${needed.people} approvals that hold now (approve: allclear retract approve ${retraction.id})`;
}

const disputeWords: Readonly<Record<Exclude<DisputeVerdict, { kind: 'pass' }>['reason'], string>> = {
  'too-many-disputes': 'too many',
  'canary-disputed': 'a canary says so',
  'staff-disputed': 'staff say so',
  'sensor-silent': 'nobody hears whether readers say anything',
  'nobody-told': 'nobody was told yet',
  'tally-impossible': 'the counts cannot be',
};

/** The dispute gate. A wave in which nobody was told yet is not judged at all. */
async function judgeTold(tx: Tx, rollout: RolloutRow, limits: PlanLimits, tally: CountedTrack): Promise<GateVerdict> {
  const told = (tally.counts['accepted'] ?? 0) + (tally.counts['unknown'] ?? 0) + (tally.counts['complained'] ?? 0);
  const disputes = (await tx.rollouts.disputes(rollout.no)).filter((one) => one.counted && one.track === 'tell').length;
  const age = await tx.rollouts.sensorAgeSeconds(disputeSensor);
  const sensorAlive = age !== null && age <= sensorAliveSeconds;
  const verdict = judgeDisputes(
    { told, disputes, canaryDisputes: 0, staffDisputes: 0, sensorAlive },
    {
      ...standardDisputeLimits,
      baselineRate: limits.disputeBaseline,
      baselineFactor: limits.disputeFactor,
      rateMax: limits.disputeCeiling,
    },
  );
  const caught = verdict.power.smallestErrorRateCaught;
  const power =
    caught === null
      ? `with ${told} told this is a technical check only`
      : `would have caught an error rate of ${(caught * 100).toFixed(0)} % or more`;
  const reason = verdict.kind === 'pass' ? '' : `${disputeWords[verdict.reason]}: `;
  const mayBeGoneOnOver =
    verdict.kind !== 'pass' && (verdict.reason === 'nobody-told' || verdict.reason === 'too-many-disputes');
  return {
    gate: 'disputes',
    result: verdict.kind,
    reason: `${reason}${disputes} of ${told} told say "this is not right"; ${power}`,
    ...(mayBeGoneOnOver ? { cause: { word: verdict.reason, count: disputes } } : {}),
  };
}

/** Where there is nothing to compare, there is nothing to wait for either: the next mails of the same words are compared. */
function contentGate(verdict: ContentVerdict): GateVerdict {
  switch (verdict.kind) {
    case 'pass':
      return { gate: 'content', result: 'pass', reason: `${verdict.compared} mails are like the first of their kind` };
    case 'inconclusive':
      return { gate: 'content', result: 'pass', reason: 'no two mails of one kind to compare yet' };
    case 'fail':
      return {
        gate: 'content',
        result: 'fail',
        reason:
          verdict.reason === 'foreign-address'
            ? `${verdict.mails} mails held an address of somebody else and were not sent`
            : `mails of the same words differ by ${verdict.bytes} bytes: something of one reader is in the mail of another`,
      };
  }
}

function actionGate(counts: Readonly<Record<string, number>>): GateVerdict {
  const { failed = 0, missing = 0, 'changed-since': changedSince = 0, claimed = 0 } = counts;
  const acted = Object.values(counts).reduce((sum, count) => sum + count, 0) - claimed;
  const verdict = judgeActions({ acted, failed, missing, changedSince });
  if (verdict.kind === 'pass') return { gate: 'actions', result: 'pass', reason: '' };
  const share = (verdict.share * 100).toFixed(0);
  return {
    gate: 'actions',
    result: 'inconclusive',
    reason:
      `${verdict.accounts} of ${acted} accounts of this wave (${share} %) were not contained: ${failed} failed, ` +
      `${missing} missing, ${changedSince} changed since; find out why before you go on`,
    cause: { word: 'not-contained', count: verdict.accounts },
  };
}
