import type { MailRateLeases } from '../../src/app/notice/mail-rates.ts';

/** Mail leaves as fast as it can. */
export const noRates: MailRateLeases = {
  secondsUntil: () => 0,
  wouldWait: () => false,
  begin: () => Promise.resolve({ beforeDot: () => Promise.resolve(), spend: () => true, end: () => undefined }),
  heldBy: () => null,
  mostWithin: () => null,
};
