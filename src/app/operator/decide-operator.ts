import type { Decision } from '../../domain/approval/approval-statement.ts';
import { isEmptyHanded, operatorRecord } from '../../domain/approval/operator.ts';
import type { Operator } from '../../domain/approval/operator.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { givesMore, roles } from '../../domain/approval/role.ts';
import type { Role } from '../../domain/approval/role.ts';
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
  | { readonly kind: 'suspended' }
  | { readonly kind: 'role-agreed'; readonly role: Role; readonly from: Date };

/** Time in which all operators can hear of a new one and object, once there is something to lose. */
const admissionDelayMs = 24 * 3_600_000;
/** A change of who may decide concerns one person: this is what the approver types. */
const total = 1;

/**
 * Takes one signed yes to admitting a pending operator (`add-operator`), to suspending an active one
 * (`suspend-operator`) or to giving them another role (`change-role-...`); at the second by another person it is done in the same transaction. The operator concerned has no say.
 */
export async function decideOperator(deps: DecideOperatorDeps, input: DecideOperatorInput): Promise<OperatorDecision> {
  return deps.store.transact(async (tx) => {
    await tx.operators.lock();
    const target = await tx.operators.read(input.subject);
    if (target === null) throw new Failure('not-found', `There is no ${input.subject}.`);
    const facts = await factsOfOperator(deps, tx, target);
    const { digest } = facts;
    const author = target.operatorId;
    const recorded = await recordApproval(deps, tx, facts, input);
    if (recorded.kind === 'refused') return recorded;
    const { decision } = recorded;
    const quorum = await checkQuorum(deps, tx, { subject: author, digest, decision, required: 2, author });
    if (quorum.kind === 'missing') return { kind: 'waiting', decision };
    if (decision === 'add-operator') return admit(deps, tx, target, quorum.by);
    const role = roles.find((one) => decision === `change-role-${one}`);
    return role === undefined ? suspend(tx, target, quorum.by) : agreeOnRole(deps, tx, target, role, quorum.by);
  });
}

/** What a yes about a person is compared with: the record that two others sign, who has no say in it themselves. */
export async function factsOfOperator(
  { digests, deploymentId, directory }: Pick<DecideOperatorDeps, 'digests' | 'deploymentId' | 'directory'>,
  tx: Tx,
  target: Operator,
): Promise<SubjectFacts> {
  if (target.state === 'pending' && isEmptyHanded(target)) {
    throw new Failure(
      'conflict',
      `${target.operatorId} has made no passkey yet, so there is nothing to say yes to. Hand them a link: allclear operator link ${target.operatorId} --as NAME`,
    );
  }
  const digest = digests.sha256(digests.canonical(operatorRecord(deploymentId, target)));
  return { digest, total, directory, decisions: await openDecisions(tx, target), author: target.operatorId };
}

async function openDecisions(tx: Tx, target: Operator): Promise<readonly Decision[]> {
  if (target.state === 'pending') return ['add-operator'];
  if (target.state !== 'active') return [];
  // The role that they have is a decision only where another one was agreed on: it takes that back.
  const next = await tx.operators.nextRole(target.operatorId);
  const others = roles.filter((role) => role !== target.role || next !== null);
  return ['suspend-operator', ...others.map((role) => `change-role-${role}` as const)];
}

/** One that gives more begins when everybody can have heard of it, once there is something to lose; less begins at once. */
async function agreeOnRole(
  deps: DecideOperatorDeps,
  tx: Tx,
  { operatorId, role: before }: Operator,
  role: Role,
  by: readonly OperatorId[],
): Promise<OperatorDecision> {
  const now = await tx.approvals.now();
  const waits = givesMore(before, role) && (await deps.hasAnyRollout(tx));
  const from = waits ? new Date(now.getTime() + admissionDelayMs) : now;
  if (waits) await tx.operators.setNextRole(operatorId, { role, from });
  else await tx.operators.setRole(operatorId, role);
  await tx.ledger.append({
    chain: 'installation',
    event: waits ? 'operator.role-agreed' : 'operator.role-changed',
    body: { operator: operatorId, before, role, from: from.toISOString(), by },
  });
  return { kind: 'role-agreed', role, from };
}

async function admit(
  deps: DecideOperatorDeps,
  tx: Tx,
  { operatorId, publicKey, passkeys, role }: Operator,
  by: readonly OperatorId[],
): Promise<OperatorDecision> {
  const now = await tx.approvals.now();
  const activeFrom = (await deps.hasAnyRollout(tx)) ? new Date(now.getTime() + admissionDelayMs) : now;
  await tx.operators.setActive(operatorId, activeFrom);
  await tx.ledger.append({
    chain: 'installation',
    event: 'operator.added',
    body: {
      operator: operatorId,
      publicKey,
      // Of somebody without a key: the passkey that the two said yes to.
      ...(publicKey === null ? { passkeyKey: passkeys[0] ?? null } : {}),
      role,
      activeFrom: activeFrom.toISOString(),
      by,
    },
  });
  return { kind: 'admitted', activeFrom };
}

async function suspend(tx: Tx, { operatorId }: Operator, by: readonly OperatorId[]): Promise<OperatorDecision> {
  await tx.operators.suspend(operatorId);
  await tx.ledger.append({ chain: 'installation', event: 'operator.suspended', body: { operator: operatorId, by } });
  return { kind: 'suspended' };
}
