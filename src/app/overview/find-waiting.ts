import type { Operator } from '../../domain/approval/operator.ts';
import { isSamePerson } from '../../domain/approval/operator.ts';
import { roleMay } from '../../domain/approval/role.ts';
import type { FrozenPlan } from '../../domain/plan/frozen-plan.ts';
import type { FrozenRetraction } from '../../domain/retraction/frozen-retraction.ts';
import { quorumFor } from '../../domain/retraction/quorum-for.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { LossId, OperatorId, PlanId, RetractionId } from '../../domain/shared/ids.ts';
import type { ReadApprovalsDeps } from '../approval/read-approvals.ts';
import { showApprovals } from '../approval/show-approvals.ts';
import { signersOf } from '../ledger/show-loss.ts';
import type { ShownApprovals } from '../approval/show-approvals.ts';
import type { Tx } from '../ports/store.ts';
import { readOwnReview } from '../review/own-review.ts';

/** Of the newest plans; an older one that nobody started is not waited for any more. */
const plansLookedAt = 20;
/** Those who wait to be admitted are few; the rest is on the page of operators. */
const operatorsShown = 20;

export interface Waiting {
  /** What has to be done next. */
  readonly step: 'review' | 'approve' | 'start' | 'admit';
  readonly subject: PlanId | RetractionId | LossId | OperatorId;
  /** Of the operator whom it is about. */
  readonly name?: string;
  /** How many people it concerns; null where it is about one operator. */
  readonly total: number | null;
  readonly have: number;
  readonly required: number;
  /** Whether the reader may do it. */
  readonly mine: boolean;
}

export interface FindWaitingDeps extends ReadApprovalsDeps {
  readonly codeVersion: string;
}

/** What waits for a person's yes or for somebody to start it, and which of it waits for this one. */
export async function findWaiting(deps: FindWaitingDeps, tx: Tx, me: Operator): Promise<readonly Waiting[]> {
  const found: Waiting[] = [];
  for (const { id } of await tx.plans.list(plansLookedAt, null)) {
    const plan = await tx.plans.read(id);
    if (plan === null) continue;
    const isStarted = (await tx.rollouts.find('plan', numberOf(id))) !== null;
    if (!isStarted) found.push(...(await planStep(deps, tx, me, plan)));
    const [newest] = isStarted ? await tx.retractions.ofPlan(id) : [];
    if (newest !== undefined) found.push(...(await retractionStep(deps, tx, me, newest)));
  }
  return [...(await lossStep(deps, tx, me)), ...found, ...(await admissions(tx, me))];
}

/** With both yeses it is accepted on the server's machine, and by nobody here. */
async function lossStep(deps: FindWaitingDeps, tx: Tx, me: Operator): Promise<readonly Waiting[]> {
  const loss = await tx.losses.waiting();
  if (loss === null) return [];
  const approvals = await signersOf(deps, tx, loss);
  const { have, required } = approvals;
  const mine = have < required && (await mayStillApprove(tx, me, approvals, null));
  return [{ step: 'approve', subject: loss.loss, total: loss.total, have, required, mine }];
}

async function planStep(deps: FindWaitingDeps, tx: Tx, me: Operator, plan: FrozenPlan): Promise<readonly Waiting[]> {
  // Neither can ever be started: another version runs now, or a reviewer found a wrong target.
  if (plan.header.codeVersion !== deps.codeVersion) return [];
  if ((await tx.reviews.wrong(plan.id, 1)).length > 0) return [];
  const author: OperatorId = `operator_${plan.authorNo}`;
  const approvals = await showApprovals(deps, tx, plan, { required: 2, author });
  const { have, required } = approvals;
  const told = { subject: plan.id, total: plan.total, have, required };
  if (have >= required) return [{ ...told, step: 'start', mine: roleMay(me.role, 'rollout.start') }];
  const mine = await mayStillApprove(tx, me, approvals, author);
  const { standing } = await readOwnReview(tx, plan, me.operatorId);
  const isReviewed = standing.kind === 'clean' || standing.kind === 'not-needed';
  return [{ ...told, step: mine && !isReviewed ? 'review' : 'approve', mine }];
}

async function retractionStep(
  deps: FindWaitingDeps,
  tx: Tx,
  me: Operator,
  retraction: FrozenRetraction,
): Promise<readonly Waiting[]> {
  if ((await tx.rollouts.find('retraction', numberOf(retraction.id))) !== null) return [];
  const needed = quorumFor(retraction.affected);
  const author: OperatorId | null = needed.authorMayApprove ? null : `operator_${retraction.authorNo}`;
  const approvals = await showApprovals(deps, tx, retraction, { required: needed.people, author });
  const { have, required } = approvals;
  const told = { subject: retraction.id, total: retraction.affected, have, required };
  if (have >= required) return [{ ...told, step: 'start', mine: roleMay(me.role, 'retraction.start') }];
  return [{ ...told, step: 'approve', mine: await mayStillApprove(tx, me, approvals, author) }];
}

/** Neither the author under another name, nor somebody whose yes holds already. */
async function mayStillApprove(
  tx: Tx,
  me: Operator,
  { given }: ShownApprovals,
  author: OperatorId | null,
): Promise<boolean> {
  if (!roleMay(me.role, 'approval.give')) return false;
  for (const other of [author, ...given.filter((one) => one.holds).map((one) => one.operator)]) {
    const person = other === null ? null : await tx.operators.read(other);
    if (person !== null && isSamePerson(person, me)) return false;
  }
  return true;
}

async function admissions(tx: Tx, me: Operator): Promise<readonly Waiting[]> {
  const pending = (await tx.operators.list()).filter((one) => one.state === 'pending').slice(0, operatorsShown);
  const found: Waiting[] = [];
  for (const one of pending) {
    const given = await tx.approvals.list(one.operatorId);
    const isGiven = given.some((approval) => approval.operatorId === me.operatorId);
    found.push({
      step: 'admit',
      subject: one.operatorId,
      name: one.name,
      total: null,
      have: given.length,
      required: 2,
      mine: roleMay(me.role, 'operator.decide') && !isGiven && !isSamePerson(one, me),
    });
  }
  return found;
}
