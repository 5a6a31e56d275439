import { parseStatement } from '../../domain/approval/approval-statement.ts';
import type { ApprovalStatement, ApprovalSubject, Decision } from '../../domain/approval/approval-statement.ts';
import { judgeApproval } from '../../domain/approval/judge-approval.ts';
import type { ApprovalRefusal } from '../../domain/approval/judge-approval.ts';
import type { LedgerEvent } from '../../domain/ledger/events.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { isTypedId } from '../../domain/shared/ids.ts';
import type { OperatorId } from '../../domain/shared/ids.ts';
import type { Tx } from '../ports/store.ts';
import { readApprovals } from './read-approvals.ts';
import type { ReadApprovalsDeps } from './read-approvals.ts';
import { reviewDemandOf } from './review-demand.ts';

export interface SubjectFacts {
  /** SHA-256 of the subject as it is now, hex. */
  readonly digest: string;
  /** How many people it concerns: what the approver must have typed. */
  readonly total: number;
  readonly directory: string;
  /** What can be decided at present; none when the subject is not open for decisions. */
  readonly decisions: readonly Decision[];
  readonly author: OperatorId | null;
}

export interface GivenStatement {
  readonly subject: ApprovalSubject;
  /** The RFC 8785 text that was signed, byte for byte. */
  readonly statement: string;
  /** Ed25519, base64url. */
  readonly signature: string;
  /** Who sent it, as authenticated. */
  readonly operatorId: OperatorId;
}

export type RecordedApproval =
  | { readonly kind: 'approved'; readonly decision: Decision; readonly expiresAt: Date }
  | { readonly kind: 'refused'; readonly reason: ApprovalRefusal | 'statement-unreadable' };

/** Judges one signed yes and records it with its ledger entry, in the caller's transaction, which holds the subject. */
export async function recordApproval(
  deps: ReadApprovalsDeps,
  tx: Tx,
  facts: SubjectFacts,
  given: GivenStatement,
): Promise<RecordedApproval> {
  const { subject, operatorId } = given;
  const statement = parseStatement(given.statement, (value) => deps.digests.canonical(value));
  if (statement === null) return { kind: 'refused', reason: 'statement-unreadable' };
  const operator = await tx.operators.read(operatorId);
  if (operator === null) throw new Failure('not-found', `There is no ${operatorId}.`);
  const now = await tx.approvals.now();
  const verdict = judgeApproval({
    statement,
    isSignatureValid: deps.signatures.verify(operator.publicKey, given.statement, given.signature),
    operator,
    subject: {
      ...facts,
      deployment: deps.deploymentId,
      author: facts.author === null ? null : await tx.operators.read(facts.author),
      review: await reviewDemandOf(deps.digests, tx, subject, operatorId),
    },
    earlier: await readApprovals(deps, tx, subject),
    isNonceUsed: await tx.approvals.isNonceUsed(statement.nonce),
    now,
  });
  if (verdict.kind === 'refused') return verdict;
  const expiresAt = new Date(statement.expiry);
  await tx.approvals.add({
    subject,
    operatorId,
    digest: statement.digest,
    decision: statement.decision,
    statement: given.statement,
    signature: given.signature,
    nonce: statement.nonce,
    givenAt: now,
    expiresAt,
  });
  await tx.ledger.append({
    chain: 'installation',
    event: eventOf(subject, statement),
    // The statement, signature and key stand in the entry: an auditor verifies the yes without our tables.
    body: {
      subject,
      operator: operatorId,
      publicKey: operator.publicKey,
      statement: given.statement,
      signature: given.signature,
    },
  });
  return { kind: 'approved', decision: statement.decision, expiresAt };
}

function eventOf(subject: ApprovalSubject, { decision }: ApprovalStatement): LedgerEvent {
  if (decision.startsWith('resume-epoch-')) return 'rollout.resume-approved';
  if (decision.startsWith('start-without-drill-')) return 'drill.override-approved';
  if (isTypedId('plan', subject)) return 'plan.approved';
  return isTypedId('retraction', subject) ? 'retraction.approved' : 'operator.approved';
}
