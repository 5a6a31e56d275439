import { html } from 'hono/html';
import type { UnfitPassword } from '../../app/recovery/set-new-password.ts';
import { instantElement } from './instant.ts';
import { backInSection } from './notice-page.ts';
import { pageLayout } from './page-layout.ts';
import type { Html, PageReader } from './page-layout.ts';
import { recoveryWords } from './recovery-words.ts';
import type { NotNow, RecoveryWords } from './recovery-words.ts';

export function askPage(reader: PageReader): Html {
  const words = wordsFor(reader);
  return pageLayout({
    ...reader,
    title: words.title,
    path: '/recover',
    body: html`<section>
      <h1>${words.title}</h1>
      <p>${words.intro}</p>
      ${askForm(reader, words)}
      <p class="soft">${words.whoFor}</p>
    </section>`,
  });
}

/** The same whoever asked, and whether or not there is a code: nothing here was looked up. */
export function codePage(reader: PageReader, isRefused: boolean): Html {
  const words = wordsFor(reader);
  return pageLayout({
    ...reader,
    title: words.codeTitle,
    path: '/recover/code',
    body: html`<section>
        <h1>${words.codeTitle}</h1>
        ${isRefused ? html`<p class="error" role="alert">${words.codeRefused}</p>` : html`<p>${words.codeSent}</p>`}
        ${codeForm(`/recover/code?lang=${reader.language}`, words, words.codeButton)}
      </section>
      <section>
        <h2>${words.noMail}</h2>
        <ul>
          ${words.noMailText.map((text) => html`<li>${text}</li>`)}
        </ul>
        <p class="way"><a href="/recover?lang=${reader.language}">${words.again}</a></p>
      </section>`,
  });
}

/** `unfit`: why what was typed cannot be used; `different`: the two were not the same. */
export function passwordPage(reader: PageReader, unfit: UnfitPassword | 'different' | null): Html {
  const words = wordsFor(reader);
  return pageLayout({
    ...reader,
    title: words.passwordTitle,
    path: '/recover/password',
    body: html`<section>
      <h1>${words.passwordTitle}</h1>
      ${unfit === null ? '' : html`<p class="error" role="alert">${unfit === 'different' ? words.different : words.unfit[unfit]}</p>`}
      <form method="post" action="/recover/password?lang=${reader.language}">
        <label for="password">${words.passwordLabel}</label>
        <input
          id="password"
          name="password"
          type="password"
          required
          autocomplete="new-password"
          aria-describedby="password-hint"
        />
        <p class="hint" id="password-hint">${words.passwordHint}</p>
        <label for="again">${words.passwordAgain}</label>
        <input id="again" name="again" type="password" required autocomplete="new-password" />
        <button>${words.passwordButton}</button>
      </form>
      <p class="soft">${words.after}</p>
    </section>`,
  });
}

export function waitingPage(reader: PageReader, opensAt: Date): Html {
  const words = wordsFor(reader);
  return pageLayout({
    ...reader,
    title: words.waitingTitle,
    path: '/recover/password',
    body: html`<section class="now checking">
      <h1>${words.waitingTitle}</h1>
      <dl>
        <dt>${words.waitingFrom}</dt>
        <dd>${instantElement(reader.language, opensAt)}</dd>
      </dl>
      ${words.waitingText.map((text) => html`<p>${text}</p>`)}
    </section>`,
  });
}

export function closedPage(reader: PageReader): Html {
  const words = wordsFor(reader);
  return pageLayout({
    ...reader,
    title: words.closedTitle,
    path: '/recover/password',
    body: html`<section>
      <h1>${words.closedTitle}</h1>
      <p>${words.closedText}</p>
      <p class="way"><a href="/recover?lang=${reader.language}">${words.again}</a></p>
    </section>`,
  });
}

export function donePage(reader: PageReader): Html {
  const words = wordsFor(reader);
  return pageLayout({
    ...reader,
    title: words.doneTitle,
    path: '/recover',
    body: html`<section class="now wrong">
      <h1>${words.doneTitle}</h1>
      ${words.doneText.map((text) => html`<p>${text}</p>`)}
    </section>`,
  });
}

export function stopPage(reader: PageReader, answer: 'asked' | 'refused' | 'stopped'): Html {
  const words = wordsFor(reader);
  const title = answer === 'stopped' ? words.stoppedTitle : words.stopTitle;
  return pageLayout({
    ...reader,
    title,
    path: '/recover/stop',
    body: html`<section>
      <h1>${title}</h1>
      ${
        answer === 'stopped'
          ? html`<p>${words.stoppedText}</p>`
          : html`${
              answer === 'refused'
                ? html`<p class="error" role="alert">${words.stopRefused}</p>`
                : html`<p>${words.stopText}</p>`
            }
            ${codeForm(`/recover/stop?lang=${reader.language}`, words, words.stopButton)}`
      }
    </section>`,
  });
}

export function notNowPage(reader: PageReader, path: string, why: NotNow): Html {
  const words = wordsFor(reader);
  return pageLayout({
    ...reader,
    title: words.notNowTitle,
    path,
    body: html`<section>
      <h1>${words.notNowTitle}</h1>
      <p role="alert">${words.notNow[why]}</p>
      <p class="way"><a href="${path}?lang=${reader.language}">${words.title}</a></p>
    </section>`,
  });
}

/** Where holders choose a new password on the service's own page. */
export function elsewherePage(reader: PageReader): Html {
  const words = wordsFor(reader);
  return pageLayout({
    ...reader,
    title: words.title,
    path: '/recover',
    body: html`<section>
        <h1>${words.title}</h1>
        <p>${words.elsewhere}</p>
      </section>
      ${backInSection(reader)}`,
  });
}

function askForm(reader: PageReader, words: RecoveryWords): Html {
  return html`<form method="post" action="/recover?lang=${reader.language}">
    <label for="address">${words.address}</label>
    <input
      id="address"
      name="address"
      required
      maxlength="320"
      inputmode="email"
      autocomplete="username"
      autocapitalize="none"
      spellcheck="false"
    />
    <button>${words.ask}</button>
  </form>`;
}

function codeForm(action: string, words: RecoveryWords, button: string): Html {
  return html`<form method="post" action="${action}">
    <label for="code">${words.codeLabel}</label>
    <input
      id="code"
      name="code"
      required
      maxlength="20"
      autocomplete="one-time-code"
      autocapitalize="characters"
      spellcheck="false"
      aria-describedby="code-hint"
    />
    <p class="hint" id="code-hint">${words.codeHint}</p>
    <button>${button}</button>
  </form>`;
}

function wordsFor(reader: PageReader): RecoveryWords {
  return recoveryWords[reader.language](reader.service);
}
