import type { ClaimName, ProvedClaim } from '../../domain/notice/claim.ts';
import type { PersonSlot } from '../../domain/notice/segment.ts';
import type { NoticeNumber } from '../../domain/shared/ids.ts';

/** All of a person's row that a mail may show. */
export interface NoticePerson {
  readonly noticeNumber: NoticeNumber;
  /** The page about this notice on the service's own domain, the number in its path. No secret in it. */
  readonly checkUrl: string;
  /** The number of the notice that a correction is about; null in a mail that is about no earlier one. */
  readonly earlierNoticeNumber: NoticeNumber | null;
}

/** The values of the person slots, times taken from the proofs themselves. A slot without a proof has no value. */
export function noticeSlots(
  language: string,
  person: NoticePerson,
  claims: readonly ProvedClaim[],
): Readonly<Partial<Record<PersonSlot, string>>> {
  const slots: Partial<Record<PersonSlot, string>> = {
    'notice-number': person.noticeNumber,
    'check-url': person.checkUrl,
  };
  if (person.earlierNoticeNumber !== null) slots['earlier-notice-number'] = person.earlierNoticeNumber;
  for (const claim of claims) {
    const slot = timeSlots[claim.name];
    if (slot !== undefined) slots[slot] = formatTime(language, claim.at);
  }
  return slots;
}

/** Whose proof's time fills which slot. The linter lets a block name a time only beside such a claim. */
const timeSlots: Readonly<Partial<Record<ClaimName, PersonSlot>>> = {
  'password-reset-by-us': 'contained-on',
  'sessions-ended': 'sessions-ended-on',
  'account-suspended-by-us': 'suspended-on',
  'suspension-lapses': 'suspended-until',
  'notice-was-sent': 'earlier-notice-on',
  'notice-may-have-been-sent': 'earlier-notice-on',
  'notice-sent-in-error': 'earlier-notice-on',
  'notice-may-have-been-sent-in-error': 'earlier-notice-on',
};

interface TimeWords {
  readonly format: Intl.DateTimeFormat;
  minute: number;
  words: string;
}
/** By language, of which templates have a few. */
const timeWords = new Map<string, TimeWords>();

/**
 * To the minute, in UTC and saying so: we do not know where the reader is. Formatting costs 8 us and neighbours in a wave
 * share their minute, so the last one is kept.
 */
function formatTime(language: string, at: Date): string {
  let known = timeWords.get(language);
  if (known === undefined) {
    const format = new Intl.DateTimeFormat(language, {
      year: 'numeric',
      month: 'long',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      timeZone: 'UTC',
      timeZoneName: 'short',
    });
    known = { format, minute: Number.NaN, words: '' };
    timeWords.set(language, known);
  }
  const minute = Math.floor(at.getTime() / 60_000);
  if (minute !== known.minute) {
    known.words = known.format.format(at);
    known.minute = minute;
  }
  return known.words;
}
