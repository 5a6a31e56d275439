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
  'notice-was-sent': 'earlier-notice-on',
  'notice-may-have-been-sent': 'earlier-notice-on',
  'notice-sent-in-error': 'earlier-notice-on',
  'notice-may-have-been-sent-in-error': 'earlier-notice-on',
};

const formatters = new Map<string, Intl.DateTimeFormat>();

/** To the minute, in UTC and saying so: we do not know where the reader is. Bounded by the languages of the templates. */
function formatTime(language: string, at: Date): string {
  let formatter = formatters.get(language);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat(language, {
      year: 'numeric',
      month: 'long',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      timeZone: 'UTC',
      timeZoneName: 'short',
    });
    formatters.set(language, formatter);
  }
  return formatter.format(at);
}
