import { roleMay } from './role.ts';
import type { Permission } from './role.ts';

/** What a token is for. It never gives more than its holder's role has. */
export const tokenScopes = ['draft', 'full', 'halt', 'read'] as const;

export type TokenScope = (typeof tokenScopes)[number];

/**
 * What a caller's credential carries. `identified`: another system said who it is (OIDC). No token is given for it, and it
 * is not enough to act with.
 */
export type CallScope = TokenScope | 'identified';

/** For a dashboard: states and counts. No account's story, no list of accounts, no operator's address. */
const readable: readonly Permission[] = [
  'deployment.read',
  'plan.read',
  'rollout.read',
  'statement.read',
  'evidence.read',
  'correction.read',
  'retraction.read',
  'ledger.verify',
  'retention.read',
  'feedback.read',
  'metrics.read',
];

/** To look, to halt, and to send what carries its own signature. */
const identified: readonly Permission[] = [
  ...readable,
  'halt',
  // Less than a halt, and lifted by as many people.
  'rollout.pause',
  'account.explain',
  'token.own',
  'session.own',
  'operator.read',
  'rollout.follow',
  'plan.export',
  'suppression.read',
  'approval.give',
  'operator.decide',
];

const permissionsByScope: Readonly<Record<CallScope, 'all' | readonly Permission[]>> = {
  identified,
  full: 'all',
  read: readable,
  /** For an alarm: it stops things and sees whether they stopped. */
  halt: ['halt', 'rollout.pause', 'rollout.read'],
  /** For a pipeline: it brings lists in and draws plans up. It approves and starts nothing. */
  draft: ['deployment.read', 'evidence.read', 'evidence.import', 'plan.read', 'plan.draft', 'plan.rehearse'],
};

/** Scopes in the order of the alphabet, each once: one set has one text, as it is signed and stored. */
export function scopeText(scopes: readonly CallScope[]): string {
  return [...new Set(scopes)].toSorted().join(' ');
}

/** Reads the text of a scope strictly; null for anything but what `scopeText` writes. */
export function parseScope(text: string): readonly TokenScope[] | null {
  const scopes = text.split(' ').filter((word) => isTokenScope(word));
  return scopes.length > 0 && scopeText(scopes) === text ? scopes : null;
}

/** Whether a caller may do this: the role has it, and the token was not made for less. */
export function mayCall(role: string, scope: readonly string[], permission: string): boolean {
  return roleMay(role, permission) && scope.some((one) => scopeHas(one, permission));
}

function scopeHas(scope: string, permission: string): boolean {
  if (!isCallScope(scope)) return false;
  const had = permissionsByScope[scope];
  return had === 'all' || had.some((one) => one === permission);
}

function isCallScope(word: string): word is CallScope {
  return word === 'identified' || isTokenScope(word);
}

function isTokenScope(word: string): word is TokenScope {
  return tokenScopes.some((scope) => scope === word);
}
