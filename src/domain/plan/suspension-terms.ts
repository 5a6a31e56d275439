/**
 * Why accounts are suspended: a fixed list, so that each reason has words of its own in every language of the notices and
 * nothing that a holder or an operator typed stands in a mail.
 */
export const suspensionReasons = ['spam', 'automation', 'taken-over'] as const;
export type SuspensionReason = (typeof suspensionReasons)[number];

/** What two people sign of a suspension, beside all that they sign of any plan. */
export interface SuspensionTerms {
  readonly reason: SuspensionReason;
  /** Days after which each suspension lapses by itself, counted from the moment that the account was suspended. */
  readonly days: number;
}

/** A suspension always ends: whoever is forgotten in one is let back in. */
export const suspensionDaysStandard = 30;
/** Longer than a quarter is a decision about one person, to be made by the service in its own way. */
export const suspensionDaysMax = 90;

/** As people read them: in the console, in a terminal and in a plan. */
export const suspensionReasonWords: Readonly<Record<SuspensionReason, string>> = {
  spam: 'unwanted messages were sent from the account',
  automation: 'the account is driven by a program in a way that the service does not allow',
  'taken-over': 'somebody other than its holder seems to use the account',
};
