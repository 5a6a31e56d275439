import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import { addStrictHeaders, strictHeaders, styleElement } from '../page-headers.ts';
import { languageNames, pageLanguages } from './page-language.ts';
import type { PageLanguage } from './page-language.ts';
import { pageStyle } from './page-style.ts';

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

export const addPageHeaders = addStrictHeaders(pageStyle);
export const pageHeaders = strictHeaders(pageStyle);
export const pageType = 'text/html; charset=UTF-8';

const style = styleElement(pageStyle);

export interface PageReader {
  readonly language: PageLanguage;
  /** The service's name, as holders know it. */
  readonly service: string;
  readonly recoveryUrl: string | null;
  /** It is a page of ours. */
  readonly isRecoveryHosted: boolean;
}

interface Page extends PageReader {
  readonly title: string;
  /** Where the same page is in another language. */
  readonly path: string;
  readonly body: Html;
  /** Further links of the head. */
  readonly head?: Html;
}

export function pageLayout({ language, service, title, path, body, head }: Page): Html {
  const languages = pageLanguages.map((one) => {
    const name = languageNames[one];
    return one === language
      ? html`<span lang="${one}" aria-current="true">${name}</span>`
      : html`<a lang="${one}" hreflang="${one}" href="${path}?lang=${one}">${name}</a>`;
  });
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        ${head ?? ''} ${style}
      </head>
      <body>
        <header>
          <strong>${service}</strong>
          <nav>${languages}</nav>
        </header>
        <main>${body}</main>
      </body>
    </html>`;
}
