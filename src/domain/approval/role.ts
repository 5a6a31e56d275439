/**
 * Who may do what: one table. A person has one role, agreed by two when they are admitted; a token may carry less than
 * its holder's role. Whatever is not named here is refused.
 */
export const roles = ['operator', 'approver', 'agent', 'auditor'] as const;

export type Role = (typeof roles)[number];

/** Each with the roles that have it. Few may start, many may stop: `halt` is everybody's. */
const rolesByPermission = {
  'deployment.read': ['operator', 'approver', 'agent', 'auditor'],
  'plan.read': ['operator', 'approver', 'agent', 'auditor'],
  'rollout.read': ['operator', 'approver', 'agent', 'auditor'],
  'statement.read': ['operator', 'approver', 'agent', 'auditor'],
  'account.explain': ['operator', 'approver', 'agent', 'auditor'],
  /** Holders' own words, and what was decided; deciding changes nothing in any account. */
  'appeal.read': ['operator', 'approver', 'agent', 'auditor'],
  'appeal.decide': ['operator', 'approver', 'agent'],
  halt: ['operator', 'approver', 'agent', 'auditor'],
  /** Less than a halt, which each of them may; lifted by as many people. */
  'rollout.pause': ['operator', 'approver', 'agent', 'auditor'],
  /** One's own tokens: to see them, and to revoke one. */
  'token.own': ['operator', 'approver', 'agent', 'auditor'],
  'token.manage': ['operator'],
  /** One's own sessions and passkeys: to see them, and to end one. */
  'session.own': ['operator', 'approver', 'agent', 'auditor'],

  'evidence.read': ['operator', 'approver', 'auditor'],
  /** Every entry of its ledger chain, approvals with their signatures among them. */
  'rollout.follow': ['operator', 'approver', 'auditor'],
  'plan.export': ['operator', 'approver', 'auditor'],
  'correction.read': ['operator', 'approver', 'auditor'],
  'retraction.read': ['operator', 'approver', 'auditor'],
  'operator.read': ['operator', 'approver', 'auditor'],
  'ledger.read': ['operator', 'approver', 'auditor'],
  'ledger.verify': ['operator', 'approver', 'auditor'],
  'retention.read': ['operator', 'approver', 'auditor'],
  'suppression.read': ['operator', 'approver', 'auditor'],
  'feedback.read': ['operator', 'approver', 'auditor'],
  'drill.read': ['operator', 'approver', 'auditor'],
  'metrics.read': ['operator', 'approver', 'auditor'],

  /** A signed yes to a plan or a retraction, or to resuming it. */
  'approval.give': ['operator', 'approver'],
  /** One's own draw of a plan's targets, and what one says of them. */
  'plan.review': ['operator', 'approver'],
  /** A signed yes to admitting or suspending a person. */
  'operator.decide': ['operator', 'approver'],
  /** With the last yes that is needed, whoever gave it asks for what was agreed. Without the quorum nothing happens. */
  'rollout.resume': ['operator', 'approver'],
  'retraction.start': ['operator', 'approver'],
  'correction.send-holding': ['operator', 'approver'],
  /** A reason to start one plan without a recent drill; their signed yes is `approval.give`. */
  'drill.override': ['operator', 'approver'],
  'correction.send-late': ['operator'],

  'drill.begin': ['operator'],

  'evidence.import': ['operator'],
  'evidence.withdraw': ['operator'],
  'plan.draft': ['operator'],
  'plan.rehearse': ['operator'],
  'rollout.start': ['operator'],
  'retraction.draft': ['operator'],
  'operator.propose': ['operator'],
  'operator.invite': ['operator'],
  'ledger.erase': ['operator'],
  'retention.run': ['operator'],
  'suppression.remove': ['operator'],
  'subject.export': ['operator'],
  'subject.erase': ['operator'],
} as const satisfies Readonly<Record<string, readonly Role[]>>;

export type Permission = keyof typeof rolesByPermission;

export const permissions = Object.keys(rolesByPermission) as readonly Permission[];

/** The roles that have a permission; nobody has one that the table does not know. */
export function rolesWith(permission: string): readonly Role[] {
  return isPermission(permission) ? rolesByPermission[permission] : [];
}

/** Whether somebody of this role may do this. Unknown on either side is no. */
export function roleMay(role: string, permission: string): boolean {
  return rolesWith(permission).some((one) => one === role);
}

/** Whether somebody may do anything under `to` that they may not under `from`. */
export function givesMore(from: Role, to: Role): boolean {
  return permissions.some((permission) => roleMay(to, permission) && !roleMay(from, permission));
}

export function isRole(text: string): text is Role {
  return roles.some((role) => role === text);
}

function isPermission(text: string): text is Permission {
  return Object.hasOwn(rolesByPermission, text);
}
