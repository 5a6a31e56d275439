import { html } from 'hono/html';
import { checkWords } from './check-words.ts';
import { deskWords } from './desk-words.ts';
import type { DeskWords } from './desk-words.ts';
import { noticeWords } from './notice-words.ts';
import { pageLayout } from './page-layout.ts';
import type { Html, PageReader } from './page-layout.ts';

/** Where everything public begins; operators find their own doors at its end. */
export function homePage(reader: PageReader): Html {
  const { home } = wordsFor(reader);
  return pageLayout({
    ...reader,
    title: home.title,
    path: '/',
    body: html`<section>
        <h1>${home.title}</h1>
        <p>${home.intro}</p>
        ${waysList(reader)}
      </section>
      <p class="soft">${home.operators}: <a href="/console">${home.console}</a> · <a href="/docs">${home.docs}</a></p>`,
  });
}

/** For an address at which nothing is: a link that was cut, or one typed from a sheet of paper. It names no address. */
export function nowherePage(reader: PageReader): Html {
  const { home } = wordsFor(reader);
  return pageLayout({
    ...reader,
    title: home.nowhere,
    path: '',
    body: html`<section>
      <h1>${home.nowhere}</h1>
      <p>${home.nowhereText}</p>
      ${waysList(reader)}
    </section>`,
  });
}

function waysList(reader: PageReader): Html {
  const { home } = wordsFor(reader);
  const ways: readonly (readonly [string, string, string])[] = [
    ['/notices', home.check, home.checkText],
    ['/recover', home.recover, home.recoverText],
    ['/my-status', home.mine, home.mineText],
    ['/appeal', home.appeal, home.appealText],
    ['/status', home.status, home.statusText],
  ];
  return html`<ul class="ways">
    ${ways.map(
      ([path, name, text]) =>
        html`<li><a href="${path}?lang=${reader.language}">${name}</a><br /><span class="soft">${text}</span></li>`,
    )}
  </ul>`;
}

export function appealPage(reader: PageReader): Html {
  const { appeal } = wordsFor(reader);
  const said = noticeWords[reader.language](reader.service);
  return pageLayout({
    ...reader,
    title: appeal.title,
    path: '/appeal',
    body: html`<section>
      <h1>${appeal.title}</h1>
      <p>${appeal.intro}</p>
      <form method="post" action="/appeal?lang=${reader.language}">
        <label for="number">${said.numberLabel}</label>
        <input
          id="number"
          name="number"
          required
          maxlength="300"
          autocomplete="off"
          autocapitalize="characters"
          spellcheck="false"
          aria-describedby="number-hint"
        />
        <p class="hint" id="number-hint">${said.numberHint}</p>
        <label for="address">${said.addressLabel}</label>
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
        <label for="words">${appeal.words}</label>
        <textarea id="words" name="words" maxlength="1000" aria-describedby="words-hint"></textarea>
        <p class="hint" id="words-hint">${appeal.wordsHint}</p>
        <button>${appeal.button}</button>
      </form>
      <p class="soft">${appeal.unlocksNothing}</p>
    </section>`,
  });
}

/** The same whether or not there is such a notice. */
export function appealTakenPage(reader: PageReader): Html {
  const { appeal } = wordsFor(reader);
  return takenPage(reader, '/appeal', appeal.taken, appeal.takenText);
}

export function myStatusPage(reader: PageReader): Html {
  const { mine, home } = wordsFor(reader);
  return pageLayout({
    ...reader,
    title: mine.title,
    path: '/my-status',
    body: html`<section>
        <h1>${mine.title}</h1>
        <p>${mine.intro}</p>
        <form method="post" action="/my-status?lang=${reader.language}">
          <label for="address">${mine.address}</label>
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
          <button>${mine.button}</button>
        </form>
      </section>
      <section>
        <p>${mine.withNumber} <a href="/notices?lang=${reader.language}">${home.check}</a></p>
      </section>`,
  });
}

/** The same for every address. */
export function myStatusTakenPage(reader: PageReader): Html {
  const { mine } = wordsFor(reader);
  return takenPage(reader, '/my-status', mine.taken, mine.takenText);
}

/** From a checked notice to a person. */
export function appealLink(reader: PageReader): Html {
  return html`<p class="way"><a href="/appeal?lang=${reader.language}">${wordsFor(reader).appeal.link}</a></p>`;
}

/** Nothing was done; why is the same for everybody. */
export function deskNotNowPage(reader: PageReader, path: string, why: string): Html {
  const title = checkWords[reader.language].notNow;
  return pageLayout({
    ...reader,
    title,
    path,
    body: html`<section>
      <h1>${title}</h1>
      <p role="alert">${why}</p>
    </section>`,
  });
}

function takenPage(reader: PageReader, path: string, title: string, texts: readonly string[]): Html {
  return pageLayout({
    ...reader,
    title,
    path,
    body: html`<section>
      <h1>${title}</h1>
      ${texts.map((text) => html`<p>${text}</p>`)}
    </section>`,
  });
}

function wordsFor(reader: PageReader): DeskWords {
  return deskWords[reader.language](reader.service);
}
