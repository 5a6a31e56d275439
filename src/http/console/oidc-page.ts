import { html } from 'hono/html';
import { addStrictHeaders } from '../page-headers.ts';
import type { Html } from '../public/page-layout.ts';
import { pageStyle } from '../public/page-style.ts';
import { plainPage } from './plain-page.ts';

export const addOidcHeaders = addStrictHeaders(pageStyle);

/** `answer`: the query with which the browser came back, as it is. */
export function continuePage(answer: string): Html {
  return plainPage(
    pageStyle,
    'Sign in',
    html`<h1>You are nearly in</h1>
      <section>
        <form method="post" action="/auth/oidc/callback">
          <input type="hidden" name="answer" value="${answer}" />
          <button type="submit">Go on to the console</button>
        </form>
      </section>`,
  );
}

export function refusedPage(words: string): Html {
  return plainPage(
    pageStyle,
    'Not signed in',
    html`<h1>You are not signed in</h1>
      <section class="wrong" role="alert"><p>${words}</p></section>
      <p><a href="/console">To the console</a> · <a href="/console/halt">HALT</a></p>`,
  );
}
