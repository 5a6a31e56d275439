import { html } from 'hono/html';
import type { NoticeNumber } from '../../domain/shared/ids.ts';
import { noticeWords } from './notice-words.ts';
import type { NoticeWords } from './notice-words.ts';
import { pageLayout } from './page-layout.ts';
import type { Html, PageReader } from './page-layout.ts';
import { recoveryWords } from './recovery-words.ts';

/** What became of a press, as far as its sender may know: the same for a number that exists and one that does not. */
export type PressAnswer = 'taken' | 'too-many' | 'failed';

/** Where a notice is checked and doubted. Made of the typed number alone; nothing is looked up. */
export function noticePage(reader: PageReader, number: NoticeNumber | null): Html {
  const words = wordsFor(reader);
  return pageLayout({
    ...reader,
    title: words.title,
    path: pathOf(number),
    body: html`<section>
        <h1>${words.heading}</h1>
        <p>${words.provesNothing}</p>
        ${checkForm(reader, number ?? '')}
      </section>
      ${backInSection(reader)} ${number === null ? '' : doubtSection(reader, number)}`,
  });
}

export function pressPage(reader: PageReader, number: NoticeNumber, answer: PressAnswer): Html {
  const words = wordsFor(reader);
  const heading = answer === 'taken' ? words.thanks : words.tryLater;
  const text = { taken: words.thanksText, 'too-many': words.tooMany, failed: words.notTaken }[answer];
  return pageLayout({
    ...reader,
    title: heading,
    path: pathOf(number),
    body: html`<section>
      <h1>${heading}</h1>
      <p>${text}</p>
      ${answer === 'taken' ? '' : disputeForm(reader, number)}
      <p><a href="/notices/${number}?lang=${reader.language}">${words.back}</a></p>
    </section>`,
  });
}

/** Where the form for this number is. */
export function pathOf(number: NoticeNumber | null): string {
  return number === null ? '/notices' : `/notices/${number}`;
}

/** By POST, so that neither number nor address comes into an address bar, a log or a history. */
export function checkForm(reader: PageReader, typedNumber: string): Html {
  const words = wordsFor(reader);
  return html`<form method="post" action="/notices?lang=${reader.language}">
    <label for="number">${words.numberLabel}</label>
    <input
      id="number"
      name="number"
      value="${typedNumber}"
      required
      maxlength="300"
      autocomplete="off"
      autocapitalize="characters"
      spellcheck="false"
      aria-describedby="number-hint"
    />
    <p class="hint" id="number-hint">${words.numberHint}</p>
    <label for="address">${words.addressLabel}</label>
    <input
      id="address"
      name="address"
      required
      maxlength="320"
      inputmode="email"
      autocomplete="email"
      autocapitalize="none"
      spellcheck="false"
    />
    <button>${words.checkButton}</button>
  </form>`;
}

/** How to get back into the account: in words, and by the service's own page where we know it. */
export function backInSection(reader: PageReader): Html {
  const words = wordsFor(reader);
  const wayIn = reader.isRecoveryHosted ? recoveryWords[reader.language](reader.service).title : words.recoveryLink;
  const steps = words.steps.map((step, at) => (reader.isRecoveryHosted && at === 1 ? words.hostedStep : step));
  return html`<section>
    <h2>${words.getBackIn}</h2>
    <ol>
      ${steps.map((step) => html`<li>${step}</li>`)}
    </ol>
    ${reader.recoveryUrl === null ? '' : html`<p class="way"><a href="${reader.recoveryUrl}">${wayIn}</a></p>`}
  </section>`;
}

export function doubtSection(reader: PageReader, number: NoticeNumber): Html {
  const words = wordsFor(reader);
  return html`<section>
    <h2>${words.doubt}</h2>
    <p>${words.doubtText}</p>
    ${disputeForm(reader, number)}
    <p class="soft">${words.changesNothing}</p>
  </section>`;
}

function disputeForm(reader: PageReader, number: NoticeNumber): Html {
  return html`<form method="post" action="/notices/${number}/disputes?lang=${reader.language}">
    <button class="doubt">${wordsFor(reader).button}</button>
  </form>`;
}

function wordsFor(reader: PageReader): NoticeWords {
  return noticeWords[reader.language](reader.service);
}
