import { html } from 'hono/html';
import type { PageLanguage } from './page-language.ts';
import type { Html } from './page-layout.ts';

/** To the minute, in UTC and saying so, as in the mails: we do not know where the reader is. */
export function instantElement(language: PageLanguage, at: Date): Html {
  const words = new Intl.DateTimeFormat(language, {
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: 'UTC',
    timeZoneName: 'short',
  }).format(at);
  return html`<time datetime="${at.toISOString()}">${words}</time>`;
}
