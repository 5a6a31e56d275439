import type { SuspensionReason } from '../plan/suspension-terms.ts';

/**
 * What a notice may say about one person. Each sentence that states a fact is bound to one of these, and each of these
 * has one proof in prove-claims.ts. Advice and greetings state nothing and need none.
 */
export const claimNames = [
  /** We reset the password and the old one does not work now. */
  'password-reset-by-us',
  /** We ended the sessions, at a time. */
  'sessions-ended',
  /** A password that works on the account is known to others. Says nothing of where it came from. */
  'password-known-to-others',
  /** The service's own logs show activity that may not be the holder's. */
  'unusual-sign-in-observed',
  /** A named person reported the account, with a written reason. */
  'reported-to-us',
  /** The earlier notice was handed over. */
  'notice-was-sent',
  /** The earlier notice may have been handed over: conditional words only. */
  'notice-may-have-been-sent',
  /** The earlier notice was handed over and nothing holds it up any more. */
  'notice-sent-in-error',
  /** The same, where we do not know whether it was handed over. */
  'notice-may-have-been-sent-in-error',
  /** The rollout is halted and somebody decided to check. */
  'checking',
  /** Checked: live evidence holds the earlier notice up. */
  'notice-confirmed',
  /** The old password works again. */
  'password-given-back',
  /** The holder chose a newer password, which stays. */
  'password-kept-as-you-chose',
  /** The old password could not be given back: the holder has to choose a new one. */
  'password-not-given-back',
  /** No earlier notice of this plan can have reached the holder. */
  'not-told-before',
  /** We suspended the account, and it is suspended now. */
  'account-suspended-by-us',
  /** It lapses by itself, at a time. */
  'suspension-lapses',
  /** The plan's own reason, and live evidence that can carry one: one claim for each reason. */
  'suspended-for-spam',
  'suspended-for-automation',
  'suspended-as-taken-over',
  /** The account is open again. */
  'account-reinstated',
  /** We took our suspension back, and the service itself keeps the account suspended. */
  'account-suspended-otherwise',
] as const;

export type ClaimName = (typeof claimNames)[number];

/** The claims that say why we acted, strongest first. A reset notice proves at least one. */
export const evidenceClaims = [
  'password-known-to-others',
  'unusual-sign-in-observed',
  'reported-to-us',
] as const satisfies readonly ClaimName[];

/** The claims that say what a suspension is for; the plan has one of these reasons. */
export const suspensionClaims = {
  spam: 'suspended-for-spam',
  automation: 'suspended-for-automation',
  'taken-over': 'suspended-as-taken-over',
} as const satisfies Readonly<Record<SuspensionReason, ClaimName>>;

/** One claim about one person that was proved at the moment of sending; `at` is the time its sentence may name. */
export interface ProvedClaim {
  readonly name: ClaimName;
  readonly at: Date;
}
