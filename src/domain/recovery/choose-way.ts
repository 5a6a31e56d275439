import type { Lane } from '../plan/place-account.ts';

/** `code`: a code by mail is enough. `delayed`: the mailbox is in doubt, and everybody who may be the holder is told first. */
export type RecoveryWay = 'code' | 'delayed';

export interface MailboxFacts {
  readonly lane: Lane;
  /** Address of record when the plan was frozen: the last one that was confirmed before the evidence, as far as is known. */
  readonly frozenAddress: string | null;
  /** The directory's address now. */
  readonly presentAddress: string | null;
  readonly presentConfirmed: boolean;
  /** A mail to it came back, was forwarded elsewhere and failed there, or was complained about. */
  readonly hasFailed: boolean;
  /** Live evidence, also such as came after the plan, names the mailbox of this account. */
  readonly isNamedInList: boolean;
}

/**
 * By which way this person gets back in; null where there is no address to write to. Mail alone never recovers an account
 * whose mailbox is in doubt: whoever took the mailbox would take the account with it.
 */
export function chooseWay(facts: MailboxFacts): RecoveryWay | null {
  const { frozenAddress, presentAddress } = facts;
  if (frozenAddress === null && presentAddress === null) return null;
  const isSame = frozenAddress !== null && frozenAddress === presentAddress && facts.presentConfirmed;
  return isSame && facts.lane === 'main' && !facts.hasFailed && !facts.isNamedInList ? 'code' : 'delayed';
}
