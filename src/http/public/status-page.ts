import { html } from 'hono/html';
import { deskWords } from './desk-words.ts';
import { instantElement } from './instant.ts';
import { pageLayout } from './page-layout.ts';
import type { Html, PageReader } from './page-layout.ts';
import type { StatusItem } from './status-feed.ts';

/** Every public statement in short, the newest plan first. */
export function statusPage(reader: PageReader, items: readonly StatusItem[]): Html {
  const { status } = deskWords[reader.language](reader.service);
  const lang = `?lang=${reader.language}`;
  return pageLayout({
    ...reader,
    title: status.title,
    path: '/status',
    head: html`<link rel="alternate" type="application/atom+xml" href="/status.atom${lang}" />
      <link rel="alternate" type="application/feed+json" href="/status.json${lang}" />`,
    body: html`<section>
        <h1>${status.title}</h1>
        ${items.length === 0 ? html`<p>${status.nothing}</p>` : ''}
        <p class="soft">
          ${status.feeds} <a href="/status.atom${lang}">Atom</a> · <a href="/status.json${lang}">JSON Feed</a>
        </p>
      </section>
      ${items.map((item) => itemSection(reader, item, status))}`,
  });
}

function itemSection(
  { language }: PageReader,
  item: StatusItem,
  words: { readonly since: string; readonly whole: string },
): Html {
  return html`<section>
    <h2>${item.title}</h2>
    <p class="soft">${words.since}: ${instantElement(language, item.updatedAt)}</p>
    <ul>
      ${item.lines.map((line) => html`<li>${withTime(language, line)}</li>`)}
    </ul>
    <p class="way"><a href="${new URL(item.url).pathname}?lang=${language}">${words.whole}</a></p>
  </section>`;
}

/** A line that begins with a time shows it as this reader's language writes it. */
function withTime(language: PageReader['language'], line: string): Html | string {
  const match = /^(\d{4}-\d{2}-\d{2}T[\d:.]+Z) (.*)$/.exec(line);
  return match === null ? line : html`${instantElement(language, new Date(match[1] ?? ''))}: ${match[2]}`;
}
