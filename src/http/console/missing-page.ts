import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import { addStrictHeaders, styleElement } from '../page-headers.ts';

const missingStyle = `
:root { color-scheme: light dark; }
body { font: 1.0625rem/1.6 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; }
code, pre { font-family: ui-monospace, monospace; font-size: .95em; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid #8a97a3; border-radius: .5rem; padding: 1rem; }
`;

export const addMissingHeaders = addStrictHeaders(missingStyle);

/** What stands at /console while there is no built one: why, what to do, and what works all the same. */
export function missingPage(why: string): HtmlEscapedString | Promise<HtmlEscapedString> {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>The console is not here</title>
        ${styleElement(missingStyle)}
      </head>
      <body>
        <main>
          <h1>The console is not here</h1>
          <p>This server runs, and has no built console to show. Everything else works without it:</p>
          <ul>
            <li><a href="/console/halt">Halt</a>, on a plain page; or <code>allclear halt</code> in a terminal</li>
            <li>every verb of the command line: <code>allclear --help</code></li>
            <li><a href="/docs">the API</a></li>
          </ul>
          <p>
            To have the console, build it with <code>npm run console</code> and start the server anew.
            <code>npm start</code> does both.
          </p>
          <h2>Why it is not here</h2>
          <pre>${why}</pre>
        </main>
      </body>
    </html>`;
}
