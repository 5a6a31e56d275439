import { assertNever } from '../shared/assert-never.ts';
import type { CredentialEnd, TerminalState } from './terminal-state.ts';

/** What was undone of an action that should not have been. `open`: its turn has not come yet. */
export type UndoneAction = 'password-given-back' | 'own-password-kept' | 'nothing-to-give-back' | 'open';

/** What is known now about what a notice said. `checked`: it was doubted, looked at again, and holds. */
export type NoticeStanding =
  | { readonly kind: 'stands'; readonly checked: boolean }
  | { readonly kind: 'checking' }
  | { readonly kind: 'wrong'; readonly undone: UndoneAction };

export interface StandingFacts {
  /** What started retractions made of this account, newest first. */
  readonly retracted: readonly TerminalState[];
  /** A person or a gate halted the plan. A restart of the server doubts nothing. */
  readonly isHalted: boolean;
  /** Its holder was or is to be written to that we are checking. */
  readonly isUnderHolding: boolean;
  /** Some evidence that the plan stood on for this account is live. */
  readonly hasLiveEvidence: boolean;
}

/** Doubt is told as soon as there is a ground for it; that we were wrong, only once two people agreed to a retraction. */
export function standingOf(facts: StandingFacts): NoticeStanding {
  const decided = facts.retracted.map(afterRetraction);
  // What one retraction put right stays so, whatever a later one found left to do.
  const wrong = decided.find((one) => one.kind === 'wrong');
  const newest = wrong ?? decided[0];
  if (newest !== undefined) return newest;
  const isDoubted = facts.isHalted || facts.isUnderHolding || !facts.hasLiveEvidence;
  return isDoubted ? { kind: 'checking' } : { kind: 'stands', checked: false };
}

function afterRetraction({ credential, letter }: TerminalState): NoticeStanding {
  const isTold = letter !== 'not-owed';
  switch (credential) {
    case 'restored':
    case 'kept-own-password':
    case 'lost':
    case 'open':
      return { kind: 'wrong', undone: undoneOf[credential] };
    case 'not-acted-on':
      return isTold ? { kind: 'wrong', undone: 'nothing-to-give-back' } : { kind: 'checking' };
    case 'kept-protected':
      return { kind: 'stands', checked: true };
    case 'needs-a-person':
      return { kind: 'checking' };
    default:
      return assertNever(credential);
  }
}

const undoneOf: Readonly<
  Record<Extract<CredentialEnd, 'restored' | 'kept-own-password' | 'lost' | 'open'>, UndoneAction>
> = {
  restored: 'password-given-back',
  'kept-own-password': 'own-password-kept',
  lost: 'nothing-to-give-back',
  open: 'open',
};
