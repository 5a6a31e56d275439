import { html } from 'hono/html';
import { styleElement } from '../page-headers.ts';
import type { Html } from '../public/page-layout.ts';

/** A page of the console that works with scripts off. The style is the one whose digest its headers name. */
export function plainPage(style: string, title: string, body: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        ${styleElement(style)}
      </head>
      <body>
        <header>
          <strong>Allclear</strong>
          <nav><a href="/console">Console</a></nav>
        </header>
        <main>${body}</main>
      </body>
    </html>`;
}
