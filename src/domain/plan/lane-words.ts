import type { PlanAction } from './frozen-plan.ts';
import type { Lane } from './place-account.ts';

/** What a lane means to the people who work on it. */
export interface LaneWords {
  readonly why: string;
  /** What the plan does there. */
  readonly does: string;
  /** Who has to deal with it. */
  readonly owner: string;
  /** By when. */
  readonly clock: string;
}

export const laneWords: Readonly<Record<Lane, LaneWords>> = {
  main: {
    why: 'the evidence holds, and the address of record was confirmed before it',
    does: 'password quarantined, sessions ended, notice sent',
    owner: 'the plan',
    clock: 'told by the wave after the one that contained it',
  },
  passwordless: {
    why: 'the holder signs in by other means: there is no password to take out of use',
    does: 'sessions ended; no notice, because no password was reset',
    owner: 'support desk',
    clock: 'look at the other means of signing in within 24 hours',
  },
  protected: {
    why: 'staff, a machine or a business: a reset here may stop more than one person',
    does: 'sessions ended; the password stays',
    owner: 'operator on duty, with the account’s own contact',
    clock: 'reset together with its owner within 4 hours',
  },
  'no-confirmed-address': {
    why: 'there is no address that its holder ever confirmed: a mail could reach a stranger',
    does: 'password quarantined, sessions ended; no mail',
    owner: 'support desk',
    clock: 'assisted recovery when the holder asks; look through the list within 72 hours',
  },
  'address-changed': {
    why: 'the address was changed after the evidence, which is a sign of a takeover',
    does: 'password quarantined, sessions ended; no mail to the new address',
    owner: 'support desk, takeovers',
    clock: 'reach the holder at the address before the change within 24 hours',
  },
  'password-changed': {
    why: 'the password was set after the evidence: by its holder, or by whoever took the account over',
    does: 'sessions ended; the newer password stays',
    owner: 'support desk, takeovers',
    clock: 'check who set it within 24 hours',
  },
  'mailbox-named': {
    why: 'the list names the mailbox of this very address as well: whoever has the list may read its mail',
    does: 'password quarantined, sessions ended, notice sent; a mail alone gives nothing back',
    owner: 'support desk, takeovers',
    clock: 'recovery waits and says so to every channel; reach the holder otherwise within 72 hours',
  },
};

/** The same in a plan that suspends, where it differs. */
const suspensionLaneWords: Readonly<Partial<Record<Lane, LaneWords>>> = {
  main: { ...laneWords.main, does: 'account suspended, sessions ended, notice sent' },
  protected: {
    why: 'staff, a machine or a business: a suspension here may stop more than one person',
    does: 'sessions ended; the account stays open',
    owner: 'operator on duty, with the account’s own contact',
    clock: 'decide together with its owner within 4 hours',
  },
  'no-confirmed-address': { ...laneWords['no-confirmed-address'], does: 'account suspended, sessions ended; no mail' },
  'address-changed': {
    ...laneWords['address-changed'],
    does: 'account suspended, sessions ended; no mail to the new address',
  },
};

/** The same where the directory cannot end sessions: nothing is said to be done that is not. */
export function laneWordsOf(lane: Lane, endsSessions: boolean, action: PlanAction): LaneWords {
  const words = (action === 'suspend' ? suspensionLaneWords[lane] : undefined) ?? laneWords[lane];
  return endsSessions
    ? words
    : { ...words, does: words.does.replace(', sessions ended', ', sessions left as they are') };
}

/** Why an account that the evidence met is left alone. */
const exclusionWords: Readonly<Record<string, string>> = {
  'weak-evidence-only': 'only its address was seen in a leak: no password of it is known to work',
  'sessions-cannot-be-ended':
    'nothing but its sessions could be taken (no password, protected, or a newer password), and they cannot be ended: look at it by hand within 24 hours',
  'account-missing': 'the directory no longer has it',
  'leaked-password-is-no-ground':
    'all that is known is a leaked password: that calls for a reset, and says nothing of what its holder does',
  'already-suspended': 'it is suspended already, by the service or by another plan: that stays as it is',
};

export function exclusionInWords(reason: string): string {
  return exclusionWords[reason] ?? reason;
}
