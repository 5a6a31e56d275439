import type {
  ApprovalStatement,
  ApprovalSubject,
  Decision,
  FrozenSubject,
} from '../../domain/approval/approval-statement.ts';
import type { ApprovalRefusal } from '../../domain/approval/judge-approval.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { isTypedId } from '../../domain/shared/ids.ts';
import type { OperatorId } from '../../domain/shared/ids.ts';
import { factsOfOperator } from '../operator/decide-operator.ts';
import type { BrowserOptions, Passkeys } from '../ports/passkeys.ts';
import type { Store, Tx } from '../ports/store.ts';
import type { ReadApprovalsDeps } from './read-approvals.ts';
import { judgeStatement } from './record-approval.ts';
import type { SubjectFacts } from './record-approval.ts';
import { reviewDemandOf } from './review-demand.ts';

export interface OfferStatementDeps extends ReadApprovalsDeps {
  readonly store: Store;
  readonly passkeys: Passkeys;
  readonly directory: string;
  readonly readSubject: (tx: Tx, subject: FrozenSubject) => Promise<SubjectFacts | null>;
}

export interface AskedStatement {
  readonly subject: ApprovalSubject;
  /** As the person read or compared it. */
  readonly digest: string;
  /** As the person typed it. */
  readonly total: number;
  readonly decision: Decision;
  readonly operatorId: OperatorId;
}

export type OfferedStatement =
  | { readonly kind: 'offered'; readonly statement: string; readonly publicKey: BrowserOptions }
  | { readonly kind: 'refused'; readonly reason: ApprovalRefusal };

/** As the command line signs: under the day that counts at most, so that two clocks that differ by an hour still agree. */
const validHours = 23;
const nonceBytes = 16;

/**
 * The very text that a key would sign, and what the browser asks a passkey for: the challenge is its SHA-256. A yes that
 * would be refused is refused here, before anybody is asked to touch anything. Keeps nothing: the nonce makes it good once.
 */
export async function offerStatement(deps: OfferStatementDeps, asked: AskedStatement): Promise<OfferedStatement> {
  const { subject, digest, total, decision, operatorId } = asked;
  const { digests, deploymentId, passkeys } = deps;
  return deps.store.transact(async (tx) => {
    const facts = await readFacts(deps, tx, subject);
    const operator = await tx.operators.read(operatorId);
    if (facts === null || operator === null) throw new Failure('not-found', `There is no ${subject}.`);
    const now = await tx.approvals.now();
    const demand = decision === 'approve' ? await reviewDemandOf(digests, tx, subject, operatorId) : null;
    const statement: ApprovalStatement = {
      deployment: deploymentId,
      directory: facts.directory,
      digest,
      total,
      decision,
      nonce: digests.randomHex(nonceBytes),
      expiry: new Date(now.getTime() + validHours * 3_600_000).toISOString(),
      ...(demand?.kind === 'clean' ? { review: demand.digest } : {}),
    };
    const { verdict } = await judgeStatement(deps, tx, facts, { subject, operator, statement, isSignatureValid: true });
    if (verdict.kind === 'refused') return verdict;
    const own = (await tx.passkeys.list(operatorId)).filter((one) => one.revokedAt === null);
    if (own.length === 0) {
      throw new Failure(
        'forbidden',
        'You have no passkey to say yes with. Add one (allclear operator link OPERATOR --key FILE), or sign on the command line.',
      );
    }
    const text = digests.canonical(statement);
    return { kind: 'offered', statement: text, publicKey: passkeys.textOptions(text, own) };
  });
}

async function readFacts(deps: OfferStatementDeps, tx: Tx, subject: ApprovalSubject): Promise<SubjectFacts | null> {
  if (!isTypedId('operator', subject)) return deps.readSubject(tx, subject);
  const target = await tx.operators.read(subject);
  return target === null ? null : factsOfOperator(deps, tx, target);
}
