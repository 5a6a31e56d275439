/** The numbers of hosted recovery (safety.md, Defaults). A code has 39.6 bits: 25 tries a day find one in 3 x 10^10 days. */
export const recoveryLimits = {
  codeMinutes: 30,
  triesPerCode: 5,
  /** While very many codes are typed wrongly, each code takes one try. */
  triesPerCodeAfterTrip: 1,
  codesPerDay: 5,
  /** Of these, from one network: so that one stranger's machine cannot use up a holder's day. */
  codesPerDayFromOneNetwork: 3,
  /** Codes that one browser waits for at once. */
  codesPerBrowser: 5,
  /** From the typed code to the new password. */
  windowMinutes: 30,
  /** A window that opens after a wait stays open this long. */
  delayedWindowHours: 48,
  /** A halt moves the end of a code or a window by its own length, and by no more than this: a code is no key for ever. */
  mostHaltExtensionHours: 72,
  /** A claim to set a password that was not finished is free again after this. */
  settingSeconds: 60,
} as const;

/** How long a password is waited for where the mailbox itself is in doubt, in hours (safety.md: 24-72). */
export const delayHours = { least: 24, most: 72 } as const;
