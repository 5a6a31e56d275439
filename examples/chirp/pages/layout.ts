import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

export interface Viewer {
  readonly name: string;
}

export interface Page {
  readonly title: string;
  readonly viewer: Viewer | null;
  readonly body: Html;
}

export function layout(page: Page): Html {
  const navigation =
    page.viewer === null
      ? html`<a href="/sign-in">Sign in</a> <a class="button" href="/sign-up">Sign up</a>`
      : html`<a href="/settings">${page.viewer.name}</a>
          <form method="post" action="/sign-out"><button class="quiet">Sign out</button></form>`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${page.title} · Chirp</title>
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <header>
          <a class="brand" href="/">Chirp</a>
          <nav aria-label="Account">${navigation}</nav>
        </header>
        <main>${page.body}</main>
        <footer>Chirp is the sample service of Allclear. Nobody here is real.</footer>
      </body>
    </html>`;
}
