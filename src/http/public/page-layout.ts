import { createHash } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { html, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import { languageNames, pageLanguages } from './page-language.ts';
import type { PageLanguage } from './page-language.ts';
import { pageStyle } from './page-style.ts';

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** Whole and raw: one blank more between its tags, and the digest in the header would forbid it. */
const styleElement = raw(`<style>${pageStyle}</style>`);
const styleDigest = createHash('sha256').update(pageStyle).digest('base64');

/** No script, no frame, no other host. Nothing of the address goes on to the next page, and nothing is stored. */
const pageHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${styleDigest}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Robots-Tag': 'noindex',
  'Cache-Control': 'no-store',
};

export const addPageHeaders: MiddlewareHandler = async (c, next) => {
  await next();
  for (const [name, value] of Object.entries(pageHeaders)) c.header(name, value);
};

export interface PageReader {
  readonly language: PageLanguage;
  /** The service's name, as holders know it. */
  readonly service: string;
  readonly recoveryUrl: string | null;
}

interface Page extends PageReader {
  readonly title: string;
  /** Where the same page is in another language. */
  readonly path: string;
  readonly body: Html;
}

export function pageLayout({ language, service, title, path, body }: Page): Html {
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
        ${styleElement}
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
