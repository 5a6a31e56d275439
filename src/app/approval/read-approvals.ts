import { parseStatement } from '../../domain/approval/approval-statement.ts';
import type { ApprovalSubject } from '../../domain/approval/approval-statement.ts';
import type { ReviewDemand } from '../../domain/approval/judge-approval.ts';
import type { Operator } from '../../domain/approval/operator.ts';
import type { GivenApproval } from '../../domain/approval/quorum.ts';
import { isTypedId } from '../../domain/shared/ids.ts';
import type { OperatorId } from '../../domain/shared/ids.ts';
import type { StoredApproval } from '../ports/approval-store.ts';
import type { Digests } from '../ports/digests.ts';
import type { Signatures } from '../ports/signatures.ts';
import type { Tx } from '../ports/store.ts';
import { reviewDemandOf } from './review-demand.ts';

export interface ReadApprovalsDeps {
  readonly digests: Digests;
  readonly signatures: Signatures;
  readonly deploymentId: string;
}

/**
 * The approvals of a subject with their operators as they are now. Each stored signature is verified again: a row that
 * was written or changed past us is not genuine (I21), nor is a yes to a plan whose review is no longer what was signed. A yes about a person's role is
 * spent once a role of theirs is agreed on: it brings nothing back that two took back since.
 */
export async function readApprovals(
  deps: ReadApprovalsDeps,
  tx: Tx,
  subject: ApprovalSubject,
): Promise<readonly GivenApproval[]> {
  return (await readApprovalsWith(deps, tx, subject, null)).given;
}

/** The same, and `author` as they are now, read with the others: the question is asked for every permit. */
export async function readApprovalsWith(
  deps: ReadApprovalsDeps,
  tx: Tx,
  subject: ApprovalSubject,
  author: OperatorId | null,
): Promise<{ readonly given: readonly GivenApproval[]; readonly author: Operator | null }> {
  const decidedAt = isTypedId('operator', subject) ? await tx.operators.roleDecidedAt(subject) : null;
  const given: GivenApproval[] = [];
  const all = await tx.approvals.list(subject);
  const people = all.map((one) => one.operatorId);
  const operators = await tx.operators.readSome([...new Set(author === null ? people : [...people, author])]);
  for (const stored of all) {
    if (decidedAt !== null && stored.givenAt <= decidedAt) continue;
    const operator = operators.get(stored.operatorId);
    if (operator === undefined) continue;
    const { digest, decision, givenAt, expiresAt } = stored;
    const review: ReviewDemand =
      decision === 'approve' ? await reviewDemandOf(deps.digests, tx, subject, operator.operatorId) : { kind: 'none' };
    given.push({
      operator,
      digest,
      decision,
      givenAt,
      expiresAt,
      isGenuine: isGenuine(deps, stored, operator, review),
    });
  }
  return { given, author: author === null ? null : (operators.get(author) ?? null) };
}

function isGenuine(deps: ReadApprovalsDeps, stored: StoredApproval, operator: Operator, review: ReviewDemand): boolean {
  const statement = parseStatement(stored.statement, (value) => deps.digests.canonical(value));
  return (
    statement !== null &&
    statement.deployment === deps.deploymentId &&
    statement.digest === stored.digest &&
    statement.decision === stored.decision &&
    standsOn(statement.review, review) &&
    Date.parse(statement.expiry) === stored.expiresAt.getTime() &&
    isSigned(deps, stored, operator)
  );
}

/** By the person's own key, or by a passkey of theirs that is still good. */
function isSigned({ signatures }: ReadApprovalsDeps, stored: StoredApproval, operator: Operator): boolean {
  const { statement, signature, assertion } = stored;
  if (assertion === null)
    return operator.publicKey !== null && signatures.verify(operator.publicKey, statement, signature);
  const { passkey, clientDataJson, authenticatorData } = assertion;
  if (passkey.operatorId !== operator.operatorId || passkey.revokedAt !== null) return false;
  const { credentialId } = passkey;
  return signatures.verifyAssertion(passkey, statement, { credentialId, clientDataJson, authenticatorData, signature });
}

function standsOn(signed: string | undefined, review: ReviewDemand): boolean {
  if (review.kind === 'none') return signed === undefined;
  return review.kind === 'clean' && signed === review.digest;
}
