import { evidenceClaims, suspensionClaims, type ClaimName } from './claim.ts';
import type { DescribedAction, TemplateKind } from './template.ts';

/** What a mail of a kind must say, whatever its words: the linter holds each template against this. */
export interface KindRule {
  /** Claims that must be there as `mandatory`. */
  readonly mandatory: readonly ClaimName[];
  /** Groups that must be there as `one-of`, with at least these claims to choose from. */
  readonly groups: Readonly<Record<string, readonly ClaimName[]>>;
  /** Further claims that may be there. Any other claim is refused. */
  readonly allowed: readonly ClaimName[];
}

const outcomeClaims = ['password-given-back', 'password-kept-as-you-chose', 'password-not-given-back'] as const;
const earlierNoticeClaims = ['notice-was-sent', 'notice-may-have-been-sent'] as const;
const errorClaims = ['notice-sent-in-error', 'notice-may-have-been-sent-in-error'] as const;

export const resetKindRules: Readonly<Record<TemplateKind, KindRule>> = {
  notice: { mandatory: ['password-reset-by-us'], groups: { why: evidenceClaims }, allowed: ['sessions-ended'] },
  holding: { mandatory: ['checking'], groups: { earlier: earlierNoticeClaims }, allowed: ['password-reset-by-us'] },
  final: { mandatory: [], groups: { earlier: errorClaims, outcome: outcomeClaims }, allowed: ['sessions-ended'] },
  late: {
    mandatory: ['password-reset-by-us', 'not-told-before'],
    groups: { why: evidenceClaims },
    allowed: ['sessions-ended'],
  },
  confirmed: {
    mandatory: ['notice-confirmed'],
    groups: { earlier: earlierNoticeClaims, why: evidenceClaims },
    allowed: ['password-reset-by-us'],
  },
};

const reasonClaims = Object.values(suspensionClaims);
const reinstatementClaims = ['account-reinstated', 'account-suspended-otherwise'] as const;

const suspensionKindRules: Readonly<Record<TemplateKind, KindRule>> = {
  notice: {
    mandatory: ['account-suspended-by-us', 'suspension-lapses'],
    groups: { why: reasonClaims },
    allowed: ['sessions-ended'],
  },
  holding: { mandatory: ['checking'], groups: { earlier: earlierNoticeClaims }, allowed: ['account-suspended-by-us'] },
  final: {
    mandatory: [],
    groups: { earlier: errorClaims, outcome: reinstatementClaims },
    allowed: ['sessions-ended'],
  },
  late: {
    mandatory: ['account-suspended-by-us', 'suspension-lapses', 'not-told-before'],
    groups: { why: reasonClaims },
    allowed: ['sessions-ended'],
  },
  confirmed: {
    mandatory: ['notice-confirmed'],
    groups: { earlier: earlierNoticeClaims, why: reasonClaims },
    allowed: ['account-suspended-by-us', 'suspension-lapses'],
  },
};

/** Null: no rules are written for notices of that action yet, so no template of it is fit. */
export function kindRulesOf(action: DescribedAction): Readonly<Record<TemplateKind, KindRule>> | null {
  if (action === 'reset') return resetKindRules;
  return action === 'suspend' ? suspensionKindRules : null;
}
