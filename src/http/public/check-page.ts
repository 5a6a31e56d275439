import { html } from 'hono/html';
import type { CheckedNotice } from '../../app/notice/check-notice.ts';
import { parseNoticeNumber } from '../../domain/notice/notice-number.ts';
import type { NoticeStanding } from '../../domain/retraction/notice-standing.ts';
import { assertNever } from '../../domain/shared/assert-never.ts';
import { checkWords } from './check-words.ts';
import type { CheckWords } from './check-words.ts';
import { appealLink } from './desk-page.ts';
import { instantElement } from './instant.ts';
import { backInSection, checkForm, doubtSection, pathOf } from './notice-page.ts';
import { noticeWords } from './notice-words.ts';
import { pageLayout } from './page-layout.ts';
import { suspensionWords } from './suspension-words.ts';
import type { Html, PageReader } from './page-layout.ts';

/** What we sent to the address that was typed, to compare with, and what is known of it now. */
export function checkedPage(reader: PageReader, notice: CheckedNotice): Html {
  const words = checkWords[reader.language];
  return pageLayout({
    ...reader,
    title: noticeWords[reader.language](reader.service).title,
    path: pathOf(notice.number),
    body: html`<section>
        <h1>${notice.isSureSent ? words.sent : words.perhapsSent}</h1>
        ${notice.isSureSent ? '' : html`<p>${words.perhapsText}</p>`}
        <dl>
          <dt>${words.when}</dt>
          <dd>${whenOf(reader, words, notice.at)}</dd>
          <dt>${words.subject}</dt>
          <dd>${notice.subject ?? words.notShown}</dd>
          <dt>${words.onlyLink}</dt>
          <dd class="code">${notice.link}</dd>
        </dl>
        <p>${words.compare}</p>
      </section>
      <section class="now ${notice.standing.kind}">
        <h2>${words.now}</h2>
        ${standingWords(reader, words, notice).map((sentence) => html`<p>${sentence}</p>`)} ${lapseOf(reader, notice)}
        ${notice.later === null ? '' : laterMail(reader, words, notice.later)}
      </section>
      ${notice.suspension !== null || needsNoWayIn(notice.standing) ? '' : backInSection(reader)}
      ${isSettled(notice) ? '' : html`${doubtSection(reader, notice.number)}${appealSection(reader)}`}`,
  });
}

/** The same for every pair that is none, whatever is wrong with it; only what was typed as a number comes back. */
export function noPairPage(reader: PageReader, typedNumber: string): Html {
  const words = checkWords[reader.language];
  const number = parseNoticeNumber(typedNumber);
  return pageLayout({
    ...reader,
    title: words.noPair,
    path: pathOf(number),
    body: html`<section>
        <h1>${words.noPair}</h1>
        <p>${words.noPairText}</p>
        <p>${words.noPairShape}</p>
        <p><strong>${words.noPairCaution}</strong></p>
        ${checkForm(reader, typedNumber)}
      </section>
      ${backInSection(reader)} ${number === null ? '' : doubtSection(reader, number)}`,
  });
}

/** Nothing was looked up. */
export function notCheckedPage(reader: PageReader, typedNumber: string, why: 'too-many' | 'failed'): Html {
  const words = checkWords[reader.language];
  return pageLayout({
    ...reader,
    title: words.notNow,
    path: pathOf(parseNoticeNumber(typedNumber)),
    body: html`<section>
      <h1>${words.notNow}</h1>
      <p>${why === 'too-many' ? words.tooMany : words.failed}</p>
      ${checkForm(reader, typedNumber)}
    </section>`,
  });
}

function appealSection(reader: PageReader): Html {
  return html`<section>${appealLink(reader)}</section>`;
}

function lapseOf(reader: PageReader, { suspension }: CheckedNotice): Html | string {
  if (suspension === null || suspension.lapsesAt === null) return '';
  return html`<dl>
    <dt>${suspensionWords[reader.language].lapses}</dt>
    <dd>${instantElement(reader.language, suspension.lapsesAt)}</dd>
  </dl>`;
}

function standingWords(
  reader: PageReader,
  words: CheckWords,
  { standing, suspension }: CheckedNotice,
): readonly string[] {
  if (suspension === null) return standingOf(words, standing);
  const own = suspensionWords[reader.language];
  const now = own.now[suspension.is];
  switch (standing.kind) {
    case 'stands':
      return suspension.is === 'suspended' ? [words.stands, now] : [now];
    case 'checking':
      return [own.checking, now];
    case 'wrong':
      return [words.wrong, suspension.is === 'suspended' ? words.undone.open : now];
    default:
      return assertNever(standing);
  }
}

function standingOf(words: CheckWords, standing: NoticeStanding): readonly string[] {
  switch (standing.kind) {
    case 'stands':
      return [standing.checked ? words.standsChecked : words.stands];
    case 'checking':
      return [words.checking];
    case 'wrong':
      return [words.wrong, words.undone[standing.undone]];
    default:
      return assertNever(standing);
  }
}

function laterMail(reader: PageReader, words: CheckWords, later: NonNullable<CheckedNotice['later']>): Html {
  return html`<p class="later">${words.later}</p>
    <dl>
      <dt>${words.when}</dt>
      <dd>${whenOf(reader, words, later.at)}</dd>
      <dt>${words.subject}</dt>
      <dd>${later.subject ?? words.notShown}</dd>
    </dl>`;
}

/** Whoever has the old password again, or an own one, is not to be sent to set another. */
function needsNoWayIn(standing: NoticeStanding): boolean {
  return standing.kind === 'wrong' && standing.undone !== 'open';
}

/** We said ourselves that this mail was wrong, and wrote again or let them back in: nobody is asked whether they think so. */
function isSettled({ standing, suspension, later }: CheckedNotice): boolean {
  return standing.kind === 'wrong' && (later !== null || suspension?.is === 'reinstated');
}

function whenOf(reader: PageReader, words: CheckWords, at: Date | null): Html | string {
  return at === null ? words.underWay : instantElement(reader.language, at);
}
