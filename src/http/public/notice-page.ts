import { html } from 'hono/html';
import type { NoticeNumber } from '../../domain/shared/ids.ts';
import { noticeWords } from './notice-words.ts';
import { pageLayout } from './page-layout.ts';
import type { Html } from './page-layout.ts';
import type { PageLanguage } from './page-language.ts';

export interface PageReader {
  readonly language: PageLanguage;
  readonly service: string;
}

/** What became of a press, as far as its sender may know: the same for a number that exists and one that does not. */
export type PressAnswer = 'taken' | 'too-many' | 'failed';

/** How to check a notice, and the one button. Made of the typed number alone; nothing is looked up. */
export function noticePage(reader: PageReader, number: NoticeNumber): Html {
  const words = noticeWords[reader.language](reader.service);
  return pageLayout({
    ...reader,
    title: words.title,
    path: `/notices/${number}`,
    body: html`<section>
        <h1>${words.heading}</h1>
        <dl>
          <dt>${words.numberLabel}</dt>
          <dd>${number}</dd>
        </dl>
        <p>${words.provesNothing}</p>
      </section>
      <section>
        <h2>${words.howToCheck}</h2>
        <ol>
          ${words.steps.map((step) => html`<li>${step}</li>`)}
        </ol>
      </section>
      <section>
        <h2>${words.doubt}</h2>
        <p>${words.doubtText}</p>
        ${disputeForm(reader, number)}
        <p class="soft">${words.changesNothing}</p>
      </section>`,
  });
}

export function pressPage(reader: PageReader, number: NoticeNumber, answer: PressAnswer): Html {
  const words = noticeWords[reader.language](reader.service);
  const heading = answer === 'taken' ? words.thanks : words.tryLater;
  const text = { taken: words.thanksText, 'too-many': words.tooMany, failed: words.notTaken }[answer];
  return pageLayout({
    ...reader,
    title: heading,
    path: `/notices/${number}`,
    body: html`<section>
      <h1>${heading}</h1>
      <p>${text}</p>
      ${answer === 'taken' ? '' : disputeForm(reader, number)}
      <p><a href="/notices/${number}?lang=${reader.language}">${words.back}</a></p>
    </section>`,
  });
}

export function noNumberPage(reader: PageReader): Html {
  const words = noticeWords[reader.language](reader.service);
  return pageLayout({
    ...reader,
    title: words.noNumber,
    path: '',
    body: html`<section>
      <h1>${words.noNumber}</h1>
      <p>${words.noNumberText}</p>
    </section>`,
  });
}

function disputeForm(reader: PageReader, number: NoticeNumber): Html {
  const words = noticeWords[reader.language](reader.service);
  return html`<form method="post" action="/notices/${number}/disputes?lang=${reader.language}">
    <button>${words.button}</button>
  </form>`;
}
