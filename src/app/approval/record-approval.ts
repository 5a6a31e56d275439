import { parseStatement } from '../../domain/approval/approval-statement.ts';
import type { ApprovalStatement, ApprovalSubject, Decision } from '../../domain/approval/approval-statement.ts';
import { judgeApproval } from '../../domain/approval/judge-approval.ts';
import type { ApprovalRefusal, ApprovalVerdict } from '../../domain/approval/judge-approval.ts';
import type { Operator } from '../../domain/approval/operator.ts';
import type { LedgerEvent } from '../../domain/ledger/events.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { isTypedId } from '../../domain/shared/ids.ts';
import type { OperatorId } from '../../domain/shared/ids.ts';
import { findAssertion, noteAssertion } from '../passkey/check-assertion.ts';
import type { CheckedAssertion } from '../passkey/check-assertion.ts';
import type { BrowserAnswer, Passkeys } from '../ports/passkeys.ts';
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
  /** Ed25519, base64url; of a passkey the signature in its answer. */
  readonly signature: string;
  /** A passkey's answer to the text, as the browser gave it; none where the person's key signed. */
  readonly answer?: BrowserAnswer;
  /** Who sent it, as authenticated. */
  readonly operatorId: OperatorId;
}

export type RecordedApproval =
  | { readonly kind: 'approved'; readonly decision: Decision; readonly expiresAt: Date }
  | { readonly kind: 'refused'; readonly reason: ApprovalRefusal | 'statement-unreadable' };

export interface RecordApprovalDeps extends ReadApprovalsDeps {
  /** None: a yes by passkey is taken from nobody. */
  readonly passkeys?: Passkeys;
}

/** Judges one signed yes and records it with its ledger entry, in the caller's transaction, which holds the subject. */
export async function recordApproval(
  deps: RecordApprovalDeps,
  tx: Tx,
  facts: SubjectFacts,
  given: GivenStatement,
): Promise<RecordedApproval> {
  const { subject, operatorId } = given;
  const statement = parseStatement(given.statement, (value) => deps.digests.canonical(value));
  if (statement === null) return { kind: 'refused', reason: 'statement-unreadable' };
  const operator = await tx.operators.read(operatorId);
  if (operator === null) throw new Failure('not-found', `There is no ${operatorId}.`);
  const answered = await readAnswer(deps, tx, given);
  const isSignatureValid =
    given.answer === undefined
      ? operator.publicKey !== null && deps.signatures.verify(operator.publicKey, given.statement, given.signature)
      : answered !== null;
  const judged = await judgeStatement(deps, tx, facts, { subject, operator, statement, isSignatureValid });
  if (judged.verdict.kind === 'refused') return judged.verdict;
  if (answered !== null) await noteAssertion(tx, answered);
  const expiresAt = new Date(statement.expiry);
  const signature = answered?.assertion.signature ?? given.signature;
  await tx.approvals.add({
    subject,
    operatorId,
    digest: statement.digest,
    decision: statement.decision,
    statement: given.statement,
    signature,
    assertion: answered === null ? null : { ...answered.assertion, passkey: answered.passkey },
    nonce: statement.nonce,
    givenAt: judged.now,
    expiresAt,
  });
  await tx.ledger.append({
    chain: 'installation',
    event: eventOf(subject, statement),
    // The statement, signature and key stand in the entry: an auditor verifies the yes without our tables.
    body: {
      subject,
      operator: operatorId,
      publicKey: answered?.passkey.publicKey ?? operator.publicKey,
      statement: given.statement,
      signature,
      ...(answered === null ? {} : { passkey: passkeyInLedger(answered) }),
    },
  });
  return { kind: 'approved', decision: statement.decision, expiresAt };
}

/** Whether this statement would be taken now from this person, its signature aside. */
export async function judgeStatement(
  deps: ReadApprovalsDeps,
  tx: Tx,
  facts: SubjectFacts,
  given: {
    readonly subject: ApprovalSubject;
    readonly operator: Operator;
    readonly statement: ApprovalStatement;
    readonly isSignatureValid: boolean;
  },
): Promise<{ readonly verdict: ApprovalVerdict; readonly now: Date }> {
  const { subject, operator, statement, isSignatureValid } = given;
  const now = await tx.approvals.now();
  const verdict = judgeApproval({
    statement,
    isSignatureValid,
    operator,
    subject: {
      ...facts,
      deployment: deps.deploymentId,
      author: facts.author === null ? null : await tx.operators.read(facts.author),
      review: await reviewDemandOf(deps.digests, tx, subject, operator.operatorId),
    },
    earlier: await readApprovals(deps, tx, subject),
    isNonceUsed: await tx.approvals.isNonceUsed(statement.nonce),
    now,
  });
  return { verdict, now };
}

/** Null where no passkey answered, or none of this person to exactly this text. */
async function readAnswer(
  { passkeys }: RecordApprovalDeps,
  tx: Tx,
  { answer, statement, operatorId }: GivenStatement,
): Promise<CheckedAssertion | null> {
  if (answer === undefined || passkeys === undefined) return null;
  return findAssertion({ passkeys }, tx, { operatorId, text: statement, answer });
}

function passkeyInLedger({ passkey, assertion }: CheckedAssertion): Readonly<Record<string, string>> {
  const { passkeyId: id, credentialId, rpId } = passkey;
  const { clientDataJson: clientData, authenticatorData } = assertion;
  return { id, credentialId, rpId, clientData, authenticatorData };
}

function eventOf(subject: ApprovalSubject, { decision }: ApprovalStatement): LedgerEvent {
  if (decision.startsWith('resume-epoch-')) return 'rollout.resume-approved';
  if (decision.startsWith('start-without-drill-')) return 'drill.override-approved';
  if (isTypedId('loss', subject)) return 'deployment.loss-approved';
  if (isTypedId('plan', subject)) return 'plan.approved';
  return isTypedId('retraction', subject) ? 'retraction.approved' : 'operator.approved';
}
