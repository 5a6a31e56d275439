import { isGroundForSuspension } from '../../domain/plan/place-for-suspension.ts';
import { onePersonAccounts } from '../../domain/retraction/quorum-for.ts';
import type { FrozenPlan } from '../../domain/plan/frozen-plan.ts';
import type { Appeal, AppealLift } from '../../domain/appeal/appeal.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { BatchId, OperatorId } from '../../domain/shared/ids.ts';
import type { Suspension } from '../ports/suspension-store.ts';
import type { Tx } from '../ports/store.ts';

export interface Granted {
  readonly lifted: AppealLift;
  /** What is to be lifted now; null where there is nothing. */
  readonly suspension: Suspension | null;
}

/**
 * Writes down that a person lets one suspended account back in: the evidence that the plan stood on for it is withdrawn, for it
 * alone, and its suspension is to be lifted. Single persons do so for 25 accounts of a plan; beyond that two people retract.
 * `Failure('conflict')` names the way.
 */
export async function grantSuspension(tx: Tx, appeal: Appeal, plan: FrozenPlan, by: OperatorId): Promise<Granted> {
  // Two who grant at once count each other.
  await tx.approvals.lockSubject(plan.id);
  const mine = (await tx.suspensions.ofPlan(plan.id, plan.header.directory, [appeal.accountId])).get(appeal.accountId);
  const isOpen = mine !== undefined && (mine.state === 'open' || mine.state === 'marked');
  if (isOpen && mine.liftAskedBy === null && (await tx.suspensions.liftedByAppeal(plan.id)) >= onePersonAccounts)
    throw new Failure(
      'conflict',
      `Nothing was decided: ${onePersonAccounts} suspensions of ${plan.id} were lifted by granted appeals, which is as far as one ` +
        `person goes. Withdraw the evidence that was wrong, and let two people retract: allclear retract ${plan.id}`,
      { plan: plan.id },
    );
  await withdrawGrounds(tx, appeal, plan, by);
  if (!isOpen) return { lifted: appeal.lifted ?? 'not-suspended', suspension: null };
  await tx.suspensions.askLift(mine.id, appeal.id);
  return { lifted: 'waits', suspension: { ...mine, liftAskedBy: mine.liftAskedBy ?? appeal.id } };
}

/** Annotated, not erased: whoever looks at the account later sees that a person took this back, and no later plan acts on it. */
async function withdrawGrounds(tx: Tx, appeal: Appeal, plan: FrozenPlan, by: OperatorId): Promise<void> {
  const [target] = await tx.plans.targetsOf(plan.id, [appeal.accountId]);
  const live = (await tx.evidence.liveEvidence([appeal.accountId])).get(appeal.accountId) ?? [];
  const own = live.filter((item) => isGroundForSuspension(item) && target?.evidence.includes(item.evidenceNo) === true);
  const batches = new Map<BatchId, number[]>();
  for (const item of own) batches.set(item.batch, [...(batches.get(item.batch) ?? []), item.evidenceNo]);
  for (const [batch, evidenceNos] of batches) {
    const evidence = await tx.evidence.withdraw(
      { batch, cause: 'wrong-verdict', by, selection: 'accounts' },
      { kind: 'rows', evidenceNos },
    );
    await tx.ledger.append({
      chain: 'installation',
      event: 'evidence.withdrawn',
      body: { batch, cause: 'wrong-verdict', by, selection: 'accounts', evidence, accounts: 1, appeal: appeal.id },
    });
  }
}
