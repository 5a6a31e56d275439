import type { LossId, OperatorId, PlanId, RetractionId } from '../shared/ids.ts';
import type { DrillOverrideDecision } from './drill-override.ts';
import type { Permission, Role } from './role.ts';

/** What is frozen under a digest and waits for a yes. */
export type FrozenSubject = PlanId | RetractionId | LossId;

/** What a person can say yes to. */
export type ApprovalSubject = FrozenSubject | OperatorId;

/**
 * `approve` a plan or a retraction; resume a rollout halted in that epoch, also over the verdicts that are named; change
 * who may decide; start a plan without a recent drill, for the reason that is named by its digest; accept that commits of
 * the database are lost.
 */
export type Decision =
  | 'approve'
  | `resume-epoch-${number}`
  | `resume-epoch-${number}-over-${string}`
  | 'add-operator'
  | 'suspend-operator'
  | `change-role-${Role}`
  | 'accept-loss'
  | DrillOverrideDecision;

/** The one statement that approvers sign, as RFC 8785 text. Exactly these fields. */
export interface ApprovalStatement {
  readonly deployment: string;
  readonly directory: string;
  /** SHA-256 of the subject, hex. */
  readonly digest: string;
  /** What the approver typed: how many people the subject concerns. */
  readonly total: number;
  readonly decision: Decision;
  /** 32 to 64 lower-case hex digits, never used before. */
  readonly nonce: string;
  /** RFC 3339, UTC, milliseconds. */
  readonly expiry: string;
  /** SHA-256 of the approver's own verdicts (`reviewRecord`), hex: there where the plan asks for a review, and only there. */
  readonly review?: string;
}

const fields = ['decision', 'deployment', 'digest', 'directory', 'expiry', 'nonce', 'total'] as const;
const sha256Hex = /^[0-9a-f]{64}$/;
const instant = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$/;
const decision =
  /^(approve|accept-loss|add-operator|suspend-operator|change-role-(operator|approver|agent|auditor)|start-without-drill-[0-9a-f]{64}|resume-epoch-(0|[1-9][0-9]{0,8})(-over-[a-z][a-z0-9.+-]{0,499})?)$/;

/** What a person's role has to allow for their signed yes to count. */
export function permissionToDecide(what: Decision): Permission {
  const isAboutPerson = what === 'add-operator' || what === 'suspend-operator' || what.startsWith('change-role-');
  return isAboutPerson ? 'operator.decide' : 'approval.give';
}

export function isDecision(text: string): text is Decision {
  return decision.test(text);
}

/**
 * Reads a signed text strictly: exactly the seven fields and perhaps `review`, in RFC 8785 form byte for byte, so that one statement has one
 * text. Null for anything else.
 */
export function parseStatement(text: string, canonical: (value: unknown) => string): ApprovalStatement | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
    if (canonical(value) !== text) return null;
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const named = Object.keys(value).filter((name) => name !== 'review');
  if (named.toSorted().join() !== fields.join()) return null;
  const statement = value as Record<keyof ApprovalStatement, unknown>;
  return isStatement(statement) ? statement : null;
}

function isStatement(value: Record<keyof ApprovalStatement, unknown>): value is ApprovalStatement & typeof value {
  return (
    typeof value.deployment === 'string' &&
    typeof value.directory === 'string' &&
    typeof value.digest === 'string' &&
    sha256Hex.test(value.digest) &&
    (value.review === undefined || (typeof value.review === 'string' && sha256Hex.test(value.review))) &&
    typeof value.total === 'number' &&
    Number.isSafeInteger(value.total) &&
    value.total >= 0 &&
    typeof value.decision === 'string' &&
    isDecision(value.decision) &&
    typeof value.nonce === 'string' &&
    /^[0-9a-f]{32,64}$/.test(value.nonce) &&
    typeof value.expiry === 'string' &&
    instant.test(value.expiry) &&
    !Number.isNaN(Date.parse(value.expiry))
  );
}
