import type { Decision } from '../../domain/approval/approval-statement.ts';
import { operatorRecord } from '../../domain/approval/operator.ts';
import type { Operator } from '../../domain/approval/operator.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { OperatorId } from '../../domain/shared/ids.ts';
import { checkQuorum } from '../approval/check-quorum.ts';
import { recordApproval } from '../approval/record-approval.ts';
import type {
  GivenStatement,
  RecordApprovalDeps,
  RecordedApproval,
  SubjectFacts,
} from '../approval/record-approval.ts';
import type { Store, Tx } from '../ports/store.ts';

export interface DecideOperatorDeps extends RecordApprovalDeps {
  readonly store: Store;
  /** The directory that this deployment serves: part of every statement. */
  readonly directory: string;
  /** Whether any rollout ever ran here, read in this transaction. */
  readonly hasAnyRollout: (tx: Tx) => Promise<boolean>;
}

export interface DecideOperatorInput extends GivenStatement {
  readonly subject: OperatorId;
}

export type OperatorDecision =
  | Extract<RecordedApproval, { kind: 'refused' }>
  /** One more person has to say yes. */
  | { readonly kind: 'waiting'; readonly decision: Decision }
  | { readonly kind: 'admitted'; readonly activeFrom: Date }
  | { readonly kind: 'suspended' };

/** Time in which all operators can hear of a new one and object, once there is something to lose. */
const admissionDelayMs = 24 * 3_600_000;
/** A change of who may decide concerns one person: this is what the approver types. */
const total = 1;

/**
 * Takes one signed yes to admitting a pending operator (`add-operator`) or to suspending an active one
 * (`suspend-operator`); at the second by another person it is done in the same transaction. The operator concerned has no say.
 */
export async function decideOperator(deps: DecideOperatorDeps, input: DecideOperatorInput): Promise<OperatorDecision> {
  return deps.store.transact(async (tx) => {
    await tx.operators.lock();
    const target = await tx.operators.read(input.subject);
    if (target === null) throw new Failure('not-found', `There is no ${input.subject}.`);
    const facts = factsOfOperator(deps, target);
    const { digest } = facts;
    const author = target.operatorId;
    const recorded = await recordApproval(deps, tx, facts, input);
    if (recorded.kind === 'refused') return recorded;
    const { decision } = recorded;
    const quorum = await checkQuorum(deps, tx, { subject: author, digest, decision, required: 2, author });
    if (quorum.kind === 'missing') return { kind: 'waiting', decision };
    return decision === 'add-operator' ? admit(deps, tx, target, quorum.by) : suspend(tx, target, quorum.by);
  });
}

/** What a yes about a person is compared with: the record that two others sign, who has no say in it themselves. */
export function factsOfOperator(
  { digests, deploymentId, directory }: Pick<DecideOperatorDeps, 'digests' | 'deploymentId' | 'directory'>,
  target: Operator,
): SubjectFacts {
  const digest = digests.sha256(digests.canonical(operatorRecord(deploymentId, target)));
  return { digest, total, directory, decisions: openDecisions(target), author: target.operatorId };
}

function openDecisions(target: Operator): readonly Decision[] {
  if (target.state === 'pending') return ['add-operator'];
  return target.state === 'active' ? ['suspend-operator'] : [];
}

async function admit(
  deps: DecideOperatorDeps,
  tx: Tx,
  { operatorId, publicKey, role }: Operator,
  by: readonly OperatorId[],
): Promise<OperatorDecision> {
  const now = await tx.approvals.now();
  const activeFrom = (await deps.hasAnyRollout(tx)) ? new Date(now.getTime() + admissionDelayMs) : now;
  await tx.operators.setActive(operatorId, activeFrom);
  await tx.ledger.append({
    chain: 'installation',
    event: 'operator.added',
    body: { operator: operatorId, publicKey, role, activeFrom: activeFrom.toISOString(), by },
  });
  return { kind: 'admitted', activeFrom };
}

async function suspend(tx: Tx, { operatorId }: Operator, by: readonly OperatorId[]): Promise<OperatorDecision> {
  await tx.operators.suspend(operatorId);
  await tx.ledger.append({ chain: 'installation', event: 'operator.suspended', body: { operator: operatorId, by } });
  return { kind: 'suspended' };
}
