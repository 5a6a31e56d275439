import type { RestoreState } from '../action/restore-outcome.ts';
import type { DeliveryState } from '../notice/delivery-state.ts';
import { assertNever } from '../shared/assert-never.ts';
import type { RetractionDecision } from './decide-retraction.ts';

/**
 * How it ended with the account itself. `lost`: the directory no longer has it. `open`: something can still happen.
 * `needs-a-person`: nobody decided yet.
 */
export type CredentialEnd =
  | 'restored'
  | 'kept-own-password'
  | 'kept-protected'
  | 'not-acted-on'
  | 'lost'
  | 'needs-a-person'
  | 'open';

/** How it ended with telling its holder. `withheld`: no true letter could be written; a person has to. */
export type LetterEnd = 'corrected' | 'perhaps-corrected' | 'unreachable' | 'withheld' | 'not-owed' | 'open';

export interface TerminalState {
  readonly credential: CredentialEnd;
  readonly letter: LetterEnd;
  /** False: the account is on the remainder list. */
  readonly isTerminal: boolean;
}

export interface RetractedAccount {
  readonly decision: RetractionDecision;
  /** Null where no permit ever held it. */
  readonly restored: RestoreState | null;
  readonly letter: 'final' | 'confirmed' | null;
  readonly delivered: DeliveryState | null;
}

/** Where one account of a retraction stands. Everything that is not terminal is listed, and someone has to close it. */
export function terminalStateOf(account: RetractedAccount): TerminalState {
  const credential = credentialEnd(account.decision, account.restored);
  const letter = account.letter === null ? 'not-owed' : letterEnd(account.delivered);
  const isTerminal =
    credential !== 'open' && credential !== 'needs-a-person' && letter !== 'open' && letter !== 'withheld';
  return { credential, letter, isTerminal };
}

function credentialEnd(decision: RetractionDecision, restored: RestoreState | null): CredentialEnd {
  switch (decision) {
    case 'restore':
      return restored === null ? 'open' : restoreEnd(restored);
    case 'keep':
      return 'kept-protected';
    case 'person':
      return 'needs-a-person';
    case 'untouched':
      return 'not-acted-on';
    default:
      return assertNever(decision);
  }
}

function restoreEnd(state: RestoreState): CredentialEnd {
  switch (state) {
    case 'restored':
    case 'already-restored':
      return 'restored';
    case 'changed-since':
      return 'kept-own-password';
    case 'held-by-evidence':
      return 'kept-protected';
    case 'missing':
      return 'lost';
    case 'created':
    case 'claimed':
    case 'failed':
    case 'unknown':
    case 'released':
      return 'open';
    default:
      return assertNever(state);
  }
}

function letterEnd(state: DeliveryState | null): LetterEnd {
  switch (state) {
    case 'accepted':
    case 'complained':
      return 'corrected';
    case 'unknown':
      return 'perhaps-corrected';
    case 'refused':
    case 'bounced':
    case 'suppressed':
      return 'unreachable';
    case 'withheld':
      return 'withheld';
    case 'created':
    case 'claimed':
    case 'sending':
    case 'deferred':
    case 'released':
    case 'rehearsed':
    case null:
      return 'open';
    default:
      return assertNever(state);
  }
}
